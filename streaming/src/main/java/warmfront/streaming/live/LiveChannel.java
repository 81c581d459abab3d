package warmfront.streaming.live;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import warmfront.streaming.media.Tag;
import warmfront.streaming.rtmp.Packet;
import warmfront.time.Clock;

/**
 * One channel: at most one from whom it has its frames, and everybody who hears it. Thread-safe:
 * everything is under its lock but what happens to players, which is on their loops.
 */
final class LiveChannel {
  private static final byte[] SET_DATA_FRAME = Role.named("@setDataFrame");
  private static final byte[] CLEAR_DATA_FRAME = Role.named("@clearDataFrame");

  private final LiveLimits limits;
  private final Clock clock;
  private final Timeline timeline = new Timeline();
  private final Recent recent;
  private final Map<Executor, Stage> stages = new HashMap<>();
  private final List<Listening> taps = new ArrayList<>();
  private @Nullable Feeder feeder;
  private long heard;
  private long next = 1;

  /** Whether a stream is going on, with a feeder or within the grace after one. */
  private boolean isLive;

  /** Whether taps hear it: what is published here, not what is brought. */
  private boolean isTapped;

  private int players;

  LiveChannel(LiveLimits limits, Clock clock) {
    this.limits = limits;
    this.clock = clock;
    recent = new Recent(limits.keptBytesMax());
  }

  /** Takes a feeder; false if there is another that is heard, and not further from the source. */
  synchronized boolean publish(Feeder wanting) {
    long now = clock.nanos();
    Feeder known = feeder;
    boolean mayStay = known != null && (!known.isPull() || wanting.isPull());
    if (mayStay && now - heard <= limits.silence().toNanos()) {
      return false;
    }
    if (known != null) {
      known.replaced();
    }
    feeder = wanting;
    heard = now;
    timeline.breaks();
    if (!isLive) {
      isLive = true;
      stages.values().forEach(stage -> stage.each(Player::published));
    }
    tapped(!wanting.isPull());
    return true;
  }

  private void tapped(boolean isNow) {
    if (isTapped != isNow) {
      isTapped = isNow;
      taps.forEach(tap -> tap.tell(isNow ? Tap::started : Tap::stopped));
    }
  }

  /**
   * The feeder leaves.
   *
   * @param isEnd whether it said so, so that nobody need wait for it
   */
  synchronized void leave(Feeder leaving, boolean isEnd) {
    if (feeder != leaving) {
      return;
    }
    feeder = null;
    heard = clock.nanos();
    if (isEnd) {
      end();
    }
  }

  private void end() {
    isLive = false;
    recent.clear();
    stages.values().forEach(stage -> stage.each(Player::unpublished));
    tapped(false);
  }

  /** Looks whether time has passed that changes something, or the channel was taken away. */
  synchronized void sweep(boolean isOn) {
    Feeder known = feeder;
    if (known != null && !isOn) {
      feeder = null;
      known.replaced();
      end();
    } else if (known == null && isLive && clock.nanos() - heard > limits.grace().toNanos()) {
      end();
    }
  }

  /** Ends what goes on, and lets go of what is kept. */
  synchronized void close() {
    feeder = null;
    if (isLive) {
      end();
    }
  }

  /** Returns whether nobody is here, or comes back. */
  synchronized boolean isIdle() {
    return feeder == null && !isLive && players == 0 && taps.isEmpty();
  }

  /** Returns whether it is published here; what is brought from elsewhere is not. */
  synchronized boolean isPublished() {
    Feeder known = feeder;
    return known != null && !known.isPull();
  }

  /** Returns whether somebody watches. */
  synchronized boolean isWatched() {
    return players > 0;
  }

  synchronized int players() {
    return players;
  }

  /** Takes what came together. */
  synchronized void tags(Feeder from, List<Tag> tags) {
    if (feeder != from) {
      return;
    }
    heard = clock.nanos();
    List<Frame> frames = new ArrayList<>(tags.size());
    for (Tag tag : tags) {
      @Nullable Tag bare = bare(tag);
      if (bare != null) {
        long millis = timeline.place(bare.millis(), heard);
        Tag placed = new Tag(bare.kind(), millis, bare.payload());
        frames.add(new Frame(next++, placed, Role.of(placed)));
      }
    }
    if (frames.isEmpty()) {
      return;
    }
    for (Stage stage : stages.values()) {
      stage.frames(Batch.of(frames));
    }
    if (isTapped) {
      taps.forEach(tap -> tap.frames(frames));
    }
    frames.forEach(recent::add);
  }

  /** Returns a tag without what is meant for servers alone; null if nothing is left. */
  private @Nullable Tag bare(Tag tag) {
    if (tag.kind() != Tag.Kind.SCRIPT) {
      return tag;
    }
    ByteBuffer bytes = tag.payload().buffer();
    if (Role.beginsWith(bytes, CLEAR_DATA_FRAME)) {
      recent.forgetMetadata();
      return null;
    }
    int skipped = SET_DATA_FRAME.length;
    if (!Role.beginsWith(bytes, SET_DATA_FRAME) || bytes.limit() == skipped) {
      return tag;
    }
    return new Tag(tag.kind(), tag.millis(), tag.payload().part(skipped, bytes.limit() - skipped));
  }

  /** Lets a player join, on its loop. */
  synchronized void join(Player player) {
    players++;
    stages.computeIfAbsent(player.link().loop(), loop -> new Stage(loop, clock)).add(player);
    if (isLive) {
      List<Frame> kept = recent.sinceKey();
      List<Packet> packets = kept.stream().map(Frame::packet).toList();
      player.join(recent.head(), kept, packets, recent.hasVideo(), next);
      packets.forEach(Packet::release);
    } else {
      player.join(List.of(), List.of(), List.of(), false, next);
    }
  }

  /** Lets a player go, on its loop. */
  synchronized void part(Player player) {
    players--;
    Executor loop = player.link().loop();
    @Nullable Stage stage = stages.get(loop);
    if (stage != null) {
      stage.remove(player);
      if (stage.isEmpty()) {
        stages.remove(loop);
      }
    }
  }

  /** Lets somebody hear the channel. */
  synchronized Tap.Tapped tap(Executor executor, Tap tap) {
    Listening listening = new Listening(executor, tap);
    taps.add(listening);
    if (isTapped) {
      long millis = recent.sinceKey().isEmpty() ? 0 : recent.sinceKey().getFirst().tag().millis();
      List<Tag> tags = new ArrayList<>();
      recent.head().forEach(tag -> tags.add(new Tag(tag.kind(), millis, tag.payload())));
      recent.sinceKey().forEach(frame -> tags.add(frame.tag()));
      listening.isWaiting = recent.hasVideo() && recent.sinceKey().isEmpty();
      listening.tell(told -> {
        told.started();
        tags.forEach(told::tag);
      });
    }
    return () -> untap(listening);
  }

  private synchronized void untap(Listening listening) {
    listening.isOver = true;
    taps.remove(listening);
  }

  /** One who taps. */
  private static final class Listening {
    private final Executor executor;
    private final Tap tap;
    private volatile boolean isOver;

    /** Whether video is left out until a keyframe. */
    private boolean isWaiting;

    Listening(Executor executor, Tap tap) {
      this.executor = executor;
      this.tap = tap;
    }

    void frames(List<Frame> frames) {
      List<Tag> tags = new ArrayList<>(frames.size());
      for (Frame frame : frames) {
        isWaiting &= frame.role() != Role.KEYFRAME;
        if (!isWaiting || frame.role() != Role.VIDEO) {
          tags.add(frame.tag());
        }
      }
      tell(told -> tags.forEach(told::tag));
    }

    void tell(Consumer<Tap> what) {
      try {
        executor.execute(() -> {
          if (!isOver) {
            what.accept(tap);
          }
        });
      } catch (RejectedExecutionException e) {
        // it ends, as everything does
      }
    }
  }
}
