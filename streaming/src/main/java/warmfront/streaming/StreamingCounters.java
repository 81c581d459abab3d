package warmfront.streaming;

import java.util.Map;
import java.util.Optional;
import warmfront.streaming.live.Hub;
import warmfront.streaming.origin.LiveOrigin;
import warmfront.streaming.play.Event;
import warmfront.streaming.recording.RecordingCounters;
import warmfront.streaming.rtmp.Counters;

/**
 * What streaming has done since its start, and what it holds now.
 *
 * @param connections of viewers
 * @param live what channels have come to
 * @param origin what channels over HTTP have come to, if they are served
 * @param recordings what recordings of channels have come to, if there are any
 * @param sentBytes sent to viewers, by the code of the location
 * @param events what viewers of streaming distributions did
 * @param opened media files that were opened
 * @param keptBytes of indices of media files, in memory
 */
public record StreamingCounters(
    Counters connections,
    Hub.Counters live,
    Optional<LiveOrigin.Counters> origin,
    Optional<RecordingCounters> recordings,
    Map<String, Long> sentBytes,
    Map<Event.Kind, Long> events,
    long opened,
    long keptBytes) {
  public StreamingCounters {
    sentBytes = Map.copyOf(sentBytes);
    events = Map.copyOf(events);
  }
}
