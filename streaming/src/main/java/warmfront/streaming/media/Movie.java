package warmfront.streaming.media;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an MP4's moov box says (ISO/IEC 14496-12, 8.2).
 *
 * @param video the track of video that is played; null if there is none
 * @param audio the track of audio that is played; null if there is none
 * @param millis how long it plays; 0 if it does not say
 * @param fragmented whether frames are in fragments after it
 * @param whole whether how long it plays is said of the fragments too
 */
record Movie(
    @Nullable Track video, @Nullable Track audio, long millis, boolean fragmented, boolean whole) {
  private static final int MVHD = Box.type("mvhd");
  private static final int TRAK = Box.type("trak");
  private static final int MVEX = Box.type("mvex");
  private static final int MEHD = Box.type("mehd");
  private static final int TREX = Box.type("trex");

  /** A duration of all ones is none (8.2.2). */
  private static final long NO_DURATION = 0xffff_ffffL;

  /**
   * A movie, and the tables of its tracks, of which it has no need once they are read.
   *
   * @param video the track of video with its tables; null if there is none
   * @param audio the track of audio with its tables; null if there is none
   */
  record Tabled(Movie movie, Track.@Nullable Tabled video, Track.@Nullable Tabled audio) {}

  /** Reads a moov box. */
  static Tabled of(Box moov) throws BadMedia {
    List<Box> boxes = moov.boxes(0);
    Box header = moov.inner(MVHD);
    boolean wide = header.u8(0) == 1;
    long scale = header.u32(wide ? 20 : 12);
    if (scale == 0) {
      throw new BadMedia("a time scale of 0");
    }
    long duration = wide ? header.i64(24) : header.u32(16);
    @Nullable Box extension = Box.first(boxes, MVEX);
    List<Box> extensions = new ArrayList<>();
    boolean whole = false;
    if (extension != null) {
      for (Box box : extension.boxes(0)) {
        if (box.type() == TREX) {
          extensions.add(box);
        } else if (box.type() == MEHD) {
          duration = box.u8(0) == 1 ? box.i64(4) : box.u32(4);
          whole = true;
        }
      }
    }
    List<Box> traks = boxes.stream().filter(box -> box.type() == TRAK).toList();
    Track.@Nullable Tabled video = track(traks, Tag.Kind.VIDEO, scale, extensions);
    Track.@Nullable Tabled audio = track(traks, Tag.Kind.AUDIO, scale, extensions);
    if (video == null && audio == null) {
      throw new BadMedia("neither video nor audio");
    }
    boolean known = duration > 0 && duration != NO_DURATION;
    long millis = known ? new Track.Timeline(scale, 0, 0).millis(duration) : 0;
    Movie movie =
        new Movie(
            video == null ? null : video.track(),
            audio == null ? null : audio.track(),
            millis,
            extension != null,
            whole);
    return new Tabled(movie, video, audio);
  }

  /** Returns of which kind the frame has to be with which playing begins. */
  Tag.Kind leading() {
    return video == null ? Tag.Kind.AUDIO : Tag.Kind.VIDEO;
  }

  /** Returns the same, with frames decoded by some ticks earlier than its tables say. */
  Movie earlier(Map<Tag.Kind, Long> ticks) {
    return new Movie(
        video == null ? null : video.earlier(ticks.getOrDefault(Tag.Kind.VIDEO, 0L)),
        audio == null ? null : audio.earlier(ticks.getOrDefault(Tag.Kind.AUDIO, 0L)),
        millis,
        fragmented,
        whole);
  }

  /** Returns its tracks. */
  List<Track> tracks() {
    List<Track> tracks = new ArrayList<>();
    if (video != null) {
      tracks.add(video);
    }
    if (audio != null) {
      tracks.add(audio);
    }
    return tracks;
  }

  /** Returns the names of codecs that FLV did not always have. */
  List<String> fourCcs() {
    return tracks().stream()
        .map(track -> track.codec().form().fourCc)
        .filter(fourCc -> fourCc != 0)
        .map(Box::name)
        .toList();
  }

  /**
   * Returns the first track of a kind that is enabled, else the first; null if there is none.
   *
   * @throws BadMedia if there are some, but none that can be sent
   */
  private static Track.@Nullable Tabled track(
      List<Box> traks, Tag.Kind kind, long scale, List<Box> extensions) throws BadMedia {
    Set<String> unknown = new LinkedHashSet<>();
    Track.@Nullable Tabled disabled = null;
    for (Box trak : traks) {
      if (Track.kind(trak) != kind) {
        continue;
      }
      Track.@Nullable Tabled track = Track.of(trak, kind, scale, extensions);
      boolean enabled = Track.isEnabled(trak);
      if (track == null) {
        unknown.add(Track.content(trak));
      } else if (enabled) {
        return track;
      } else if (disabled == null) {
        disabled = track;
      }
    }
    if (disabled == null && !unknown.isEmpty()) {
      throw new BadMedia("%s in %s".formatted(kind == Tag.Kind.VIDEO ? "video" : "audio", unknown));
    }
    return disabled;
  }
}
