package warmfront.distribution;

import java.util.Locale;
import java.util.Optional;

/**
 * The name that a distribution has at one location alone: {@code
 * d111111abcdef8-fra.cdn.example.net} at FRA. One label, so that the zone's wildcard certificate is
 * good for it. Viewers are redirected to it, and never from it.
 */
public final class LocationName {
  private static final int CODE_LENGTH = 3;

  private LocationName() {}

  /**
   * Returns the name at a location.
   *
   * @param domainName the distribution's own
   * @param code the location's
   */
  public static String of(String domainName, String code) {
    int dot = domainName.indexOf('.');
    return "%s-%s%s"
        .formatted(
            domainName.substring(0, dot), code.toLowerCase(Locale.ROOT), domainName.substring(dot));
  }

  /** Returns the distribution's own name, if a host name in lower case may be one at a location. */
  public static Optional<String> domainName(String host) {
    int dot = host.indexOf('.');
    int dash = dot - CODE_LENGTH - 1;
    return dash > 0 && host.charAt(dash) == '-'
        ? Optional.of(host.substring(0, dash) + host.substring(dot))
        : Optional.empty();
  }
}
