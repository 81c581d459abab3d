package warmfront.edge.peer;

import java.time.Duration;

/**
 * How much patience a server has with the others of its location.
 *
 * @param connect longest wait for a connection, TLS included
 * @param unacknowledged how long the other's machine may leave what was sent without an
 *     acknowledgement
 * @param silence how long a server may leave all that it was asked without any answer, before it is
 *     asked for nothing more
 * @param retryAfter how long a server that failed is not asked; then one request tries
 * @param behind how long a server that is asked waits for the changes that the asking one knows of
 * @param hotRequests requests for an object of another server within the window, from which on this
 *     one keeps it, too
 * @param hotWindow the window
 */
public record Limits(
    Duration connect,
    Duration unacknowledged,
    Duration silence,
    Duration retryAfter,
    Duration behind,
    int hotRequests,
    Duration hotWindow) {
  /** 250 ms, 1 s, 2 s, 3 s, 500 ms, 16 requests in 10 s. */
  public static final Limits DEFAULT =
      new Limits(
          Duration.ofMillis(250),
          Duration.ofSeconds(1),
          Duration.ofSeconds(2),
          Duration.ofSeconds(3),
          Duration.ofMillis(500),
          16,
          Duration.ofSeconds(10));

  /**
   * With servers of other locations, of which the farthest are 0.3 s away: 2 s, 5 s, 10 s; nothing
   * that is asked of them becomes hot.
   */
  public static final Limits BETWEEN_LOCATIONS =
      new Limits(
          Duration.ofSeconds(2),
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          Duration.ofSeconds(3),
          Duration.ofMillis(500),
          Integer.MAX_VALUE,
          Duration.ofSeconds(10));

  public Limits {
    positive("connect", connect);
    positive("unacknowledged", unacknowledged);
    positive("silence", silence);
    positive("retryAfter", retryAfter);
    positive("hotWindow", hotWindow);
    if (behind.isNegative()) {
      throw new IllegalArgumentException("behind begins at 0: " + behind);
    }
    if (hotRequests < 1) {
      throw new IllegalArgumentException("hotRequests begins at 1: " + hotRequests);
    }
  }

  private static void positive(String name, Duration value) {
    if (value.toMillis() < 1) {
      throw new IllegalArgumentException(name + " begins at 1 ms: " + value);
    }
  }
}
