package warmfront.edge.origin;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import warmfront.http.Fields;

/** Leaves only the fields that are for the other end (RFC 9110, 7.6.1). */
final class EndToEnd {
  private static final Set<String> OF_CONNECTION =
      Set.of(
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
  private static final Set<String> OF_REQUEST = Set.of("host", "expect");

  private EndToEnd() {}

  /** Returns the fields without those of framing and connection, Host and Expect. */
  static Fields ofRequest(Fields fields) {
    return without(fields, OF_REQUEST);
  }

  /** Returns the fields without those of framing and connection. */
  static Fields ofResponse(Fields fields) {
    return without(fields, Set.of());
  }

  private static Fields without(Fields fields, Set<String> more) {
    Set<String> gone = new HashSet<>(more);
    gone.addAll(OF_CONNECTION);
    gone.addAll(connectionOptions(fields));
    return fields.edit().removeIf(name -> gone.contains(name.toLowerCase(Locale.ROOT))).build();
  }

  /** Returns what Connection lists, in lower case. */
  static List<String> connectionOptions(Fields fields) {
    return fields.all("Connection").stream()
        .flatMap(value -> List.of(value.split(",")).stream())
        .map(option -> option.trim().toLowerCase(Locale.ROOT))
        .toList();
  }
}
