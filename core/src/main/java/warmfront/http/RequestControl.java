package warmfront.http;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a request's Cache-Control asks of caches (RFC 9111, section 5.2.1), or its Pragma if there
 * is no other (section 5.4). Of a directive that stands twice the first counts; a number of seconds
 * that is none means 0.
 *
 * @param noCache no-cache
 * @param noStore no-store
 * @param onlyIfCached only-if-cached
 * @param maxAge max-age
 * @param minFresh min-fresh
 * @param maxStale max-stale; without a number the most there is
 */
public record RequestControl(
    boolean noCache,
    boolean noStore,
    boolean onlyIfCached,
    Optional<Duration> maxAge,
    Optional<Duration> minFresh,
    Optional<Duration> maxStale) {
  /** Nothing is asked. */
  public static final RequestControl NONE = new Reading().result();

  /** Returns what the fields of a request ask. */
  public static RequestControl parse(Fields fields) {
    @Nullable String value = fields.joined("Cache-Control");
    boolean legacy = value == null;
    if (legacy) {
      value = fields.joined("Pragma");
    }
    if (value == null) {
      return NONE;
    }
    Reading reading = new Reading();
    reading.onlyNoCache = legacy;
    Directives.read(value, reading::take);
    return reading.result();
  }

  /** One pass over the field's value. */
  private static final class Reading {
    private boolean onlyNoCache;
    private boolean noCache;
    private boolean noStore;
    private boolean onlyIfCached;
    private Optional<Duration> maxAge = Optional.empty();
    private Optional<Duration> minFresh = Optional.empty();
    private Optional<Duration> maxStale = Optional.empty();

    private void take(String name, @Nullable String argument) {
      if (onlyNoCache && !name.equals("no-cache")) {
        return;
      }
      switch (name) {
        case "no-cache" -> noCache = true;
        case "no-store" -> noStore = true;
        case "only-if-cached" -> onlyIfCached = true;
        case "max-age" -> maxAge = maxAge.or(() -> Optional.of(Directives.seconds(argument)));
        case "min-fresh" -> minFresh = minFresh.or(() -> Optional.of(Directives.seconds(argument)));
        case "max-stale" ->
            maxStale =
                maxStale.or(() ->
                    Optional.of(
                        argument == null
                            ? CacheControl.SECONDS_MAX
                            : Directives.seconds(argument)));
        default -> {} // RFC 9111, 5.2.3: an unknown directive is ignored
      }
    }

    private RequestControl result() {
      return new RequestControl(noCache, noStore, onlyIfCached, maxAge, minFresh, maxStale);
    }
  }
}
