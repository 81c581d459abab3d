package warmfront.streaming.origin;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import warmfront.streaming.live.Tap;
import warmfront.streaming.media.Tag;
import warmfront.streaming.segment.Answer;
import warmfront.streaming.segment.Packager;
import warmfront.streaming.segment.Resource;
import warmfront.time.Clock;

/**
 * A channel while somebody asks for it: its broadcast, packaged, and those who wait. Thread-safe;
 * the channel is heard on one event loop.
 */
final class Station implements Tap {
  private final String channel;
  private final Source source;
  private final Clock clock;
  private final Set<Runnable> waiting = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Packager packager;
  private volatile Tap.@Nullable Tapped tapped;
  private volatile long askedNanos;
  private volatile long endedNanos;
  private volatile boolean live;

  Station(String channel, Source source, Clock clock) {
    this.channel = channel;
    this.source = source;
    this.clock = clock;
    this.askedNanos = clock.nanos();
  }

  /** Hears the channel through this from now on. */
  void tappedBy(Tap.Tapped by) {
    tapped = by;
  }

  /** Answers a request as far as that can be done now. */
  Answer answer(Resource resource) {
    askedNanos = clock.nanos();
    @Nullable Packager current = packager;
    if (current != null) {
      return current.answer(resource);
    }
    return source.isPublished(channel)
        ? new Answer.NotYet(3 * source.cadence(channel).segment().toMillis())
        : new Answer.Missing();
  }

  /** Has something run after each change, until it is removed; it only passes the word on. */
  void add(Runnable waiter) {
    waiting.add(waiter);
  }

  void remove(Runnable waiter) {
    waiting.remove(waiter);
  }

  /** Returns whether nobody has asked for so long that it need not be packaged. */
  boolean isIdle(long lingerNanos) {
    return waiting.isEmpty() && clock.nanos() - askedNanos > lingerNanos;
  }

  /** Forgets a broadcast that ended a while ago. */
  void tidy(long lingerNanos) {
    if (!live && clock.nanos() - endedNanos > lingerNanos) {
      packager = null;
    }
  }

  void close() {
    Tap.@Nullable Tapped current = tapped;
    if (current != null) {
      current.end();
    }
  }

  @Override
  public void started() {
    live = true;
    packager = new Packager(source.cadence(channel), clock, this::tell);
  }

  @Override
  public void tag(Tag tag) {
    @Nullable Packager current = packager;
    if (live && current != null) {
      current.tag(tag);
    }
  }

  @Override
  public void stopped() {
    endedNanos = clock.nanos();
    live = false;
    @Nullable Packager current = packager;
    if (current != null) {
      current.end();
    }
  }

  private void tell() {
    waiting.forEach(Runnable::run);
  }
}
