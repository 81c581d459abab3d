package warmfront.app;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import warmfront.app.operator.Figures;
import warmfront.app.operator.Part;
import warmfront.streaming.StreamingCounters;
import warmfront.streaming.origin.LiveOrigin;
import warmfront.streaming.recording.RecordingCounters;

/** What streaming tells the operator: connections, sessions, bytes, events, channels. */
final class StreamingPart implements Part {
  private final Supplier<StreamingCounters> counters;

  StreamingPart(Supplier<StreamingCounters> counters) {
    this.counters = counters;
  }

  @Override
  public String name() {
    return "streaming";
  }

  @Override
  public void figures(Figures out) {
    StreamingCounters now = counters.get();
    out.gauge("warmfront_rtmp_connections", "Open connections.", now.connections().open());
    out.counter(
        "warmfront_rtmp_connections_accepted",
        "Accepted connections.",
        now.connections().accepted());
    out.counter(
        "warmfront_rtmp_connections_turned_away",
        "Connections closed because too many were open.",
        now.connections().turnedAway());
    out.counter(
        "warmfront_rtmp_connections_unrecognised",
        "Connections that spoke nothing that is served.",
        now.connections().unrecognised());
    out.counter(
        "warmfront_rtmp_handshakes_failed",
        "TLS handshakes that failed.",
        now.connections().handshakesFailed());
    now.connections()
        .links()
        .forEach((variant, count) ->
            out.counter(
                "warmfront_rtmp_sessions", "Handshakes done.", count, "variant", word(variant)));
    now.connections()
        .ended()
        .forEach((why, count) ->
            out.counter(
                "warmfront_rtmp_sessions_ended", "Sessions ended.", count, "reason", word(why)));
    now.sentBytes()
        .forEach((location, bytes) ->
            out.counter(
                "warmfront_rtmp_sent_bytes", "Bytes to viewers.", bytes, "location", location));
    now.events()
        .forEach((kind, count) ->
            out.counter(
                "warmfront_rtmp_events",
                "What viewers of streaming distributions did.",
                count,
                "event",
                word(kind)));
    out.counter("warmfront_media_opened", "Media files opened.", now.opened());
    out.gauge("warmfront_media_index_bytes", "Indices of media files.", now.keptBytes());
    out.gauge("warmfront_live_publishers", "Channels on air.", now.live().publishers());
    out.gauge("warmfront_live_players", "Players of channels over RTMP.", now.live().players());
    out.gauge(
        "warmfront_live_pulled",
        "Channels at home elsewhere that are watched here.",
        now.live().pulled());
    out.counter("warmfront_live_published", "Streams published.", now.live().published());
    out.counter("warmfront_live_denied", "Wishes to publish denied.", now.live().denied());
    out.counter(
        "warmfront_live_frames_missed",
        "Frames left out for players that did not keep up.",
        now.live().missed());
    now.origin().ifPresent(origin -> origin(out, origin));
    now.recordings().ifPresent(recordings -> recordings(out, recordings));
  }

  private static void recordings(Figures out, RecordingCounters recordings) {
    out.gauge(
        "warmfront_recordings_running", "Channels on air that are recorded.", recordings.running());
    out.counter("warmfront_recordings_written_bytes", "Bytes recorded.", recordings.written());
    out.counter("warmfront_recordings_sent_bytes", "Bytes sent to buckets.", recordings.sent());
    out.counter(
        "warmfront_recordings_objects", "Recordings completed in buckets.", recordings.objects());
    out.gauge(
        "warmfront_recordings_waiting", "Recordings not whole in buckets.", recordings.waiting());
    out.gauge("warmfront_recordings_spool_bytes", "Bytes of them on disk.", recordings.heldBytes());
    recordings
        .failures()
        .forEach((failure, count) ->
            out.counter(
                "warmfront_recordings_failures",
                "Recordings that ended early, or do not come to their buckets.",
                count,
                "reason",
                word(failure)));
  }

  private static void origin(Figures out, LiveOrigin.Counters origin) {
    out.gauge("warmfront_live_origin_connections", "Open connections.", origin.connections());
    out.gauge("warmfront_live_origin_waiting", "Requests that are held.", origin.waiting());
    out.gauge("warmfront_live_origin_channels", "Channels cut into segments.", origin.channels());
    out.counter("warmfront_live_origin_requests", "Requests for channels.", origin.requests());
  }

  @Override
  public Map<String, Object> status() {
    StreamingCounters now = counters.get();
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("connections", now.connections().open());
    status.put("sentBytes", now.sentBytes().values().stream().mapToLong(Long::longValue).sum());
    status.put("publishers", now.live().publishers());
    status.put("players", now.live().players());
    now.recordings().ifPresent(recordings -> status.put("recordings", recordings.running()));
    return status;
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
