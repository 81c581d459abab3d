package warmfront.edge.log;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import warmfront.edge.log.Counters.Span;
import warmfront.edge.step.Delivery;
import warmfront.edge.step.Reason;
import warmfront.edge.step.ResultType;

/**
 * Counters of finished requests. What was counted once is counted again without allocating.
 * Thread-safe.
 */
public final class Tallies {
  /** The most distributions that are counted apart, per location. */
  static final int DISTRIBUTIONS_MAX = 100_000;

  private static final int STATUS_CLASSES = 6;
  private static final ResultType[] RESULTS = ResultType.values();
  private static final Reason[] REASONS = Reason.values();
  private static final Span[] SPANS = Span.values();

  private final ConcurrentHashMap<String, Place> places = new ConcurrentHashMap<>();

  /** Returns the counters of a location, made if it has none. */
  public Place at(String location) {
    return places.computeIfAbsent(location, _ -> new Place());
  }

  /** Returns the bytes sent to viewers, by the code of the location. */
  public Map<String, Long> sent() {
    Map<String, Long> sent = new HashMap<>();
    places.forEach((location, place) ->
        sent.put(location, place.sites.values().stream().mapToLong(site -> site.sent.sum()).sum()));
    return Map.copyOf(sent);
  }

  /** Returns what was counted, with the journal's losses. */
  public Counters snapshot(Journal journal) {
    List<Counters.Requests> requests = new ArrayList<>();
    List<Counters.Traffic> traffic = new ArrayList<>();
    List<Counters.Times> times = new ArrayList<>();
    List<Counters.Refusals> refused = new ArrayList<>();
    List<Counters.OriginErrors> originErrors = new ArrayList<>();
    List<Counters.Failovers> failovers = new ArrayList<>();
    places.forEach((location, place) -> {
      place.times.forEach((i, histogram) ->
          times.add(
              new Counters.Times(
                  location,
                  SPANS[i / RESULTS.length],
                  RESULTS[i % RESULTS.length],
                  Arrays.stream(histogram.counts()).boxed().toList(),
                  histogram.sumSeconds())));
      place.refused.forEach(
          (i, count) -> refused.add(new Counters.Refusals(location, REASONS[i], count.sum())));
      place.sites.forEach((id, site) -> {
        traffic.add(new Counters.Traffic(location, id, site.sent.sum(), site.received.sum()));
        site.requests.forEach((i, count) ->
            requests.add(
                new Counters.Requests(
                    location, id, RESULTS[i / STATUS_CLASSES], i % STATUS_CLASSES, count.sum())));
        site.originErrors.forEach((i, count) ->
            originErrors.add(new Counters.OriginErrors(location, id, REASONS[i], count.sum())));
        if (site.failovers.sum() > 0) {
          failovers.add(new Counters.Failovers(location, id, site.failovers.sum()));
        }
      });
    });
    return new Counters(
        requests,
        traffic,
        times,
        refused,
        originErrors,
        failovers,
        journal.overflowed(),
        journal.failed(),
        journal.files());
  }

  @SuppressWarnings("EnumOrdinal") // an index into tables that live no longer than the enum
  private static int index(Enum<?> value) {
    return value.ordinal();
  }

  /** What is counted at one location. Thread-safe. */
  public static final class Place {
    private final ConcurrentHashMap<String, Site> sites = new ConcurrentHashMap<>();
    private final Lazy<Histogram> times = new Lazy<>(SPANS.length * RESULTS.length, Histogram::new);
    private final Lazy<LongAdder> refused = new Lazy<>(REASONS.length, LongAdder::new);

    private Place() {}

    /**
     * Counts a finished request.
     *
     * @param distribution its id
     * @param status as sent; 0 if none was
     * @param received bytes of the request, header included
     */
    public void finished(
        String distribution, ResultType result, int status, Delivery delivery, long received) {
      Site site = site(distribution);
      int statusClass = Math.clamp(status / 100, 0, STATUS_CLASSES - 1);
      site.requests.at(index(result) * STATUS_CLASSES + statusClass).increment();
      site.sent.add(delivery.bytes());
      site.received.add(received);
    }

    /** Counts how long a part of a request took. */
    public void took(Span span, ResultType result, long nanos) {
      times.at(index(span) * RESULTS.length + index(result)).add(nanos);
    }

    /** Counts a request that the edge refused. */
    public void refused(Reason reason) {
      refused.at(index(reason)).increment();
    }

    /** Counts a fetch that ended without an answer. */
    public void originFailed(String distribution, Reason reason) {
      site(distribution).originErrors.at(index(reason)).increment();
    }

    /** Counts a request that goes to the second origin of a group. */
    public void failedOver(String distribution) {
      site(distribution).failovers.increment();
    }

    private Site site(String distribution) {
      @Nullable Site site = sites.get(distribution);
      if (site != null) {
        return site;
      }
      boolean isOneTooMany = sites.mappingCount() >= DISTRIBUTIONS_MAX;
      String name = isOneTooMany ? Counters.OTHER_DISTRIBUTIONS : distribution;
      return sites.computeIfAbsent(name, _ -> new Site());
    }
  }

  /** What is counted of one distribution at one location. */
  private static final class Site {
    final Lazy<LongAdder> requests = new Lazy<>(RESULTS.length * STATUS_CLASSES, LongAdder::new);
    final Lazy<LongAdder> originErrors = new Lazy<>(REASONS.length, LongAdder::new);
    final LongAdder failovers = new LongAdder();
    final LongAdder sent = new LongAdder();
    final LongAdder received = new LongAdder();
  }

  /** A table most of whose places stay empty. */
  private static final class Lazy<T> {
    private final AtomicReferenceArray<@Nullable T> made;
    private final Supplier<T> maker;

    Lazy(int size, Supplier<T> maker) {
      made = new AtomicReferenceArray<>(size);
      this.maker = maker;
    }

    T at(int index) {
      @Nullable T there = made.get(index);
      if (there != null) {
        return there;
      }
      T fresh = maker.get();
      @Nullable T before = made.compareAndExchange(index, null, fresh);
      return before == null ? fresh : before;
    }

    void forEach(Visitor<T> visitor) {
      for (int i = 0; i < made.length(); i++) {
        @Nullable T there = made.get(i);
        if (there != null) {
          visitor.visit(i, there);
        }
      }
    }
  }

  private interface Visitor<T> {
    void visit(int index, T value);
  }
}
