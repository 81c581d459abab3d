package warmfront.edge.policy;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import warmfront.edge.step.Lookup.Passing;
import warmfront.edge.step.Response;
import warmfront.edge.step.Settled.Unstorable;
import warmfront.edge.step.Stored;

/** The parameters of Cache-Status: what the cache did, in words that anyone may read (RFC 9211). */
public final class CacheStatus {
  /** It came from the cache, fresh. */
  public static final String HIT = "hit";

  /** The origin was asked, and what it said is being stored. */
  public static final String STORED = "fwd=miss; stored";

  /** Another request's fetch served this one too. */
  public static final String COLLAPSED = "fwd=miss; collapsed";

  /** The stored object was old, and the origin confirmed it. */
  public static final String CONFIRMED = "fwd=stale; fwd-status=304";

  /** The stored object was old, and the origin sent another. */
  public static final String REPLACED = "fwd=stale; stored";

  /** Another request's fetch could not be shared, so this one made its own. */
  public static final String ALONE = "fwd=miss; detail=not-collapsed";

  private static final String TTL = "ttl=";
  private static final String OF_SHIELD = "detail=origin-shield";
  private static final int DIGITS_MAX = 10;

  private CacheStatus() {}

  /**
   * Another server of the location was asked, and what it said is passed on.
   *
   * @param there what its cache did, in these words
   */
  public static String peer(String there) {
    return "fwd=miss; peer=" + quoted(there);
  }

  /** Another server of the location was asked, and what it said is kept here, too. */
  public static String kept(String there) {
    return "fwd=miss; stored; peer=" + quoted(there);
  }

  /** A string (RFC 8941, section 3.3.3); what another edge said may have one in it. */
  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** Adds that the Origin Shield says so. */
  public static String ofShield(String status) {
    return status + "; " + OF_SHIELD;
  }

  /** Returns whether what was said of an object was said by the Origin Shield. */
  public static boolean isOfShield(String status) {
    return status.contains(OF_SHIELD);
  }

  /** Another server of the location keeps it, but none of those who do could be asked. */
  public static String alone(String status) {
    return status + "; detail=peers-away";
  }

  /** Adds how many seconds a stored object stays fresh, for another edge, if it is not said yet. */
  public static String withTtl(String status, Stored stored) {
    return status.contains(TTL) ? status : status + "; " + TTL + stored.freshFor().toSeconds();
  }

  /** Returns how long the object that another edge answered with stays fresh there, if it said. */
  public static Optional<Duration> ttl(String status) {
    int at = status.indexOf(TTL);
    int from = at + TTL.length();
    int to = from;
    while (at >= 0
        && to < status.length()
        && isDigit(status.charAt(to))
        && to - from < DIGITS_MAX) {
      to++;
    }
    if (at < 0) {
      return Optional.empty();
    }
    // What is not a number from 0 on is a number below it: stale.
    return Optional.of(
        to == from
            ? Duration.ZERO
            : Duration.ofSeconds(Long.parseLong(status.substring(from, to))));
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** It came from the cache; {@code ttl} is how many seconds it stays fresh, below 0 if stale. */
  public static String hit(Stored stored) {
    return "hit; ttl=" + stored.freshFor().toSeconds();
  }

  /** It came from the cache although it is stale, because the origin failed. */
  public static String excused(Stored stored) {
    return hit(stored) + "; detail=stale-if-error";
  }

  /** It came from the cache although it is stale, while it is being renewed. */
  public static String renewing(Stored stored) {
    return hit(stored) + "; detail=stale-while-revalidate";
  }

  /** The cache had no part in it. */
  public static String passed(Passing reason) {
    return switch (reason) {
      case METHOD -> "fwd=method";
      case CACHING_DISABLED -> "fwd=bypass; detail=caching-disabled";
      case HIT_FOR_MISS -> "fwd=miss; detail=hit-for-miss";
      case TOO_MANY_WAITERS -> "fwd=miss; detail=too-many-waiters";
      case UPGRADE -> "fwd=bypass; detail=upgrade";
      case NO_STORE -> "fwd=request; detail=no-store";
      case ONLY_IF_CACHED -> "detail=only-if-cached";
    };
  }

  /**
   * What the cache did of an error that has a page in its place; null if it had no part in it. The
   * status that the origin gave does not show otherwise.
   */
  static @Nullable String replaced(Response error) {
    @Nullable String status = error.stamp().cacheStatus();
    return status == null || !status.startsWith("fwd=") || status.contains("fwd-status")
        ? status
        : status + "; fwd-status=" + error.head().status();
  }

  /** The origin was asked, and what it said may not be stored. */
  public static String notStored(Unstorable reason) {
    return switch (reason) {
      case CACHE_CONTROL -> "fwd=miss; detail=cache-control";
      case STATUS -> "fwd=miss; detail=status";
      case TOO_LARGE -> "fwd=miss; detail=too-large";
      case PARTIAL -> "fwd=miss; detail=partial";
      case ORIGIN_FAILED -> "fwd=miss; detail=origin-failed";
      case ELSEWHERE -> "fwd=miss; detail=elsewhere";
    };
  }
}
