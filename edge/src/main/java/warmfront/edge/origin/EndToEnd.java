package warmfront.edge.origin;

import java.util.List;
import java.util.Locale;
import warmfront.edge.step.Internal;
import warmfront.http.Fields;

/** Leaves only the fields that are for the other end (RFC 9110, 7.6.1). */
final class EndToEnd {
  private static final List<String> OF_CONNECTION =
      List.of(
          "connection",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authentication-info",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "content-length");
  private static final List<String> OF_REQUEST = List.of("host", "expect");

  private static final List<String> BEFORE_BODY =
      List.of(
          "age",
          "authorization",
          "cache-control",
          "content-encoding",
          "content-range",
          "content-type",
          "cookie",
          "date",
          "expires",
          "host",
          "location",
          "retry-after",
          "set-cookie",
          "vary",
          "via",
          "www-authenticate");

  private EndToEnd() {}

  /** Returns the fields without those of framing and connection, Host and Expect. */
  static Fields ofRequest(Fields fields) {
    return without(fields, OF_REQUEST);
  }

  /** Returns the fields without those of framing and connection. */
  static Fields ofResponse(Fields fields) {
    return without(fields, List.of());
  }

  /**
   * Returns those of the fields after a body that may stand there (RFC 9110, section 6.5.1): not
   * what says how to read, keep or guard what came before, nor what edges alone say.
   */
  static Fields ofTrailers(Fields fields) {
    return without(fields, BEFORE_BODY).without(Internal::is);
  }

  private static Fields without(Fields fields, List<String> more) {
    List<String> options = connectionOptions(fields);
    return fields.without(
        name -> isIn(OF_CONNECTION, name) || isIn(more, name) || isIn(options, name));
  }

  private static boolean isIn(List<String> names, String name) {
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).equalsIgnoreCase(name)) {
        return true;
      }
    }
    return false;
  }

  /** Returns what Connection lists, in lower case. */
  static List<String> connectionOptions(Fields fields) {
    if (!fields.has("Connection")) {
      return List.of();
    }
    return fields.all("Connection").stream()
        .flatMap(value -> List.of(value.split(",")).stream())
        .map(option -> option.trim().toLowerCase(Locale.ROOT))
        .toList();
  }
}
