package warmfront.streaming.media;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Opens MP4 (ISO/IEC 14496-12). It hops from box to box by their sizes, so that of an mdat before
 * the moov only the header is read, and then reads the moov and nothing else.
 */
final class Mp4Opening implements Opening {
  private static final int MOOV = Box.type("moov");
  private static final int MOOF = Box.type("moof");
  private static final int SIDX = Box.type("sidx");

  /** What a file may begin with, of its kin and of what has been seen. */
  private static final Set<Integer> FIRST =
      Set.of(
          Box.type("ftyp"),
          MOOV,
          Box.type("mdat"),
          Box.type("free"),
          Box.type("skip"),
          Box.type("wide"),
          Box.type("uuid"),
          Box.type("pnot"));

  private long at;
  private int hops;
  private Movie.@Nullable Tabled movie;
  private @Nullable FragmentOpening fragments;
  private @Nullable Step end;

  /** Returns whether a file may be MP4, by its first bytes. */
  static boolean mayBegin(Window window, int first) {
    if (first < 8) {
      return false;
    }
    int type = 0;
    for (int i = 4; i < 8; i++) {
      type = type << 8 | window.at(i);
    }
    return FIRST.contains(type);
  }

  @Override
  public Step next(Window window) {
    if (end == null) {
      try {
        Step step = step(window);
        if (step instanceof Needs) {
          return step;
        }
        end = step;
      } catch (BadMedia bad) {
        end = new Refused(bad.what());
      }
    }
    return end;
  }

  private Step step(Window window) throws BadMedia {
    while (movie == null) {
      @Nullable Needs needs = hop(window);
      if (needs != null) {
        return needs;
      }
    }
    if (!movie.movie().fragmented()) {
      return new Opened(IndexedMedium.of(movie, window.objectLength()));
    }
    if (fragments == null) {
      fragments = new FragmentOpening(movie, at, window.objectLength());
    }
    return fragments.next(window);
  }

  /** Goes past a box, or reads it if it is the moov; returns what it needs for that. */
  private @Nullable Needs hop(Window window) throws BadMedia {
    long left = window.objectLength() - at;
    if (left < 8) {
      throw new BadMedia("no 'moov'");
    }
    int header = (int) Math.min(Box.HEADER_MAX, left);
    if (!window.has(at, header)) {
      return new Needs(at, header);
    }
    Box box = Box.at(window, at, window.objectLength());
    if (box.type() == MOOF || box.type() == SIDX) {
      throw new BadMedia("fragments before their 'moov'");
    }
    if (box.type() == MOOV) {
      long size = box.to() - at;
      if (size > Limits.MOVIE_BYTES) {
        throw new BadMedia("a 'moov' of %d bytes".formatted(size));
      }
      if (!window.has(at, (int) size)) {
        return new Needs(at, (int) size);
      }
      movie = Movie.of(box);
    }
    if (++hops > Limits.BOXES) {
      throw new BadMedia("no 'moov' among the first %d boxes".formatted(Limits.BOXES));
    }
    at = box.to();
    return null;
  }

  /** Returns what goes ahead of a movie's frames. */
  static List<Tag> head(Movie movie, long millis, long objectLength, double frameRate) {
    ScriptWriter about = new ScriptWriter();
    if (millis > 0) {
      about.with("duration", millis / 1000.0);
    }
    if (movie.video() != null) {
      Codec codec = movie.video().codec();
      about.with("width", codec.first()).with("height", codec.second());
      about.with("videocodecid", (double) codec.form().number());
      if (frameRate > 0) {
        about.with("framerate", frameRate);
      }
    }
    if (movie.audio() != null) {
      Codec codec = movie.audio().codec();
      about.with("audiocodecid", (double) codec.form().number());
      about.with("audiosamplerate", codec.first());
      about.with("stereo", codec.second() > 1);
    }
    about.with("filesize", (double) objectLength);
    List<Tag> head = new ArrayList<>();
    head.add(about.tag());
    for (Track track : movie.tracks()) {
      if (track.codec().configuration() != null) {
        head.add(track.codec().configuration());
      }
    }
    return head;
  }
}
