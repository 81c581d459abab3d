package warmfront.streaming.segment;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Slice;
import warmfront.streaming.media.Tag;
import warmfront.time.Clock;

/**
 * One broadcast of a channel: live tags in, CMAF and playlists out. One thread gives tags at a
 * time, any thread asks; nothing here waits for a socket.
 *
 * <p>Times on the broadcast's timeline are those of tags, moved so that zero is when it began. Tags
 * whose times leap, as those of a publisher that begins anew do, go on where the wall clock is,
 * behind a discontinuity.
 */
public final class Packager {
  private static final String HLS = "application/vnd.apple.mpegurl";

  private static final String DASH = "application/dash+xml";

  /** Names of media are never used again; a day is longer than anybody's rewind. */
  private static final String FOR_GOOD = "public, max-age=86400, immutable";

  /** How far back times of a rendition may go before that is a leap. */
  private static final long LEAP_BACK_MILLIS = 1000;

  /** How far ahead of all that was before. */
  private static final long LEAP_AHEAD_MILLIS = 3000;

  /** How much beyond the end of a playlist may be asked for (RFC 8216bis, 6.2.5.2). */
  private static final int AHEAD_MAX = 2;

  private final Cadence cadence;
  private final Clock clock;
  private final Runnable changed;
  private final Broadcast broadcast;
  private final Map<Rendition, Track> tracks = new EnumMap<>(Rendition.class);
  private final Map<Rendition, Long> newest = new EnumMap<>(Rendition.class);
  private final Map<String, Slice> written = new HashMap<>();
  private Era era = new Era(0, 0);
  private boolean anchored;
  private boolean awaitsKey = true;
  private boolean ended;
  private long shift;
  private long changes;

  /**
   * Begins a broadcast.
   *
   * @param changed run after there is more to answer, by the thread that gave the tag, without a
   *     lock held
   */
  public Packager(Cadence cadence, Clock clock, Runnable changed) {
    this.cadence = cadence;
    this.clock = clock;
    this.changed = changed;
    this.broadcast = new Broadcast(clock.now());
  }

  /** Takes a tag; what cannot be read or is of an unknown codec is passed over. */
  public void tag(Tag tag) {
    switch (Coded.read(tag)) {
      case Coded.Configured(Rendition rendition, Format format) ->
          announce(() -> configure(rendition, format));
      case Coded.Framed(Rendition rendition, Frame frame) -> announce(() -> add(rendition, frame));
      case Coded.Other _ -> {}
    }
  }

  /** Ends the broadcast: what was sent remains to be asked for. */
  public void end() {
    announce(() -> {
      tracks.values().forEach(Track::flush);
      ended = true;
    });
  }

  private void announce(Runnable change) {
    boolean news;
    synchronized (this) {
      if (ended) {
        return;
      }
      change.run();
      long now = tracks.values().stream().mapToLong(Track::changes).sum();
      news = now != changes || ended;
      changes = now;
      if (news) {
        written.clear();
      }
    }
    if (news) {
      changed.run();
    }
  }

  private void configure(Rendition rendition, Format format) {
    @Nullable Track track = tracks.get(rendition);
    if (track == null) {
      tracks.put(rendition, new Track(rendition, cadence, broadcast, format, era));
    } else if (!track.format().isSame(format)) {
      beginEra(newestMillis());
      track.configure(format, era);
    } else {
      return;
    }
    awaitsKey |= rendition == Rendition.VIDEO;
  }

  private void add(Rendition rendition, Frame frame) {
    @Nullable Track track = tracks.get(rendition);
    if (track == null || isTooEarly(rendition, frame)) {
      return;
    }
    long millis = onTimeline(rendition, frame.millis());
    if (rendition == Rendition.VIDEO) {
      awaitsKey = false;
    }
    broadcast.heard(clock.now(), millis);
    newest.merge(rendition, millis, Math::max);
    Frame placed = new Frame(millis, frame.offsetMillis(), frame.key(), frame.bytes());
    boolean cut = track.add(placed, rendition == Rendition.AUDIO && soundLeads());
    @Nullable Track sound = tracks.get(Rendition.AUDIO);
    if (cut && rendition == Rendition.VIDEO && sound != null) {
      sound.cut(millis);
    }
  }

  /** Pictures begin with a keyframe, and a broadcast with pictures begins with one of them. */
  private boolean isTooEarly(Rendition rendition, Frame frame) {
    if (rendition == Rendition.VIDEO) {
      return awaitsKey && !frame.key();
    }
    return tracks.containsKey(Rendition.VIDEO)
        && !newest.containsKey(Rendition.VIDEO)
        && elapsedMillis() < cadence.segmentMax().toMillis();
  }

  /** Returns whether sound has to end segments itself, for lack of pictures. */
  private boolean soundLeads() {
    return !comes(Rendition.VIDEO);
  }

  private long onTimeline(Rendition rendition, long millis) {
    long latest = newestMillis();
    long placed = millis + shift;
    boolean leaps =
        anchored
            && (placed < newest.getOrDefault(rendition, latest) - LEAP_BACK_MILLIS
                || placed > latest + LEAP_AHEAD_MILLIS);
    if (anchored && !leaps) {
      return Math.max(placed, 0);
    }
    long here = Math.max(latest, elapsedMillis());
    if (leaps) {
      beginEra(here);
    }
    shift = here - millis;
    anchored = true;
    return here;
  }

  private void beginEra(long millis) {
    era = era.next(millis);
    for (Track track : tracks.values()) {
      track.discontinue(era);
    }
  }

  private long newestMillis() {
    return newest.values().stream().mapToLong(Long::longValue).max().orElse(0);
  }

  private long elapsedMillis() {
    return Duration.between(broadcast.zero(), clock.now()).toMillis();
  }

  // ---- answers

  /** Answers a request as far as that can be done now. */
  public synchronized Answer answer(Resource resource) {
    return switch (resource) {
      case Resource.Multivariant _ -> multivariant();
      case Resource.Manifest _ -> manifest();
      case Resource.Playlist(Rendition rendition, Optional<Resource.Position> from, boolean skip) ->
          playlist(rendition, from, skip);
      case Resource.Initialization(Rendition rendition, String name, int number) ->
          initial(rendition, name, number);
      case Resource.Whole(Rendition rendition, String name, long sequence) ->
          segment(rendition, name, sequence);
      case Resource.Part(Rendition rendition, String name, long sequence, int part) ->
          part(rendition, name, sequence, part);
    };
  }

  private Answer multivariant() {
    return isReady()
        ? whole(
            HLS,
            forNow(),
            written(
                "index",
                () -> MultivariantPlaylist.write(ready(Rendition.VIDEO), ready(Rendition.AUDIO))))
        : later();
  }

  private Answer manifest() {
    return isReady()
        ? whole(
            DASH,
            forNow(),
            written(
                "manifest",
                () ->
                    Manifest.write(
                        broadcast,
                        tracks.values().stream().filter(Track::isReady).toList(),
                        cadence,
                        clock.now(),
                        ended)))
        : later();
  }

  private Answer playlist(Rendition rendition, Optional<Resource.Position> from, boolean skip) {
    @Nullable Track track = tracks.get(rendition);
    if (track == null || !track.isReady()) {
      return isReady() && track == null ? new Answer.Missing() : later();
    }
    if (from.isPresent() && !ended) {
      Resource.Position wanted = from.get();
      if (wanted.sequence() > track.open().sequence() + AHEAD_MAX) {
        return new Answer.Malformed(
            "_HLS_msn is beyond the next segments: the last is " + track.open().sequence());
      }
      if (!hasReached(track.open(), wanted)) {
        return later();
      }
    }
    Slice text =
        written(
            rendition.word() + (skip ? "+" : ""),
            () ->
                MediaPlaylist.write(
                    broadcast,
                    track,
                    Optional.ofNullable(tracks.get(rendition.other())),
                    ended,
                    skip));
    return whole(HLS, from.isPresent() ? "max-age=" + 6 * track.targetSeconds() : forNow(), text);
  }

  /** Returns whether what was asked for is in the playlist, or is past (RFC 8216bis, 6.2.5.2). */
  private static boolean hasReached(Segment open, Resource.Position wanted) {
    if (open.sequence() != wanted.sequence()) {
      return open.sequence() > wanted.sequence();
    }
    OptionalInt part = wanted.part();
    return part.isPresent() && open.parts().size() > part.getAsInt();
  }

  private Answer initial(Rendition rendition, String name, int number) {
    @Nullable Track track = track(rendition, name);
    @Nullable Initial initial = track == null ? null : track.initial(number);
    return initial == null
        ? new Answer.Missing()
        : whole(type(rendition), FOR_GOOD, initial.bytes());
  }

  private Answer segment(Rendition rendition, String name, long sequence) {
    @Nullable Track track = track(rendition, name);
    if (track == null) {
      return new Answer.Missing();
    }
    Segment open = track.open();
    if (!ended && sequence == open.sequence() + 1) {
      return later();
    }
    @Nullable Segment segment = track.segment(sequence);
    if (segment == null || (ended && segment == open)) {
      return new Answer.Missing();
    }
    if (segment != open) {
      return new Answer.Whole(type(rendition), FOR_GOOD, segment.pieces());
    }
    return segment.isEmpty()
        ? later()
        : new Answer.Growing(type(rendition), FOR_GOOD, segment.pieces());
  }

  private Answer part(Rendition rendition, String name, long sequence, int number) {
    @Nullable Track track = track(rendition, name);
    @Nullable Segment segment = track == null ? null : track.segment(sequence);
    if (track == null || segment == null) {
      return new Answer.Missing();
    }
    List<Part> parts = segment.parts();
    if (number < parts.size()) {
      return whole(type(rendition), FOR_GOOD, parts.get(number).bytes());
    }
    boolean hinted = segment == track.open() && number == parts.size() && !ended;
    return hinted ? later() : new Answer.Missing();
  }

  private @Nullable Track track(Rendition rendition, String name) {
    return name.equals(broadcast.name()) ? tracks.get(rendition) : null;
  }

  /** Returns whether all that comes can be played: players do not ask again what there is. */
  private boolean isReady() {
    return tracks.values().stream().anyMatch(Track::isReady)
        && tracks.values().stream().allMatch(track -> track.isReady() || !comes(track.rendition()));
  }

  private boolean comes(Rendition rendition) {
    @Nullable Long last = newest.get(rendition);
    return last != null && last >= newestMillis() - cadence.segmentMax().toMillis();
  }

  private Optional<Track> ready(Rendition rendition) {
    return Optional.ofNullable(tracks.get(rendition)).filter(Track::isReady);
  }

  private Slice written(String name, Supplier<String> write) {
    return written.computeIfAbsent(
        name, _ -> Slice.of(write.get().getBytes(StandardCharsets.UTF_8)));
  }

  private static Answer whole(String type, String cacheControl, Slice bytes) {
    return new Answer.Whole(type, cacheControl, List.of(bytes));
  }

  private static String type(Rendition rendition) {
    return rendition.word() + "/mp4";
  }

  /**
   * Half a target duration, for playlists that nobody waited for (RFC 8216bis, appendix B.1); for
   * one more, caches may go on without us (RFC 5861, section 4).
   */
  private String forNow() {
    int target = targetSeconds();
    return "max-age=%d, stale-if-error=%d".formatted(Math.max(target / 2, 1), target);
  }

  private Answer later() {
    return ended ? new Answer.Missing() : new Answer.NotYet(3000L * targetSeconds());
  }

  private int targetSeconds() {
    int known = tracks.values().stream().mapToInt(Track::targetSeconds).max().orElse(0);
    return known > 0 ? known : (int) Math.max(cadence.segment().toSeconds(), 1);
  }
}
