package warmfront.edge.cache;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import warmfront.edge.step.Settled.Unstorable;
import warmfront.http.CacheControl;
import warmfront.http.Fields;
import warmfront.http.HttpDate;
import warmfront.http.Vary;

/**
 * Whether an answer may be kept by RFC 9111, section 3, and for how long by section 4.2; by RFC
 * 9213 what CDN-Cache-Control says comes before Cache-Control and Expires.
 *
 * @param status the answer's status code
 * @param fields its fields
 * @param took how long it was on its way
 * @param now the wall clock's time when it came
 * @param authorized whether the request had Authorization
 */
record StandardFreshness(
    int status, Fields fields, Duration took, Instant now, boolean authorized) {
  private static final String TARGETED = "CDN-Cache-Control";

  /** RFC 9110, section 15.1, without 206, which is kept as part of a 200. */
  private static final Set<Integer> HEURISTIC =
      Set.of(200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501);

  /** Those of which this cache knows all that RFC 9110 says of them (RFC 9111, 5.2.2.3). */
  private static final Set<Integer> UNDERSTOOD =
      Set.of(
          200, 203, 204, 300, 301, 302, 303, 307, 308, 400, 403, 404, 405, 410, 414, 500, 501, 502,
          503, 504);

  /** RFC 9111, section 4.2.2: a tenth of how long it had not changed. */
  private static final int HEURISTIC_PART = 10;

  private static final Duration HEURISTIC_MAX = Duration.ofDays(1);

  /** How long a stale answer stands in for an origin that cannot be reached (section 4.2.4). */
  private static final Duration DISCONNECTED_MAX = Duration.ofDays(1);

  /** Says whether the answer may be kept, and for how long. */
  Verdict judge() {
    if (status == 206) {
      return new Verdict.Refuse(Unstorable.PARTIAL);
    }
    CacheControl said = said(fields);
    boolean understood = UNDERSTOOD.contains(status);
    boolean mustUnderstand = said.further().mustUnderstand();
    if (status < 200 || status == 304 || (mustUnderstand && !understood)) {
      return new Verdict.Refuse(Unstorable.STATUS);
    }
    // Section 5.2.2.3: a cache that understands must-understand ignores no-store beside it.
    boolean forbidden =
        (said.noStore() && !mustUnderstand)
            || said.privately()
            || (authorized && !isForOthers(said))
            || Vary.selecting(fields).filter(names -> names.size() <= Variants.NAMES_MAX).isEmpty();
    if (forbidden) {
      return new Verdict.Refuse(Unstorable.CACHE_CONTROL);
    }
    Optional<Duration> named = named(said);
    boolean heuristic = HEURISTIC.contains(status) || said.further().publicly();
    if (named.isEmpty() && !heuristic) {
      return new Verdict.Refuse(Unstorable.STATUS);
    }
    return kept(said, named.orElseGet(this::heuristic));
  }

  private Verdict kept(CacheControl said, Duration lifetime) {
    Duration left = lifetime.minus(age());
    Duration fresh = said.noCache() ? smaller(left, Duration.ZERO) : left;
    boolean strict = forbidsStale(said);
    Duration background =
        strict ? fresh : said.staleWhileRevalidate().map(fresh::plus).orElse(fresh);
    Duration excusable = strict ? fresh : fresh.plus(said.staleIfError().orElse(DISCONNECTED_MAX));
    boolean useful =
        isAhead(fresh)
            || isAhead(background)
            || (said.staleIfError().isPresent() && isAhead(excusable))
            || fields.has("ETag")
            || fields.has("Last-Modified");
    return useful
        ? new Verdict.Keep(age(), fresh, background, excusable, said.withheld())
        : new Verdict.Refuse(Unstorable.CACHE_CONTROL);
  }

  private static boolean isAhead(Duration time) {
    return time.isPositive();
  }

  /** What counts of what an answer says to caches (RFC 9213, section 2.2). */
  private static CacheControl said(Fields fields) {
    return CacheControl.targeted(fields, TARGETED).orElseGet(() -> CacheControl.parse(fields));
  }

  /** RFC 9111, section 3.5. */
  private static boolean isForOthers(CacheControl said) {
    return said.further().publicly()
        || said.further().mustRevalidate()
        || said.sharedMaxAge().isPresent();
  }

  /** Section 4.2.4; s-maxage means proxy-revalidate, too (section 5.2.2.10). */
  private static boolean forbidsStale(CacheControl said) {
    return said.mustRevalidate() || said.noCache() || said.sharedMaxAge().isPresent();
  }

  /** Returns whether an answer may not be served stale, whoever asks for it. */
  static boolean forbidsStale(Fields fields) {
    return forbidsStale(said(fields));
  }

  /** Returns whether an answer may stand in for errors of the origin (RFC 5861, section 4). */
  static boolean excusesErrors(Fields fields) {
    return said(fields).staleIfError().isPresent();
  }

  /** Section 4.2.1; Expires counts where no directive does, and nothing was targeted. */
  private Optional<Duration> named(CacheControl said) {
    if (said.lifetime().isPresent() || CacheControl.targeted(fields, TARGETED).isPresent()) {
      return said.lifetime();
    }
    // Section 5.3: an invalid date is in the past.
    return fields
        .first("Expires")
        .map(text ->
            HttpDate.parse(text)
                .map(until -> Duration.between(date(), until))
                .orElse(Duration.ZERO));
  }

  private Duration heuristic() {
    return fields
        .first("Last-Modified")
        .flatMap(HttpDate::parse)
        .map(changed -> Duration.between(changed, date()).dividedBy(HEURISTIC_PART))
        .filter(Duration::isPositive)
        .map(part -> smaller(part, HEURISTIC_MAX))
        .orElse(Duration.ZERO);
  }

  /** When it was made; when it came, if that is not said. */
  private Instant date() {
    return fields.first("Date").flatMap(HttpDate::parse).orElse(now);
  }

  /** Section 4.2.3: corrected_initial_age. */
  private Duration age() {
    Duration corrected = Duration.ofSeconds(Freshness.saidSeconds(fields)).plus(took);
    Duration apparent = Duration.between(date(), now);
    return corrected.compareTo(apparent) >= 0 ? corrected : apparent;
  }

  private static Duration smaller(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }
}
