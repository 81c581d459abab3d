package warmfront.edge.origin;

import java.util.List;
import java.util.Locale;
import warmfront.edge.step.Internal;
import warmfront.http.FieldNames;
import warmfront.http.Fields;

/** Leaves only the fields that are for the other end (RFC 9110, 7.6.1). */
final class EndToEnd {
  private static final FieldNames OF_CONNECTION =
      FieldNames.of(
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
  private static final FieldNames OF_REQUEST = FieldNames.of("host", "expect");
  private static final FieldNames OF_RESPONSE = FieldNames.of();

  private static final FieldNames BEFORE_BODY =
      FieldNames.of(
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
    return without(fields, OF_RESPONSE);
  }

  /**
   * Returns those of the fields after a body that may stand there (RFC 9110, section 6.5.1): not
   * what says how to read, keep or guard what came before, nor what edges alone say.
   */
  static Fields ofTrailers(Fields fields) {
    return without(fields, BEFORE_BODY).without(Internal::is);
  }

  private static Fields without(Fields fields, FieldNames more) {
    FieldNames options = FieldNames.of(connectionOptions(fields));
    return fields.without(name -> OF_CONNECTION.has(name) || more.has(name) || options.has(name));
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
