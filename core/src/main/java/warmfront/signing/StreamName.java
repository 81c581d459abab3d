package warmfront.signing;

import java.util.List;

/**
 * The name of a stream as a player gives it: {@code mp4:videos/film.mp4?Expires=...}. Some players
 * for Flash escape the query's marks ({@code %3F %3D %26}), which is understood.
 *
 * @param prefix {@code mp4}, {@code mp3}, {@code flv} or empty
 * @param path the name without prefix and query
 * @param query the query without the signature's parameters and without its question mark
 * @param presented what the signature's parameters say
 */
public record StreamName(String prefix, String path, String query, Presented presented) {
  private static final List<String> PREFIXES = List.of("mp4", "mp3", "flv");
  private static final String ESCAPED_MARK = "%3F";

  /** Takes a name apart; each text is a name. */
  public static StreamName of(String text) {
    int colon = text.indexOf(':');
    String prefix = colon > 0 && PREFIXES.contains(text.substring(0, colon)) ? prefix(text) : "";
    String name = prefix.isEmpty() ? text : text.substring(colon + 1);
    int mark = name.indexOf('?');
    int escaped = mark < 0 ? indexOfEscaped(name) : -1;
    if (mark < 0 && escaped < 0) {
      return new StreamName(prefix, name, "", new Presented.Nothing());
    }
    SignedQuery query =
        SignedQuery.of(
            mark >= 0
                ? name.substring(mark + 1)
                : unescape(name.substring(escaped + ESCAPED_MARK.length())));
    String path = name.substring(0, Math.max(mark, escaped));
    return new StreamName(prefix, path, query.rest(), query.presented());
  }

  private static String prefix(String text) {
    return text.substring(0, text.indexOf(':'));
  }

  private static int indexOfEscaped(String name) {
    int upper = name.indexOf(ESCAPED_MARK);
    return upper >= 0 ? upper : name.indexOf("%3f");
  }

  private static String unescape(String query) {
    return query.replace("%3D", "=").replace("%3d", "=").replace("%26", "&");
  }

  /** Returns it as policies name it. */
  public SignedResource.Stream resource() {
    return new SignedResource.Stream(path, prefix.isEmpty() ? ".flv" : "." + prefix, query);
  }
}
