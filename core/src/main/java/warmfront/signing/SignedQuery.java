package warmfront.signing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A query, taken apart into the parameters that a signature adds and those of the application.
 *
 * @param rest the query without the signature's parameters, in the order and spelling it came in
 * @param presented what the signature's parameters say
 */
public record SignedQuery(String rest, Presented presented) {
  /** Takes a query apart, without its question mark. */
  public static SignedQuery of(String query) {
    Map<String, String> ours = new HashMap<>();
    List<String> rest = new ArrayList<>();
    boolean twice = false;
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      if (Parameters.NAMES.contains(name)) {
        twice |= ours.put(name, pair.substring(equals + 1)) != null;
      } else {
        rest.add(pair);
      }
    }
    return new SignedQuery(
        String.join("&", rest), twice ? Parameters.TWICE : Parameters.presented(ours));
  }
}
