package warmfront.app;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import warmfront.app.operator.Figures;
import warmfront.app.operator.Part;
import warmfront.edge.EdgeCounters;
import warmfront.edge.cache.CacheCounters;
import warmfront.edge.log.Counters;
import warmfront.edge.peer.Counts;
import warmfront.time.Clock;

/** What an edge tells the operator: requests, bytes, times, caches, origins, certificates. */
final class EdgePart implements Part {
  private static final double[] BOUNDS =
      Counters.BOUNDS_SECONDS.stream().mapToDouble(Double::doubleValue).toArray();

  private final Supplier<EdgeCounters> counters;
  private final Clock clock;

  EdgePart(Supplier<EdgeCounters> counters, Clock clock) {
    this.counters = counters;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "edge";
  }

  @Override
  public void figures(Figures out) {
    EdgeCounters now = counters.get();
    requests(out, now.requests());
    now.caches().forEach((location, cache) -> cache(out, location, cache));
    out.gauge("warmfront_viewer_connections", "Open connections.", now.viewers().open());
    out.counter(
        "warmfront_viewer_connections_accepted", "Accepted connections.", now.viewers().accepted());
    out.counter(
        "warmfront_viewer_connections_turned_away",
        "Connections closed because too many were open.",
        now.viewers().turnedAway());
    out.counter(
        "warmfront_viewer_connections_over_share",
        "Connections closed because their address had too many.",
        now.viewers().addressesFull());
    out.counter(
        "warmfront_viewer_handshakes_failed",
        "TLS handshakes that failed.",
        now.viewers().handshakesFailed());
    now.viewers()
        .calmed()
        .forEach((toil, count) ->
            out.counter(
                "warmfront_viewer_connections_calmed",
                "HTTP/2 connections ended because they demanded too much.",
                count,
                "toil",
                toil.toLowerCase(Locale.ROOT)));
    out.counter(
        "warmfront_rtt_samples",
        "Connections whose round-trip time was taken.",
        now.viewers().measured());
    now.viewers()
        .unmeasured()
        .forEach((reason, count) ->
            out.counter(
                "warmfront_rtt_samples_dropped",
                "Connections whose round-trip time is in no report.",
                count,
                "reason",
                reason.toLowerCase(Locale.ROOT)));
    out.gauge("warmfront_exchanges_waiting", "Requests that wait.", now.exchanges());
    out.gauge("warmfront_origin_connections", "Open origin connections.", now.origins().open());
    out.counter("warmfront_origin_answers", "Answers of origins.", now.origins().answered());
    out.counter("warmfront_origin_retries", "Requests sent again.", now.origins().retried());
    now.origins()
        .failed()
        .forEach((reason, count) ->
            out.counter(
                "warmfront_origin_failures",
                "Fetches without an answer.",
                count,
                "reason",
                word(reason)));
    coding(out, now.coding());
    peers(out, now.peers());
    now.tiers()
        .forEach((location, outcomes) ->
            outcomes.forEach((outcome, count) ->
                out.counter(
                    "warmfront_edge_tier_requests",
                    "Requests to other locations before the origin.",
                    count,
                    "asked",
                    location,
                    "outcome",
                    word(outcome))));
    now.reads().forEach((location, reads) -> reads(out, location, reads));
    now.certificatesEnd()
        .forEach((name, end) ->
            out.gauge(
                "warmfront_certificate_days_left",
                "Days until the certificate ends.",
                daysUntil(end),
                "name",
                name));
  }

  private static void coding(Figures out, warmfront.edge.coding.Counts coding) {
    out.counter("warmfront_compressed_bodies", "Bodies compressed.", coding.bodies());
    out.counter(
        "warmfront_compression_refused",
        "Bodies left as they are because too many were being compressed.",
        coding.refused());
    out.counter("warmfront_compression_bytes_in", "Bytes before.", coding.bytesIn());
    out.counter("warmfront_compression_bytes_out", "Bytes after.", coding.bytesOut());
  }

  private static void reads(Figures out, String location, EdgeCounters.Reads reads) {
    Map<String, Long> results =
        Map.of("hit", reads.hits(), "miss", reads.misses(), "lacking", reads.lacking());
    results.forEach((result, count) ->
        out.counter(
            "warmfront_media_reads",
            "Parts of media that were read.",
            count,
            "location",
            location,
            "result",
            result));
  }

  private static void peers(Figures out, Counts peers) {
    out.gauge("warmfront_edge_peers", "Other servers that can be asked.", peers.servers());
    out.gauge("warmfront_edge_peers_skipped", "Not asked now, they failed.", peers.skipped());
    peers
        .asked()
        .forEach((outcome, count) ->
            out.counter(
                "warmfront_edge_peer_requests",
                "Requests to other servers.",
                count,
                "outcome",
                word(outcome)));
    out.counter("warmfront_edge_peer_kept", "Answers asked to be kept.", peers.kept());
    out.counter("warmfront_edge_peer_fallbacks", "To the origin instead.", peers.alone());
    peers
        .served()
        .forEach((result, count) ->
            out.counter(
                "warmfront_edge_peer_served",
                "Requests of other servers.",
                count,
                "result",
                result.logName()));
  }

  private static void requests(Figures out, Counters now) {
    for (Counters.Requests some : now.requests()) {
      out.counter(
          "warmfront_requests",
          "Finished requests.",
          some.count(),
          "location",
          some.location(),
          "distribution",
          some.distribution(),
          "result",
          some.result().logName(),
          "status",
          some.statusClass() + "xx");
    }
    for (Counters.Traffic some : now.traffic()) {
      String[] labels = {"location", some.location(), "distribution", some.distribution()};
      out.counter("warmfront_sent_bytes", "Bytes to viewers.", some.sent(), labels);
      out.counter("warmfront_received_bytes", "Bytes from viewers.", some.received(), labels);
    }
    for (Counters.Times some : now.times()) {
      out.histogram(
          "warmfront_step_seconds",
          "Time of a request's steps.",
          BOUNDS,
          some.counts().stream().mapToLong(Long::longValue).toArray(),
          some.sumSeconds(),
          "location",
          some.location(),
          "step",
          word(some.span()),
          "result",
          some.result().logName());
    }
    for (Counters.Refusals some : now.refused()) {
      out.counter(
          "warmfront_refused",
          "Requests that the edge refused.",
          some.count(),
          "location",
          some.location(),
          "reason",
          word(some.reason()));
    }
    for (Counters.OriginErrors some : now.originErrors()) {
      out.counter(
          "warmfront_origin_errors",
          "Fetches without an answer.",
          some.count(),
          "location",
          some.location(),
          "distribution",
          some.distribution(),
          "reason",
          word(some.reason()));
    }
    for (Counters.Failovers some : now.failovers()) {
      out.counter(
          "warmfront_origin_failovers",
          "Requests to the second origin of a group.",
          some.count(),
          "location",
          some.location(),
          "distribution",
          some.distribution());
    }
    out.counter(
        "warmfront_access_records_dropped",
        "Access records lost.",
        (double) now.recordsOverflowed() + now.recordsFailed());
    files(out, now.files());
  }

  private static void files(Figures out, Counters.Files files) {
    Map<String, Long> outcomes =
        Map.of(
            "delivered", files.delivered(), "failed", files.failed(), "dropped", files.dropped());
    outcomes.forEach((outcome, count) ->
        out.counter(
            "warmfront_access_logs",
            "Access logs brought to buckets, tried, and given up for want of room.",
            count,
            "outcome",
            outcome));
    out.gauge("warmfront_access_logs_waiting", "Not in their buckets yet.", files.waiting());
    out.gauge("warmfront_access_logs_spool_bytes", "Finished ones on disk.", files.spoolBytes());
  }

  private static void cache(Figures out, String location, CacheCounters cache) {
    String[] labels = {"location", location};
    out.gauge("warmfront_cache_memory_bytes", "Memory in use.", cache.memoryBytes(), labels);
    out.gauge("warmfront_cache_memory_objects", "Objects there.", cache.memoryObjects(), labels);
    out.gauge("warmfront_cache_disk_bytes", "Segment files.", cache.diskBytes(), labels);
    out.gauge("warmfront_cache_disk_objects", "Objects there.", cache.diskObjects(), labels);
    out.gauge("warmfront_cache_index_bytes", "Index of disks.", cache.indexBytes(), labels);
    out.counter("warmfront_cache_hits", "Answers from memory.", cache.hits(), labels);
    out.counter("warmfront_cache_fills", "Fetches for the cache.", cache.fills(), labels);
    out.counter("warmfront_cache_joins", "Waits for another's.", cache.joins(), labels);
    out.counter("warmfront_cache_refreshes", "Confirmed objects.", cache.refreshes(), labels);
    out.counter("warmfront_cache_stale_served", "Stale objects served.", cache.excuses(), labels);
    out.counter("warmfront_cache_evictions", "Objects that left.", cache.evictions(), labels);
    out.counter("warmfront_cache_invalidated", "Found invalid.", cache.invalidated(), labels);
    out.counter("warmfront_cache_disk_reads", "Objects read.", cache.diskReads(), labels);
    out.counter("warmfront_cache_disk_writes", "Objects written.", cache.diskWrites(), labels);
    out.counter("warmfront_cache_disk_skips", "Objects not written.", cache.diskSkips(), labels);
    out.counter("warmfront_cache_disk_admitted", "Asked for twice.", cache.diskAdmitted(), labels);
    out.counter("warmfront_cache_disk_refused", "Asked for once.", cache.diskRefused(), labels);
    out.counter("warmfront_cache_disk_errors", "Failures.", cache.diskErrors(), labels);
    out.counter("warmfront_cache_quarantined", "Segments put aside.", cache.quarantined(), labels);
    out.gauge("warmfront_cache_disks_out", "Disks taken out.", cache.disksOut(), labels);
  }

  @Override
  public Map<String, Object> status() {
    EdgeCounters now = counters.get();
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("revision", now.revision());
    status.put("distributions", now.distributions());
    status.put("connections", now.viewers().open());
    List<Object> locations =
        now.caches().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .<Object>map(cache -> location(cache.getKey(), cache.getValue(), now.requests()))
            .toList();
    status.put("locations", locations);
    return status;
  }

  private static Map<String, Object> location(String code, CacheCounters cache, Counters requests) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("location", code);
    shown.put(
        "requests",
        requests.requests().stream()
            .filter(some -> some.location().equals(code))
            .mapToLong(Counters.Requests::count)
            .sum());
    shown.put("memoryObjects", cache.memoryObjects());
    shown.put("memoryBytes", cache.memoryBytes());
    shown.put("diskObjects", cache.diskObjects());
    shown.put("diskBytes", cache.diskBytes());
    return shown;
  }

  private double daysUntil(Instant end) {
    return Duration.between(clock.now(), end).toMinutes() / (24.0 * 60);
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
