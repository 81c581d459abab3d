package warmfront.control.api.iam;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Writes answers: elements with texts in them, and what XML has for the letters that it uses. */
final class Document {
  private static final String NAMESPACE = "https://iam.amazonaws.com/doc/2010-05-08/";

  private final StringBuilder text = new StringBuilder();

  /** Returns an answer to an action. */
  static String answer(String action, Document result, String requestId) {
    Document all = new Document();
    all.text.append("<%sResponse xmlns=\"%s\">".formatted(action, NAMESPACE));
    if (!result.text.isEmpty()) {
      all.in(action + "Result", result);
    }
    all.in("ResponseMetadata", new Document().add("RequestId", requestId));
    return all.text.append("</%sResponse>".formatted(action)).toString();
  }

  /** Returns an error. */
  static String error(IamRefused refused, String requestId) {
    Document all = new Document();
    all.text.append("<ErrorResponse xmlns=\"%s\">".formatted(NAMESPACE));
    all.in(
        "Error",
        new Document()
            .add("Type", refused.status() < 500 ? "Sender" : "Receiver")
            .add("Code", refused.code())
            .add("Message", refused.message()));
    return all.add("RequestId", requestId).text.append("</ErrorResponse>").toString();
  }

  /** Adds an element with a text. */
  Document add(String name, String value) {
    text.append('<').append(name).append('>');
    value
        .codePoints()
        .forEach(c -> {
          switch (c) {
            case '&' -> text.append("&amp;");
            case '<' -> text.append("&lt;");
            case '>' -> text.append("&gt;");
            default -> text.appendCodePoint(isText(c) ? c : '?');
          }
        });
    text.append("</").append(name).append('>');
    return this;
  }

  /** What XML 1.0 can say (section 2.2). */
  private static boolean isText(int c) {
    return c == '\t' || c == '\n' || c == '\r' || (c >= ' ' && c != 0xFFFE && c != 0xFFFF);
  }

  /** Adds an element with a time, to the second. */
  Document add(String name, Instant time) {
    return add(name, time.truncatedTo(ChronoUnit.SECONDS).toString());
  }

  /** Adds an element with others in it. */
  Document in(String name, Document inner) {
    text.append('<').append(name).append('>').append(inner.text);
    text.append("</").append(name).append('>');
    return this;
  }
}
