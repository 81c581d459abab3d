package warmfront.edge.cache;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import warmfront.edge.step.Settled.Unstorable;
import warmfront.edge.step.TtlRule;
import warmfront.http.CacheControl;
import warmfront.http.Fields;
import warmfront.http.HttpDate;
import warmfront.http.Vary;

/**
 * How long an answer lives (CloudFront, "Managing how long content stays in the cache" and "How
 * CloudFront caches error responses"). There is no heuristic lifetime.
 *
 * @param status the answer's status code
 * @param fields its fields
 * @param took how long it was on its way
 * @param now the wall clock's time when it came
 */
record Freshness(int status, Fields fields, Duration took, Instant now) {
  /** Cached by DefaultTTL; other 2xx and 3xx only if the origin names a lifetime. */
  private static final Set<Integer> ORDINARY = Set.of(200, 203, 204, 300, 301, 302, 303, 307, 308);

  /** Errors that are always cached; 410 is not in CloudFront's list and goes as 404 does. */
  private static final Set<Integer> ERRORS_ALWAYS = Set.of(404, 410, 414, 500, 501, 502, 503, 504);

  /** Errors that are cached only with max-age or s-maxage. */
  private static final Set<Integer> ERRORS_ASKED = Set.of(400, 403, 405, 412, 415);

  /** Errors that no-store, no-cache and private keep out; the others ignore these directives. */
  private static final Set<Integer> ERRORS_OBEDIENT = Set.of(404, 410, 414, 501);

  /** Greatest number of seconds that is told apart from a greater one (RFC 9111, section 1.2.2). */
  private static final long AGE_MAX = 1L << 31;

  /** Says whether the answer may be kept under {@code rule}, and for how long. */
  Verdict judge(TtlRule rule) {
    if (!rule.caching()) {
      return new Verdict.Refuse(Unstorable.CACHE_CONTROL);
    }
    if (status == 206) {
      return new Verdict.Refuse(Unstorable.PARTIAL);
    }
    if (status < 200 || status == 304) {
      return new Verdict.Refuse(Unstorable.STATUS);
    }
    CacheControl said = CacheControl.parse(fields);
    Duration age = age();
    return status >= 400 ? error(said, age, rule) : success(said, age, rule);
  }

  private Verdict success(CacheControl said, Duration age, TtlRule rule) {
    boolean temporaryRedirect = status == 307 || status == 308;
    if (temporaryRedirect && !said.present()) {
      return new Verdict.Refuse(Unstorable.STATUS);
    }
    boolean obeys = rule.min().isZero();
    if (obeys && (said.noStore() || said.privately())) {
      return new Verdict.Refuse(Unstorable.CACHE_CONTROL);
    }
    Optional<Duration> named = remaining(said, age);
    if (named.isEmpty() && !said.forbidsReuse() && !ORDINARY.contains(status)) {
      return new Verdict.Refuse(Unstorable.STATUS);
    }
    if (obeys && (said.noCache() || Vary.isAny(fields))) {
      Duration none = Duration.ZERO; // kept for an origin that fails, and for nothing else
      return new Verdict.Keep(age, none, none, excusable(said, none, none, rule), said.withheld());
    }
    Duration fresh = fresh(said, named, rule);
    // What is stale on arrival has been so for a while.
    Duration over = fresh.isZero() ? named.orElse(fresh) : fresh;
    Duration excusable = excusable(said, fresh, over, rule);
    Duration background = background(said, fresh, over, rule);
    return new Verdict.Keep(age, fresh, background, excusable, said.withheld());
  }

  private static Duration fresh(CacheControl said, Optional<Duration> named, TtlRule rule) {
    if (said.forbidsReuse()) {
      return rule.min();
    }
    return named.isPresent()
        ? larger(rule.min(), smaller(named.get(), rule.max()))
        : larger(rule.min(), rule.standard());
  }

  /**
   * Never past MaxTTL; must-revalidate excuses nothing (RFC 9111, section 5.2.2.2). That s-maxage
   * means proxy-revalidate (section 5.2.2.10) CloudFront does not say, and so neither do we.
   *
   * @param over when it ceases to be fresh, from arrival; negative if it came stale
   */
  private static Duration excusable(
      CacheControl said, Duration fresh, Duration over, TtlRule rule) {
    if (said.mustRevalidate()) {
      return fresh;
    }
    Duration asked = said.staleIfError().map(over::plus).orElse(rule.max());
    return larger(fresh, smaller(asked, rule.max()));
  }

  private static Duration background(
      CacheControl said, Duration fresh, Duration over, TtlRule rule) {
    if (said.mustRevalidate()) {
      return fresh;
    }
    Duration asked = said.staleWhileRevalidate().map(over::plus).orElse(fresh);
    return larger(fresh, smaller(asked, rule.max()));
  }

  private Verdict error(CacheControl said, Duration age, TtlRule rule) {
    boolean asked = ERRORS_ASKED.contains(status) && said.lifetime().isPresent();
    if (!asked && !ERRORS_ALWAYS.contains(status)) {
      return new Verdict.Refuse(Unstorable.STATUS);
    }
    if (said.forbidsReuse() && ERRORS_OBEDIENT.contains(status)) {
      return new Verdict.Refuse(Unstorable.CACHE_CONTROL);
    }
    Duration least = rule.error(status);
    Duration fresh =
        remaining(said, age).map(named -> larger(smaller(named, rule.max()), least)).orElse(least);
    return fresh.isZero()
        ? new Verdict.Refuse(Unstorable.CACHE_CONTROL)
        : new Verdict.Keep(age, fresh, fresh, fresh, said.withheld());
  }

  /** What is left on arrival of the lifetime that the origin names; may be negative. */
  private Optional<Duration> remaining(CacheControl said, Duration age) {
    if (said.lifetime().isPresent()) {
      return said.lifetime().map(lifetime -> lifetime.minus(age));
    }
    @Nullable String expires = fields.value("Expires");
    if (expires == null) {
      return Optional.empty();
    }
    Optional<Instant> until = HttpDate.parse(expires);
    if (until.isEmpty()) {
      return Optional.of(Duration.ZERO); // RFC 9111, 5.3: an invalid date is in the past
    }
    // RFC 9111, 4.2.1: Expires minus Date, so that our own clock may be wrong.
    return fields
        .first("Date")
        .flatMap(HttpDate::parse)
        .map(date -> Duration.between(date, until.get()).minus(age))
        .or(() -> Optional.of(Duration.between(now, until.get())));
  }

  /**
   * corrected_age_value of RFC 9111, section 4.2.3. The apparent age, from Date, is left out as the
   * section allows: a wall clock that is wrong by hours would make every answer stale.
   */
  private Duration age() {
    Duration said = Duration.ofSeconds(saidSeconds(fields));
    return said.plus(delay(said));
  }

  /**
   * response_delay of RFC 9111, section 4.2.3, but for what the origin held back until it was so,
   * as blocked playlists are (RFC 8216bis, section 6.2.5.2): how long ago its Date was, if that is
   * less. Players of low latency go by Age.
   */
  private Duration delay(Duration said) {
    return fields
        .first("Date")
        .flatMap(HttpDate::parse)
        .map(date -> Duration.between(date, now))
        .filter(since -> !since.isNegative())
        .map(since -> smaller(took, larger(since.minus(said), Duration.ZERO)))
        .orElse(took);
  }

  /** Returns what Age says; 0 without one that is valid. */
  static long saidSeconds(Fields fields) {
    @Nullable String value = fields.value("Age");
    if (value == null) {
      return 0;
    }
    int comma = value.indexOf(',');
    String first = (comma < 0 ? value : value.substring(0, comma)).strip();
    long seconds = 0;
    for (int i = 0; i < first.length(); i++) {
      char c = first.charAt(i);
      if (c < '0' || c > '9') {
        return 0; // RFC 9111, 5.1: an invalid Age is ignored, and so are members after the first
      }
      seconds = Math.min(seconds * 10 + c - '0', AGE_MAX);
    }
    return seconds;
  }

  /**
   * Says in words what {@link #judge} went by for an answer that is kept.
   *
   * @param fields the fields that are kept
   */
  static String told(int status, Fields fields, TtlRule rule) {
    CacheControl said = CacheControl.parse(fields);
    String named =
        said.sharedMaxAge()
            .map(age -> "s-maxage " + seconds(age))
            .or(() -> said.maxAge().map(age -> "max-age " + seconds(age)))
            .orElse(fields.has("Expires") ? "Expires" : "");
    if (status >= 400) {
      String least = "ErrorCachingMinTTL " + seconds(rule.error(status));
      return named.isEmpty() ? least : named + ", at least " + least;
    }
    if (said.forbidsReuse()) {
      return rule.min().isZero()
          ? "Cache-Control forbids reuse: the origin is asked each time"
          : "MinTTL " + seconds(rule.min()) + ", although Cache-Control forbids reuse";
    }
    if (rule.min().isZero() && Vary.isAny(fields)) {
      return "Vary is *: the origin is asked each time";
    }
    return named.isEmpty()
        ? "DefaultTTL "
            + seconds(larger(rule.min(), rule.standard()))
            + ", as the origin names none"
        : "%s of the origin, from MinTTL %s to MaxTTL %s"
            .formatted(named, seconds(rule.min()), seconds(rule.max()));
  }

  private static String seconds(Duration time) {
    return time.toSeconds() + " s";
  }

  private static Duration larger(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  private static Duration smaller(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }
}
