package warmfront.edge.origin;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import warmfront.edge.step.Reason;
import warmfront.http.Fields;

/** Reads the status line and header of an answer (RFC 9112, 4 and 5). One for each head. */
final class HeadParser {
  private final Limits.Wire limits;
  private final LineReader lines;
  private final Fields.Builder fields = Fields.builder();
  private int count;
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

  HeadParser(Limits.Wire limits) {
    this.limits = limits;
    this.lines = new LineReader(limits.headBytes());
  }

  Parsed parse(ByteBuf in) {
    while (true) {
      @Nullable String line = lines.next(in);
      if (line == null) {
        return unfinished();
      }
      if (status == 0) {
        if (!readStatus(line)) {
          return invalid("the status line is not one of HTTP/1.1 or HTTP/1.0");
        }
      } else if (line.isEmpty()) {
        return new Parsed.Complete(new AnswerHead(status, minor, fields.build()));
      } else if (++count > limits.fields()) {
        return new Parsed.Invalid(
            Reason.ORIGIN_HEADER_TOO_LARGE, "more than " + limits.fields() + " header fields");
      } else if (!readField(line)) {
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
  private boolean readStatus(String line) {
    boolean version = line.startsWith("HTTP/1.1 ") || line.startsWith("HTTP/1.0 ");
    if (!version || line.length() < 12 || (line.length() > 12 && line.charAt(12) != ' ')) {
      return false;
    }
    minor = line.charAt(7) - '0';
    for (int i = 9; i < 12; i++) {
      int digit = line.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return false;
      }
      status = 10 * status + digit;
    }
    return status >= 100 && status <= 599;
  }

  // no blank before the colon, no folded lines (RFC 9112, 5.1 and 5.2)
  private boolean readField(String line) {
    int colon = line.indexOf(':');
    if (colon < 1 || !Fields.isToken(line.substring(0, colon))) {
      return false;
    }
    int from = colon + 1;
    int to = line.length();
    while (from < to && isBlank(line.charAt(from))) {
      from++;
    }
    while (to > from && isBlank(line.charAt(to - 1))) {
      to--;
    }
    fields.add(line.substring(0, colon), line.substring(from, to));
    return true;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
