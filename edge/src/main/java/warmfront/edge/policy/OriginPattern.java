package warmfront.edge.policy;

import java.util.Locale;
import warmfront.signing.Glob;

/**
 * A pattern of a response headers policy that origins of scripts are compared with: scheme, host
 * and port, of which the host may begin with {@code *.} and the port may have wildcards
 * (CloudFront, "Understand response headers policies"). A part that the pattern does not have, the
 * origin must not have either: a pattern without a scheme means no origin that a browser sends.
 *
 * @param scheme lower case; empty for none
 * @param host lower case; begins with a dot for any name below
 * @param port empty for none
 */
record OriginPattern(String scheme, String host, String port) {
  /** Reads a pattern, or an origin, which is one without wildcards. */
  static OriginPattern of(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    int slashes = lower.indexOf("://");
    String scheme = slashes < 0 ? "" : lower.substring(0, slashes);
    String rest = slashes < 0 ? lower : lower.substring(slashes + 3);
    int colon = rest.lastIndexOf(':');
    boolean hasPort = colon > rest.lastIndexOf(']'); // an IPv6 address has colons, too
    String host = hasPort ? rest.substring(0, colon) : rest;
    return new OriginPattern(
        scheme,
        host.startsWith("*.") ? host.substring(1) : host,
        hasPort ? rest.substring(colon + 1) : "");
  }

  boolean matches(OriginPattern origin) {
    return scheme.equals(origin.scheme)
        && (host.startsWith(".")
            ? origin.host.endsWith(host) && origin.host.length() > host.length()
            : origin.host.equals(host))
        && port.isEmpty() == origin.port.isEmpty()
        && Glob.matches(port, origin.port);
  }
}
