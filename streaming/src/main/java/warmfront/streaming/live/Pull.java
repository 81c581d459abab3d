package warmfront.streaming.live;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import warmfront.streaming.media.Tag;
import warmfront.time.Clock;

/**
 * One channel brought from its home for as long as somebody watches it here. Looked after by the
 * hub's sweeps.
 */
final class Pull implements Feeder, Upstream.Sink {
  /** How long it goes on without a player. */
  private static final Duration LINGER = Duration.ofSeconds(5);

  /** How long nothing may come. */
  private static final Duration SILENCE = Duration.ofSeconds(15);

  /** How long until a home is asked again that had nothing. */
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final LiveChannel channel;
  private final Clock clock;
  private volatile long heard;
  private volatile boolean isOver;
  private volatile Optional<Upstream.Pulled> pulled = Optional.empty();
  private long wanted;
  private boolean hasBegun;

  private Pull(LiveChannel channel, Clock clock) {
    this.channel = channel;
    this.clock = clock;
    heard = clock.nanos();
    wanted = heard;
  }

  /** Begins to bring a channel. */
  static Pull begin(String name, LiveChannel channel, Upstream upstream, Clock clock) {
    Pull pull = new Pull(channel, clock);
    pull.from(upstream, name);
    return pull;
  }

  private synchronized void from(Upstream upstream, String name) {
    pulled = upstream.pull(name, this);
    isOver = pulled.isEmpty();
  }

  @Override
  public synchronized void tags(List<Tag> tags) {
    heard = clock.nanos();
    if (!hasBegun && !isOver) {
      hasBegun = channel.publish(this);
      isOver = !hasBegun;
    }
    if (isOver) {
      end();
    } else {
      channel.tags(this, tags);
    }
  }

  @Override
  public synchronized void over(boolean isEnd) {
    isOver = true;
    heard = clock.nanos();
    channel.leave(this, isEnd);
  }

  /**
   * Ends it if nobody watches any more, or nothing comes.
   *
   * @param isWanted whether somebody watches
   * @return whether it may be forgotten, so that another may begin
   */
  boolean sweep(boolean isWanted) {
    long now = clock.nanos();
    wanted = isWanted ? now : wanted;
    if (!isOver && now - wanted > LINGER.toNanos()) {
      stop(true);
    } else if (!isOver && now - heard > SILENCE.toNanos()) {
      stop(false);
    }
    return isOver && now - heard > PAUSE.toNanos();
  }

  /** Returns whether the channel has its frames from it. */
  synchronized boolean isFeeding() {
    return hasBegun && !isOver;
  }

  /** Ends it at once. */
  private void stop(boolean isEnd) {
    end();
    over(isEnd);
  }

  private void end() {
    pulled.ifPresent(Upstream.Pulled::end);
  }

  @Override
  public void replaced() {
    isOver = true;
    end();
  }

  @Override
  public boolean isPull() {
    return true;
  }
}
