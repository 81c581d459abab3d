package warmfront.distribution;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import warmfront.http.Fields;

/**
 * Where the edge gets objects from.
 *
 * @param id unique in its distribution
 * @param domainName a DNS name, without a port; in a multi-tenant distribution, it and the path may
 *     have {@link Placeholders}
 * @param path prefix of every request path; empty, or begins with / and does not end with it
 * @param headers added to every request, in the place of same-named ones of the viewer; secret
 * @param type S3 or custom
 * @param attempts connection attempts, 1 to 3
 * @param connectTimeout per attempt, 1 to 10 s
 * @param reach how it is reached beyond that
 */
public record Origin(
    String id,
    String domainName,
    String path,
    Fields headers,
    Type type,
    int attempts,
    Duration connectTimeout,
    Reach reach) {
  /** S3 or custom. */
  public sealed interface Type {
    /** Longest wait for the first byte and between parts, 1 to 120 s. */
    Duration readTimeout();
  }

  /**
   * A bucket.
   *
   * @param accessControl the id of an origin access control
   * @param readTimeout longest wait for the first byte and between parts
   */
  public record S3(Optional<String> accessControl, Duration readTimeout) implements Type {}

  /**
   * Any HTTP server.
   *
   * @param httpPort port for http
   * @param httpsPort port for https
   * @param protocol which of the two is asked
   * @param sslProtocols the TLS versions offered, as CloudFront spells them ({@code TLSv1.2})
   * @param readTimeout longest wait for the first byte and between parts
   * @param keepAlive how long an idle connection is kept
   */
  public record Custom(
      int httpPort,
      int httpsPort,
      Protocol protocol,
      List<String> sslProtocols,
      Duration readTimeout,
      Duration keepAlive)
      implements Type {
    public Custom {
      sslProtocols = List.copyOf(sslProtocols);
    }
  }

  /** Which scheme a custom origin is asked with. */
  public enum Protocol {
    HTTP_ONLY,
    HTTPS_ONLY,
    MATCH_VIEWER
  }

  public Origin {
    if (attempts < 1 || attempts > 3) {
      throw new IllegalArgumentException("ConnectionAttempts is 1 to 3: " + attempts);
    }
    if (!path.isEmpty() && (!path.startsWith("/") || path.endsWith("/"))) {
      throw new IllegalArgumentException("OriginPath begins with / and does not end so: " + path);
    }
  }

  /** Makes one that is reached straight, over IPv4. */
  public Origin(
      String id,
      String domainName,
      String path,
      Fields headers,
      Type type,
      int attempts,
      Duration connectTimeout) {
    this(id, domainName, path, headers, type, attempts, connectTimeout, Reach.PLAIN);
  }

  /** Returns this origin reached in another way. */
  public Origin withReach(Reach other) {
    return new Origin(id, domainName, path, headers, type, attempts, connectTimeout, other);
  }

  /**
   * Returns this origin with a tenant's values in the places of parameters; itself if it has none.
   *
   * @throws IllegalArgumentException if a parameter has no value, or the path is none then
   */
  public Origin filled(Map<String, String> values) {
    if (Placeholders.isPlain(domainName) && Placeholders.isPlain(path)) {
      return this;
    }
    return new Origin(
        id,
        Placeholders.filled(domainName, values).toLowerCase(Locale.ROOT),
        Placeholders.filled(path, values),
        headers,
        type,
        attempts,
        connectTimeout,
        reach);
  }

  /** Leaves the headers out, whose values are secret. */
  @Override
  public String toString() {
    return "Origin[%s at %s%s]".formatted(id, domainName, path);
  }
}
