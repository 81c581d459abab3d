package warmfront.bench;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import warmfront.time.Clock;

/**
 * A publisher and many players of one channel: 25 frames a second of 5000 bytes, a keyframe every
 * two seconds. One thread.
 */
final class LiveLoad implements AutoCloseable {
  private static final String CHANNEL = "cam";
  private static final int FRAMES_PER_SECOND = 25;
  private static final int GROUP = 2 * FRAMES_PER_SECOND;
  private static final Duration PARTING = Duration.ofMillis(300);
  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Clock clock;
  private final int port;
  private final Selector selector;
  private final LiveClient publisher;
  private final List<LiveClient> players = new ArrayList<>();
  private final long begin;
  private long[] latencies = new long[65_536];
  private int count;
  private boolean isMeasuring;
  private long frames;

  /**
   * What came of a span.
   *
   * @param bytes that all players received
   * @param latency median of what a frame took to a player, in nanoseconds
   * @param latency99 99th percentile of it
   */
  record Taken(long bytes, long latency, long latency99) {}

  /** Connects a publisher and begins to publish. */
  LiveLoad(Clock clock, int port) throws IOException {
    this.clock = clock;
    this.port = port;
    selector = Selector.open();
    publisher = new LiveClient(clock, selector, port, CHANNEL, true);
    long connected = clock.nanos();
    while (!publisher.isReady()) {
      read(10);
      if (clock.nanos() - connected > PATIENCE.toNanos()) {
        throw new IOException("nobody lets us publish");
      }
    }
    publisher.configuration();
    begin = clock.nanos();
  }

  static String channel() {
    return CHANNEL;
  }

  /** Lets players join, evenly over a span. */
  void join(int wanted, Duration span) throws IOException {
    long from = clock.nanos();
    int joined = 0;
    while (joined < wanted) {
      if (clock.nanos() - from >= span.toNanos() * joined / wanted) {
        players.add(new LiveClient(clock, selector, port, CHANNEL, false));
        joined++;
      }
      turn();
    }
  }

  /** Goes on for a span, and says what players received in it. */
  Taken play(Duration span) throws IOException {
    count = 0;
    isMeasuring = true;
    long before = bytes();
    long from = clock.nanos();
    while (clock.nanos() - from < span.toNanos()) {
      turn();
    }
    isMeasuring = false;
    long[] sorted = Arrays.copyOf(latencies, count);
    Arrays.sort(sorted);
    return new Taken(
        bytes() - before,
        sorted.length == 0 ? 0 : Sample.quantile(sorted, 0.5),
        sorted.length == 0 ? 0 : Sample.quantile(sorted, 0.99));
  }

  /**
   * Goes on until each player has seen its first frame of video, and returns how long each waited
   * for it from its connect on, in nanoseconds, sorted.
   */
  long[] firstFrames() throws IOException {
    long from = clock.nanos();
    while (players.stream().anyMatch(player -> player.firstVideo() == 0)) {
      if (clock.nanos() - from > PATIENCE.toNanos()) {
        throw new IOException("some players see nothing");
      }
      play(POLL);
    }
    return players.stream().mapToLong(LiveClient::firstVideo).sorted().toArray();
  }

  /** Lets all players go. */
  void part() throws IOException {
    for (LiveClient player : players) {
      player.close();
    }
    players.clear();
    play(PARTING);
  }

  private long bytes() {
    return players.stream().mapToLong(LiveClient::bytes).sum();
  }

  private void turn() throws IOException {
    long due = begin + frames * 1_000_000_000L / FRAMES_PER_SECOND;
    long wait = due - clock.nanos();
    if (wait <= 0) {
      publisher.frame(frames % GROUP == 0, frames * 1000 / FRAMES_PER_SECOND);
      frames++;
      return;
    }
    read(Math.max(1, Math.min(5, wait / 1_000_000)));
  }

  private void read(long millis) throws IOException {
    selector.select(millis);
    for (SelectionKey key : selector.selectedKeys()) {
      if (key.isValid()) {
        ((LiveClient) key.attachment()).read(this::took);
      }
    }
    selector.selectedKeys().clear();
  }

  private void took(long nanos) {
    if (!isMeasuring) {
      return;
    }
    if (count == latencies.length) {
      latencies = Arrays.copyOf(latencies, count * 2);
    }
    latencies[count++] = nanos;
  }

  @Override
  public void close() {
    try {
      for (LiveClient player : players) {
        player.close();
      }
      publisher.close();
      selector.close();
    } catch (IOException gone) {
      // so it is closed
    }
  }
}
