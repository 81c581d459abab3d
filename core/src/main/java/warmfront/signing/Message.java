package warmfront.signing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import warmfront.http.Fields;

/**
 * A request as its signature sees it.
 *
 * @param method the method
 * @param path the raw path as on the wire, begins with {@code /}
 * @param query the raw query as on the wire, without {@code ?}; empty without one
 * @param fields the fields, Host among them
 * @param payloadHash SHA-256 of the body in lower-case hex, or {@link #UNSIGNED_PAYLOAD} if the
 *     body was not hashed
 */
public record Message(String method, String path, String query, Fields fields, String payloadHash) {
  /** Stands in the place of the hash when the body is not part of the signature. */
  public static final String UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD";

  private static final int HASHED_AT_ONCE = 65_536;

  /** The hash of no bytes. */
  public static final String EMPTY_PAYLOAD =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  public Message {
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("a path begins with /: " + path);
    }
  }

  /** Returns the hash of a body, as {@link #payloadHash} wants it. */
  public static String hash(byte[] body) {
    return HexFormat.of().formatHex(sha256().digest(body));
  }

  /** Returns the hash of a body that is read to its end, which the caller closes. */
  public static String hash(InputStream body) throws IOException {
    MessageDigest digest = sha256();
    byte[] part = new byte[HASHED_AT_ONCE];
    for (int read = body.read(part); read >= 0; read = body.read(part)) {
      digest.update(part, 0, read);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  static String hash(String text) {
    return hash(text.getBytes(StandardCharsets.UTF_8));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new LinkageError("every JDK has SHA-256", e);
    }
  }
}
