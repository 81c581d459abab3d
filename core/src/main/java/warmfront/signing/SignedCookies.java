package warmfront.signing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Cookies, taken apart into those that a signature sets and those of the application. Their names
 * are those of the parameters of a signed URL behind {@code CloudFront-} (CloudFront, "Using signed
 * cookies").
 *
 * @param rest the lines of Cookie without the signature's, in the order and spelling they came in;
 *     those of which nothing is left are not there
 * @param presented what the signature's cookies say
 */
public record SignedCookies(List<String> rest, Presented presented) {
  private static final String PREFIX = "CloudFront-";

  public SignedCookies {
    rest = List.copyOf(rest);
  }

  /**
   * Takes cookies apart.
   *
   * @param lines the values of Cookie (RFC 6265, section 5.4)
   */
  public static SignedCookies of(List<String> lines) {
    Map<String, String> ours = new HashMap<>();
    List<String> rest = new ArrayList<>();
    boolean twice = false;
    for (String line : lines) {
      List<String> others = new ArrayList<>();
      for (String pair : line.split(";", -1)) {
        String cookie = pair.strip();
        int equals = cookie.indexOf('=');
        String name = equals < 0 ? "" : cookie.substring(0, equals);
        if (name.startsWith(PREFIX) && Parameters.NAMES.contains(name.substring(PREFIX.length()))) {
          String before = ours.put(name.substring(PREFIX.length()), cookie.substring(equals + 1));
          twice |= before != null;
        } else if (!cookie.isEmpty()) {
          others.add(cookie);
        }
      }
      if (!others.isEmpty()) {
        rest.add(String.join("; ", others));
      }
    }
    return new SignedCookies(rest, twice ? Parameters.TWICE : Parameters.presented(ours));
  }
}
