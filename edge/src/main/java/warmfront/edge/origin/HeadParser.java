package warmfront.edge.origin;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import warmfront.edge.step.Reason;
import warmfront.http.Fields;

/**
 * Reads the status line and header of an answer (RFC 9112, 4 and 5). One for each connection,
 * {@link #begin begun} anew for each head.
 */
final class HeadParser {
  private static final byte[] HTTP_1 = "HTTP/1.".getBytes(StandardCharsets.US_ASCII);

  private final Limits.Wire limits;
  private final LineReader lines;
  private final Texts texts;
  private final List<String> fields = new ArrayList<>(32);
  private int status;
  private int minor;

  /** What came of the bytes so far. */
  sealed interface Parsed {
    /** The head is not complete. */
    record Partial() implements Parsed {}

    /** It is; what follows it is still in the buffer. */
    record Complete(AnswerHead head) implements Parsed {}

    /** It is none. */
    record Invalid(Reason reason, String why) implements Parsed {}
  }

  HeadParser(Limits.Wire limits, Texts texts) {
    this.limits = limits;
    this.texts = texts;
    this.lines = new LineReader(limits.headBytes());
  }

  /** Makes ready for a head. */
  void begin() {
    lines.allow(limits.headBytes());
    fields.clear();
    status = 0;
  }

  Parsed parse(ByteBuf in) {
    while (true) {
      if (!lines.read(in)) {
        return unfinished();
      }
      if (status == 0) {
        if (!readStatus(lines.bytes(), lines.length())) {
          return invalid("the status line is not one of HTTP/1.1 or HTTP/1.0");
        }
      } else if (lines.length() == 0) {
        return new Parsed.Complete(new AnswerHead(status, minor, Fields.checked(fields)));
      } else if (fields.size() >= 2 * limits.fields()) {
        return new Parsed.Invalid(
            Reason.ORIGIN_HEADER_TOO_LARGE, "more than " + limits.fields() + " header fields");
      } else if (!readField(lines.bytes(), lines.length())) {
        return invalid("a header field is not name: value");
      }
    }
  }

  private Parsed unfinished() {
    LineReader.@Nullable Fault fault = lines.fault();
    if (fault == null) {
      return new Parsed.Partial();
    }
    return switch (fault) {
      case TOO_LONG ->
          new Parsed.Invalid(
              Reason.ORIGIN_HEADER_TOO_LARGE,
              "the header is longer than " + limits.headBytes() + " bytes");
      case MALFORMED -> invalid("the header has a control character or a line without CR LF");
    };
  }

  private static Parsed invalid(String why) {
    return new Parsed.Invalid(Reason.ORIGIN_INVALID, why);
  }

  // many servers leave out the blank that should follow the code
  private boolean readStatus(byte[] line, int length) {
    if (length < 12 || (length > 12 && line[12] != ' ') || !isVersion(line)) {
      return false;
    }
    minor = line[7] - '0';
    for (int i = 9; i < 12; i++) {
      int digit = line[i] - '0';
      if (digit < 0 || digit > 9) {
        return false;
      }
      status = 10 * status + digit;
    }
    return status >= 100 && status <= 599;
  }

  private static boolean isVersion(byte[] line) {
    for (int i = 0; i < HTTP_1.length; i++) {
      if (line[i] != HTTP_1[i]) {
        return false;
      }
    }
    return (line[7] == '0' || line[7] == '1') && line[8] == ' ';
  }

  // no blank before the colon, no folded lines (RFC 9112, 5.1 and 5.2)
  private boolean readField(byte[] line, int length) {
    int colon = 0;
    while (colon < length && Fields.isTokenChar(line[colon])) {
      colon++;
    }
    if (colon == 0 || colon == length || line[colon] != ':') {
      return false;
    }
    int from = colon + 1;
    int to = length;
    while (from < to && isBlank(line[from])) {
      from++;
    }
    while (to > from && isBlank(line[to - 1])) {
      to--;
    }
    fields.add(texts.text(line, 0, colon));
    fields.add(texts.text(line, from, to)); // of which the reader has taken control characters out
    return true;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }
}
