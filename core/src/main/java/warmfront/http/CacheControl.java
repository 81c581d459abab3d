package warmfront.http;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a response's Cache-Control says (RFC 9111, section 5.2.2; RFC 5861). Of a directive that
 * stands twice the first counts. A number of seconds that is none means 0, so that a wrong response
 * is stale rather than eternal (RFC 9111, section 4.2.1).
 *
 * @param present whether there is a Cache-Control field at all
 * @param maxAge max-age
 * @param sharedMaxAge s-maxage
 * @param noStore no-store
 * @param noCache no-cache without field names
 * @param privately private without field names
 * @param mustRevalidate must-revalidate or proxy-revalidate
 * @param staleWhileRevalidate stale-while-revalidate
 * @param staleIfError stale-if-error
 * @param withheld names, in lower case, of the fields that no-cache="..." or private="..." name:
 *     the response may be stored without them
 * @param further what only a cache that goes by the standards asks for
 */
public record CacheControl(
    boolean present,
    Optional<Duration> maxAge,
    Optional<Duration> sharedMaxAge,
    boolean noStore,
    boolean noCache,
    boolean privately,
    boolean mustRevalidate,
    Optional<Duration> staleWhileRevalidate,
    Optional<Duration> staleIfError,
    Set<String> withheld,
    Further further) {
  /**
   * What CloudFront makes nothing of.
   *
   * @param publicly public
   * @param mustUnderstand must-understand
   * @param mustRevalidate must-revalidate, and not proxy-revalidate alone
   */
  public record Further(boolean publicly, boolean mustUnderstand, boolean mustRevalidate) {}

  /** The greatest number of seconds that is kept: 100 years, CloudFront's limit for max-age. */
  public static final Duration SECONDS_MAX = Duration.ofDays(36_500);

  /** Directives that have a number of seconds. */
  private static final Set<String> TIMED =
      Set.of("max-age", "s-maxage", "stale-while-revalidate", "stale-if-error");

  private static final CacheControl ABSENT = new Reading().result(false);

  public CacheControl {
    withheld = Set.copyOf(withheld);
  }

  /** Returns what all Cache-Control lines of {@code fields} say together. */
  public static CacheControl parse(Fields fields) {
    @Nullable String value = fields.joined("Cache-Control");
    return value == null ? ABSENT : new Reading().read(value).result(true);
  }

  /**
   * Returns what a field that is meant for some caches alone says to them (RFC 9213, section 2.1);
   * empty if it is not there, is empty, or is no Dictionary: it counts for nothing then. A
   * directive of the wrong type is ignored.
   *
   * @param name of the field, as {@code CDN-Cache-Control}
   */
  public static Optional<CacheControl> targeted(Fields fields, String name) {
    @Nullable String value = fields.joined(name);
    if (value == null) {
      return Optional.empty();
    }
    return Dictionary.parse(value)
        .filter(members -> !members.isEmpty())
        .map(members -> new Reading().read(members).result(true));
  }

  /** Returns whether it forbids to reuse a response without asking: no-store, no-cache, private. */
  public boolean forbidsReuse() {
    return noStore || noCache || privately;
  }

  /** Returns s-maxage, else max-age (RFC 9111, section 4.2.1). */
  public Optional<Duration> lifetime() {
    return sharedMaxAge.isPresent() ? sharedMaxAge : maxAge;
  }

  /** One pass over the field's value. */
  private static final class Reading {
    private Optional<Duration> maxAge = Optional.empty();
    private Optional<Duration> sharedMaxAge = Optional.empty();
    private Optional<Duration> staleWhileRevalidate = Optional.empty();
    private Optional<Duration> staleIfError = Optional.empty();
    private boolean noStore;
    private boolean noCache;
    private boolean privately;
    private boolean mustRevalidate;
    private boolean strictly;
    private boolean publicly;
    private boolean mustUnderstand;
    private Set<String> withheld = Set.of();

    Reading read(String value) {
      Directives.read(value, this::take);
      return this;
    }

    Reading read(Map<String, Dictionary.Member> members) {
      members.forEach((name, member) -> {
        boolean timed = TIMED.contains(name);
        switch (member) {
          case Dictionary.Member.Whole(long number) when timed && number >= 0 ->
              take(name, Long.toString(number));
          case Dictionary.Member.Flag(boolean on) when on && !timed -> take(name, null);
          case Dictionary.Member.Text(String text) when !timed -> take(name, text);
          default -> {} // RFC 9213, 2.1: not what the directive can have
        }
      });
      return this;
    }

    private void take(String name, @Nullable String argument) {
      switch (name) {
        case "max-age" -> maxAge = first(maxAge, argument);
        case "s-maxage" -> sharedMaxAge = first(sharedMaxAge, argument);
        case "stale-while-revalidate" ->
            staleWhileRevalidate = first(staleWhileRevalidate, argument);
        case "stale-if-error" -> staleIfError = first(staleIfError, argument);
        case "no-store" -> noStore = true;
        case "no-cache" -> noCache |= !withholds(argument);
        case "private" -> privately |= !withholds(argument);
        case "must-revalidate" -> {
          mustRevalidate = true;
          strictly = true;
        }
        case "proxy-revalidate" -> mustRevalidate = true;
        case "public" -> publicly = true;
        case "must-understand" -> mustUnderstand = true;
        default -> {} // RFC 9111, 5.2.3: an unknown directive is ignored
      }
    }

    private boolean withholds(@Nullable String names) {
      if (names == null || names.isBlank()) {
        return false;
      }
      if (withheld.isEmpty()) {
        withheld = new TreeSet<>();
      }
      for (String name : names.split(",", -1)) {
        withheld.add(name.strip().toLowerCase(Locale.ROOT));
      }
      return true;
    }

    CacheControl result(boolean present) {
      return new CacheControl(
          present,
          maxAge,
          sharedMaxAge,
          noStore,
          noCache,
          privately,
          mustRevalidate,
          staleWhileRevalidate,
          staleIfError,
          withheld,
          new Further(publicly, mustUnderstand, strictly));
    }

    private static Optional<Duration> first(Optional<Duration> seen, @Nullable String argument) {
      return seen.isPresent() ? seen : Optional.of(Directives.seconds(argument));
    }
  }
}
