package warmfront.app.apply;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server refused a call. */
final class RefusedException extends ApplyException {
  private static final long serialVersionUID = 1L;

  private static final Pattern CODE = Pattern.compile("<Code>([^<]*)</Code>");
  private static final Pattern MESSAGE = Pattern.compile("<Message>([^<]*)</Message>");

  private final int status;

  private RefusedException(String message, int status) {
    super(message);
    this.status = status;
  }

  /**
   * Makes one of an answer.
   *
   * @param what the call
   * @param answer whose body is an error document of AWS's form, or none
   */
  static RefusedException of(String what, HttpResponse<byte[]> answer) {
    String body = new String(answer.body(), UTF_8);
    String reason = (first(CODE, body) + " " + first(MESSAGE, body)).strip();
    return new RefusedException(
        "%s: %d %s".formatted(what, answer.statusCode(), reason).strip(), answer.statusCode());
  }

  /** Returns whether what was asked for is not there. */
  boolean isMissing() {
    return status == 404;
  }

  /** Returns whether the server has done nothing of what it was asked; else nobody knows. */
  boolean isFinal() {
    return status < 500 || isNotImplemented();
  }

  /** Returns whether the server cannot do such a thing at all. */
  boolean isNotImplemented() {
    return status == 501;
  }

  private static String first(Pattern pattern, String body) {
    Matcher found = pattern.matcher(body);
    return found.find()
        ? found
            .group(1)
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&#13;", "\r")
            .replace("&amp;", "&")
        : "";
  }
}
