package warmfront.streaming.play;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import warmfront.streaming.rtmp.Command;

/**
 * What a client connects to: tcUrl and app of its connect command (RTMP 1.0, section 7.2.1.1).
 *
 * @param text the URI without its query
 * @param query what follows the question mark; empty if nothing
 * @param host in lower case, without port, brackets and the dot at the end
 * @param application the first segment of the application's name, as {@code cfx}
 * @param instance the rest of it, as {@code st}; empty if there is none
 */
record ConnectUri(String text, String query, String host, String application, String instance) {
  /** The longest URI, in characters: it may carry a token of the application's own. */
  static final int LENGTH_MAX = 4096;

  private static final Set<String> SCHEMES =
      Set.of("rtmp", "rtmpt", "rtmpe", "rtmpte", "rtmps", "rtmpts");

  /** Reads a connect command; nothing if there is no telling where it leads. */
  static Optional<ConnectUri> of(Command connect) {
    String tcUrl = Facts.text(connect, "tcUrl");
    String app = Facts.text(connect, "app");
    int host = tcUrl.indexOf("://") + 3;
    if (host < 3 || tcUrl.length() > LENGTH_MAX || app.length() > LENGTH_MAX) {
      return Optional.empty();
    }
    String scheme = tcUrl.substring(0, host - 3).toLowerCase(Locale.ROOT);
    if (!SCHEMES.contains(scheme) || tcUrl.chars().anyMatch(c -> c <= 0x20 || c == 0x7F)) {
      return Optional.empty();
    }
    String text = beforeQuery(tcUrl);
    int path = text.indexOf('/', host);
    String name = hostOf(path < 0 ? text.substring(host) : text.substring(host, path));
    // Some clients send no app, or one with the query and slashes of what the user typed.
    String given = trimmed(beforeQuery(app));
    String whole = given.isEmpty() && path >= 0 ? trimmed(text.substring(path)) : given;
    int slash = whole.indexOf('/');
    return Optional.of(
        new ConnectUri(
            text,
            afterQuery(tcUrl).isEmpty() ? afterQuery(app) : afterQuery(tcUrl),
            name,
            slash < 0 ? whole : whole.substring(0, slash),
            slash < 0 ? "" : whole.substring(slash + 1)));
  }

  /** Returns whether it is the instance of an application, with or without Flash's default name. */
  boolean is(String wantedInstance) {
    return instance.equals(wantedInstance) || instance.equals(wantedInstance + "/_definst_");
  }

  private static String hostOf(String authority) {
    int at = authority.lastIndexOf('@');
    String hostAndPort = authority.substring(at + 1).toLowerCase(Locale.ROOT);
    int bracket = hostAndPort.indexOf(']');
    int colon = hostAndPort.indexOf(':', Math.max(bracket, 0));
    String host = colon < 0 ? hostAndPort : hostAndPort.substring(0, colon);
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }

  private static String beforeQuery(String uri) {
    int query = uri.indexOf('?');
    return query < 0 ? uri : uri.substring(0, query);
  }

  private static String afterQuery(String uri) {
    int query = uri.indexOf('?');
    return query < 0 ? "" : uri.substring(query + 1);
  }

  private static String trimmed(String path) {
    return path.replaceFirst("^/+", "").replaceFirst("/+$", "");
  }
}
