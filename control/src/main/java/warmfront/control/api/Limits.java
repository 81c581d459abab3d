package warmfront.control.api;

import java.time.Duration;

/**
 * What one request and all together may take.
 *
 * @param bodyBytes of a request's body; a batch of 3,000 invalidation paths of 600 characters fits
 * @param headerBytes of a request's headers
 * @param urlBytes of a request's first line
 * @param requests served at the same time; more are answered 503
 * @param connections open at the same time
 * @param idle how long a connection may be idle
 * @param drain how long requests in progress may take after {@link ApiServer#stop}
 */
public record Limits(
    int bodyBytes,
    int headerBytes,
    int urlBytes,
    int requests,
    int connections,
    Duration idle,
    Duration drain) {
  /** What a server uses that is not told otherwise. */
  public static final Limits DEFAULT =
      new Limits(2 << 20, 16_384, 8_192, 128, 1_024, Duration.ofMinutes(1), Duration.ofSeconds(5));
}
