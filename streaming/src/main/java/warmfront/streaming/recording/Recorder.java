package warmfront.streaming.recording;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import warmfront.distribution.Channel;
import warmfront.streaming.live.Tap;
import warmfront.time.Clock;

/** Records the channels of this process. Thread-safe. */
public final class Recorder implements AutoCloseable {
  private final Source source;
  private final Tally tally = new Tally();
  private final Spools spools;
  private final Uploads uploads;
  private final Desk desk;
  private final Map<String, Running> running = new HashMap<>();
  private boolean hasBegun;

  /** Where channels are heard. */
  @FunctionalInterface
  public interface Source {
    /** Lets a tap hear a channel; nothing if there is no such channel. */
    Optional<Tap.Tapped> tap(String channel, Executor executor, Tap tap);
  }

  /** A channel that is recorded. */
  private record Running(Channel.Recording to, Recording recording, Tap.Tapped tapped) {}

  private Recorder(
      Source source, Spools spools, Buckets buckets, RecordingLimits limits, Clock clock) {
    this.source = source;
    this.spools = spools;
    this.uploads = new Uploads(spools, buckets, limits, clock, tally);
    this.desk = new Desk(spools, uploads, limits, clock, tally);
  }

  /**
   * Starts one; from the first {@link #take} on it sends what an earlier one left behind.
   *
   * @param folder for what is not in its bucket yet, of this recorder alone; made if need be
   * @throws IOException if the folder cannot be used
   */
  public static Recorder start(
      Source source, Path folder, Buckets buckets, RecordingLimits limits, Clock clock)
      throws IOException {
    return new Recorder(source, Spools.open(folder, limits), buckets, limits, clock);
  }

  /** Records these channels from now on, each to its place, and no others. */
  public synchronized void take(Map<String, Channel.Recording> wanted) {
    if (!hasBegun) {
      hasBegun = true;
      spools.all().forEach(uploads::poke);
    }
    running
        .entrySet()
        .removeIf(entry -> {
          Running one = entry.getValue();
          if (one.to().equals(wanted.get(entry.getKey()))) {
            return false;
          }
          end(one);
          return true;
        });
    wanted.forEach((channel, to) -> {
      if (!running.containsKey(channel)) {
        Recording recording = new Recording(channel, to, desk);
        source
            .tap(channel, Runnable::run, recording)
            .ifPresent(tapped -> running.put(channel, new Running(to, recording, tapped)));
      }
    });
  }

  private static void end(Running one) {
    one.tapped().end();
    one.recording().stopped();
  }

  /** Returns what recordings have come to. */
  public RecordingCounters counters() {
    return tally.counters(spools);
  }

  /** Ends all recordings; what is not in its bucket is sent after the next start. */
  @Override
  public synchronized void close() {
    running.values().forEach(Recorder::end);
    running.clear();
    desk.close();
    uploads.close();
    spools.leave();
  }
}
