package warmfront.http;

import java.time.Duration;
import java.util.Locale;
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
    Set<String> withheld) {
  /** The greatest number of seconds that is kept: 100 years, CloudFront's limit for max-age. */
  public static final Duration SECONDS_MAX = Duration.ofDays(36_500);

  private static final CacheControl ABSENT = new Reading().result(false);

  public CacheControl {
    withheld = Set.copyOf(withheld);
  }

  /** Returns what all Cache-Control lines of {@code fields} say together. */
  public static CacheControl parse(Fields fields) {
    @Nullable String value = fields.joined("Cache-Control");
    return value == null ? ABSENT : new Reading().read(value).result(true);
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
    private Set<String> withheld = Set.of();

    Reading read(String value) {
      int at = 0;
      while (at < value.length()) {
        int end = endOfDirective(value, at);
        String directive = value.substring(at, end).strip();
        int equals = directive.indexOf('=');
        String name = equals < 0 ? directive : directive.substring(0, equals).stripTrailing();
        @Nullable String argument =
            equals < 0 ? null : unquoted(directive.substring(equals + 1).strip());
        take(name.toLowerCase(Locale.ROOT), argument);
        at = end + 1;
      }
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
        case "must-revalidate", "proxy-revalidate" -> mustRevalidate = true;
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
          withheld);
    }

    /** The comma that ends the directive; one within quotes does not. */
    private static int endOfDirective(String value, int from) {
      boolean quoted = false;
      for (int i = from; i < value.length(); i++) {
        char c = value.charAt(i);
        if (c == '"') {
          quoted = !quoted;
        } else if (c == '\\' && quoted) {
          i++;
        } else if (c == ',' && !quoted) {
          return i;
        }
      }
      return value.length();
    }

    private static String unquoted(String text) {
      boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
      return quoted ? text.substring(1, text.length() - 1) : text;
    }

    private static Optional<Duration> first(Optional<Duration> seen, @Nullable String argument) {
      return seen.isPresent() ? seen : Optional.of(seconds(argument));
    }

    private static Duration seconds(@Nullable String digits) {
      if (digits == null || digits.isEmpty()) {
        return Duration.ZERO;
      }
      long value = 0;
      for (int i = 0; i < digits.length(); i++) {
        char c = digits.charAt(i);
        if (c < '0' || c > '9') {
          return Duration.ZERO;
        }
        value = Math.min(value * 10 + c - '0', SECONDS_MAX.toSeconds());
      }
      return Duration.ofSeconds(value);
    }
  }
}
