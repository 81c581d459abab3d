package warmfront.edge.encryption;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import warmfront.edge.step.Encrypted.Status;
import warmfront.edge.step.Encryption.Profile;
import warmfront.edge.step.Encryption.Recipient;

/**
 * A form as {@code application/x-www-form-urlencoded} (WHATWG URL, section 5.1), rewritten: the
 * value of each field that a profile names, decoded, becomes an encrypted message in Base64. All
 * else stays as it came. Not thread-safe.
 */
final class Form {
  /** CloudFront's quota of fields in a body that is looked at. */
  static final int FIELDS_MAX = 10;

  /** CloudFront's quota of a field that is encrypted, in bytes. */
  static final int FIELD_BYTES_MAX = 16 << 10;

  private final byte[] body;
  private final Profile profile;
  private final SecureRandom random;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private int encrypted;

  /** What became of it. */
  sealed interface Rewritten {
    /** The new body, and how many of its fields are encrypted. */
    final class Done implements Rewritten {
      private final byte[] body;
      private final int fields;

      private Done(byte[] body, int fields) {
        this.body = body;
        this.fields = fields;
      }

      byte[] body() {
        return body;
      }

      int fields() {
        return fields;
      }
    }

    /** It is not taken. */
    record Refused(Status status, String detail) implements Rewritten {}
  }

  /** What is wrong with it. */
  private static final class Wrong extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Rewritten.Refused refusal;

    Wrong(Status status, String detail) {
      super(detail, null, false, false);
      this.refusal = new Rewritten.Refused(status, detail);
    }
  }

  private Form(byte[] body, Profile profile, SecureRandom random) {
    this.body = body;
    this.profile = profile;
    this.random = random;
  }

  /** Rewrites a form. */
  static Rewritten rewrite(byte[] body, Profile profile, SecureRandom random) {
    Form form = new Form(body, profile, random);
    try {
      form.fields();
    } catch (Wrong wrong) {
      return wrong.refusal;
    }
    return new Rewritten.Done(form.out.toByteArray(), form.encrypted);
  }

  private void fields() throws Wrong {
    int fields = 0;
    int from = 0;
    while (from <= body.length) {
      int end = find('&', from, body.length);
      if (end > from) {
        fields++;
        if (fields > FIELDS_MAX) {
          throw new Wrong(
              Status.FIELD_NUMBER_LIMIT,
              "A form has at most %d fields here.".formatted(FIELDS_MAX));
        }
        field(from, end);
      }
      if (end < body.length) {
        out.write('&');
      }
      from = end + 1;
    }
  }

  private void field(int from, int end) throws Wrong {
    int equals = find('=', from, end);
    String name = new String(decoded(from, equals), StandardCharsets.ISO_8859_1);
    byte[] value = decoded(Math.min(equals + 1, end), end);
    Optional<Recipient> recipient = profile.of(name);
    if (recipient.isEmpty() || equals == end) {
      out.write(body, from, end - from);
      return;
    }
    if (value.length > FIELD_BYTES_MAX) {
      throw new Wrong(
          Status.FIELD_LENGTH_LIMIT,
          "A field that is encrypted has at most %d bytes.".formatted(FIELD_BYTES_MAX));
    }
    out.write(body, from, equals + 1 - from);
    write(Base64.getEncoder().encode(EncryptedMessage.of(value, recipient.get(), random)));
    encrypted++;
  }

  /** Writes Base64, of which a form has three characters encoded. */
  private void write(byte[] base64) {
    for (byte b : base64) {
      switch (b) {
        case '+' -> out.writeBytes(new byte[] {'%', '2', 'B'});
        case '/' -> out.writeBytes(new byte[] {'%', '2', 'F'});
        case '=' -> out.writeBytes(new byte[] {'%', '3', 'D'});
        default -> out.write(b);
      }
    }
  }

  private byte[] decoded(int from, int end) throws Wrong {
    ByteArrayOutputStream decoded = new ByteArrayOutputStream(end - from);
    for (int at = from; at < end; at++) {
      if (body[at] == '+') {
        decoded.write(' ');
      } else if (body[at] == '%') {
        decoded.write(digit(at + 1, end) << 4 | digit(at + 2, end));
        at += 2;
      } else {
        decoded.write(body[at]);
      }
    }
    return decoded.toByteArray();
  }

  private int digit(int at, int end) throws Wrong {
    int digit = at < end ? Character.digit(body[at], 16) : -1;
    if (digit < 0) {
      throw new Wrong(
          Status.MALFORMED_INPUT, "The form has a percent sign without two hexadecimal digits.");
    }
    return digit;
  }

  private int find(char wanted, int from, int end) {
    int at = from;
    while (at < end && body[at] != wanted) {
      at++;
    }
    return at;
  }
}
