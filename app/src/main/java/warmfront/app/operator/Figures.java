package warmfront.app.operator;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The figures of one scrape, in the making. Names are Prometheus' own: {@code warmfront_}, words,
 * the unit last; counters without their {@code _total}. Labels are names and values in turn.
 * Belongs to one thread.
 */
public final class Figures {
  private final Map<String, CounterSnapshot.Builder> counters = new LinkedHashMap<>();
  private final Map<String, GaugeSnapshot.Builder> gauges = new LinkedHashMap<>();
  private final Map<String, HistogramSnapshot.Builder> histograms = new LinkedHashMap<>();

  /** Adds what only ever grows while the process lives. */
  public void counter(String name, String help, Number value, String... labels) {
    counters
        .computeIfAbsent(name, _ -> CounterSnapshot.builder().name(name).help(help))
        .dataPoint(
            CounterSnapshot.CounterDataPointSnapshot.builder()
                .value(value.doubleValue())
                .labels(Labels.of(labels))
                .build());
  }

  /** Adds what goes up and down. */
  public void gauge(String name, String help, Number value, String... labels) {
    gauges
        .computeIfAbsent(name, _ -> GaugeSnapshot.builder().name(name).help(help))
        .dataPoint(
            GaugeSnapshot.GaugeDataPointSnapshot.builder()
                .value(value.doubleValue())
                .labels(Labels.of(labels))
                .build());
  }

  /**
   * Adds a distribution of times.
   *
   * @param bounds upper bounds of the buckets in seconds, ascending, without infinity
   * @param counts how many fell into each bucket, one more than bounds; not cumulative
   * @param sum of all, in seconds
   */
  public void histogram(
      String name, String help, double[] bounds, long[] counts, double sum, String... labels) {
    if (counts.length != bounds.length + 1) {
      throw new IllegalArgumentException("a bucket more than bounds: " + name);
    }
    ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
    for (int i = 0; i < counts.length; i++) {
      buckets.bucket(i < bounds.length ? bounds[i] : Double.POSITIVE_INFINITY, counts[i]);
    }
    histograms
        .computeIfAbsent(name, _ -> HistogramSnapshot.builder().name(name).help(help))
        .dataPoint(
            HistogramSnapshot.HistogramDataPointSnapshot.builder()
                .classicHistogramBuckets(buckets.build())
                .sum(sum)
                .labels(Labels.of(labels))
                .build());
  }

  MetricSnapshots build() {
    List<MetricSnapshot> all = new ArrayList<>();
    counters.values().forEach(builder -> all.add(builder.build()));
    gauges.values().forEach(builder -> all.add(builder.build()));
    histograms.values().forEach(builder -> all.add(builder.build()));
    return new MetricSnapshots(all);
  }
}
