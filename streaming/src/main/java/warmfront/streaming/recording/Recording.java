package warmfront.streaming.recording;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.bytes.Slice;
import warmfront.distribution.Channel;
import warmfront.streaming.live.Tap;
import warmfront.streaming.media.Tag;
import warmfront.streaming.recording.RecordingCounters.Failure;
import warmfront.streaming.segment.Film;

/**
 * A channel that is recorded. It hears the channel where its publisher is heard, under the
 * channel's lock, and only passes on; all else happens on the desk's thread.
 */
final class Recording implements Tap {
  private static final Logger LOG = LoggerFactory.getLogger(Recording.class);

  private final String channel;
  private final Channel.Recording to;
  private final Desk desk;

  /** Whether tags no longer found room in the queue; under the channel's lock. */
  private boolean isOverrun;

  // ---- on the desk's thread

  /** What decoders have to know, as it was said last. */
  private final Map<Tag.Kind, Tag> configurations = new EnumMap<>(Tag.Kind.class);

  private boolean isOn;

  /** When the film begins, if none has since the stream did. */
  private Instant began = Instant.EPOCH;

  private Instant last = Instant.EPOCH;
  private @Nullable Take take;
  private @Nullable Film film;
  private @Nullable Spool spool;

  Recording(String channel, Channel.Recording to, Desk desk) {
    this.channel = channel;
    this.to = to;
    this.desk = desk;
  }

  @Override
  public void started() {
    isOverrun = false;
    Instant now = desk.clock().now();
    desk.run(() -> begin(now));
  }

  @Override
  public void tag(Tag tag) {
    if (isOverrun) {
      return;
    }
    isOverrun = !desk.run(tag.payload().length(), () -> write(tag));
    if (isOverrun) {
      desk.run(() -> fail(Failure.SLOW, "the disk does not keep up"));
    }
  }

  @Override
  public void stopped() {
    desk.run(this::end);
  }

  private void begin(Instant now) {
    end();
    configurations.clear();
    began = now;
    isOn = true;
    desk.tally().running.increment();
  }

  private void end() {
    if (isOn) {
      finish();
    }
    if (isOn) {
      isOn = false;
      desk.tally().running.decrement();
    }
  }

  private void write(Tag tag) {
    if (!isOn) {
      return;
    }
    if (tag.isConfiguration()) {
      configurations.put(tag.kind(), tag);
    }
    if (film == null) {
      beginFilm(began);
    }
    if (take(tag) == Film.Taken.Other.ANOTHER) {
      finish();
      if (isOn) {
        beginFilm(desk.clock().now());
        var _ = take(tag);
      }
    }
  }

  private void beginFilm(Instant when) {
    RecordingLimits limits = desk.limits();
    Film next = new Film(limits.longest().toMillis(), limits.largest());
    configurations.values().forEach(next::tag);
    film = next;
    Instant second = when.truncatedTo(ChronoUnit.SECONDS);
    last = second.isAfter(last) ? second : last.plusSeconds(1);
    take = new Take(channel, to, last);
  }

  private Film.Taken take(Tag tag) {
    @Nullable Film current = film;
    Film.Taken taken = current == null ? Film.Taken.Other.NOTHING : current.tag(tag);
    keep(taken);
    return taken;
  }

  private void keep(Film.Taken taken) {
    if (!(taken instanceof Film.Taken.Piece(Slice bytes, _, Film.Mark mark))) {
      return;
    }
    try {
      @Nullable Spool current = spool;
      if (current != null && current.isRefused()) {
        leaveOff("its bucket refuses"); // which was counted where it was heard
      } else if (!desk.spools().hasRoom(bytes.length())) {
        fail(Failure.FULL, "there is no room left for recordings");
      } else {
        Spool open = current == null ? open() : current;
        open.add(bytes, mark);
        desk.tally().written.add(bytes.length());
        desk.uploads().poke(open);
      }
    } catch (IOException e) {
      fail(Failure.DISK, "the disk: " + e.getMessage());
    }
  }

  private Spool open() throws IOException {
    @Nullable Take wanted = take;
    if (wanted == null) {
      throw new IllegalStateException("a piece without a film");
    }
    Optional<Spool> begun = desk.spools().begin(wanted);
    while (begun.isEmpty()) {
      wanted = wanted.later();
      begun = desk.spools().begin(wanted);
    }
    last = wanted.began();
    spool = begun.get();
    return begun.get();
  }

  /** Ends the film as it should. */
  private void finish() {
    @Nullable Film current = film;
    if (current != null) {
      keep(current.end());
    }
    if (current != null && isOn && spool == null && current.hasForeign()) {
      fail(Failure.CODECS, "it has neither H.264, H.265 nor AAC");
    }
    leave();
  }

  private void fail(Failure failure, String why) {
    if (isOn) {
      desk.tally().failed(failure);
      leaveOff(why);
    }
  }

  /** Ends it because something does not go on. The stream does, and the next one is recorded. */
  private void leaveOff(String why) {
    isOn = false;
    desk.tally().running.decrement();
    LOG.warn(
        "channel {} is recorded no more, until it is published anew: {}; what was recorded stays",
        channel,
        why);
    leave();
  }

  private void leave() {
    @Nullable Spool current = spool;
    film = null;
    spool = null;
    if (current == null) {
      return;
    }
    try {
      current.close();
    } catch (IOException e) {
      LOG.warn("the recording {} was not written wholly", current.object(), e);
    }
    desk.uploads().poke(current);
  }
}
