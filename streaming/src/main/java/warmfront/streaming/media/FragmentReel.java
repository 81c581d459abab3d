package warmfront.streaming.media;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A way through fragments. Frames of different kinds may be in fragments of their own, so that it
 * reads ahead, not far, until it has some of each and knows which comes first.
 */
final class FragmentReel implements Reel {
  /** Fragments of one kind after which it no longer waits for the other. */
  private static final int AHEAD = 4;

  private final FragmentedMedium medium;
  private final @Nullable Line video;
  private final @Nullable Line audio;
  private FragmentWalk walk;
  private boolean ended;
  private boolean broken;

  /** The time that is looked for; -1 when it has been found. */
  private long target = -1;

  /** The last keyframe that is not after it, once there is one, and its fragment. */
  private long keyMillis = -1;

  private long keyFragment;

  /** When the last frame is decoded of those that were looked at. */
  private long last;

  FragmentReel(FragmentedMedium medium, long millis) {
    this.medium = medium;
    Movie movie = medium.movie();
    video = movie.video() == null ? null : new Line(movie.video().codec());
    audio = movie.audio() == null ? null : new Line(movie.audio().codec());
    keyFragment = millis == 0 ? FragmentWalk.BEGINNING : medium.index().offsetAt(millis);
    walk = medium.walk(keyFragment);
    target = millis == 0 ? -1 : millis;
  }

  @Override
  public Turn next(Window window) {
    while (target >= 0) {
      FragmentWalk.Turn turn = walk.next(window);
      if (turn instanceof FragmentWalk.Needs(long offset, int length)) {
        return new Needs(offset, length);
      }
      look(turn);
    }
    return frame(window);
  }

  /** Looks at a fragment for the keyframe from which the target can be played. */
  private void look(FragmentWalk.Turn turn) {
    switch (turn) {
      case FragmentWalk.Needs _ -> {}
      case FragmentWalk.End(boolean damaged) -> {
        if (last >= target) {
          found();
        } else {
          target = -1;
          ended = true;
          broken = damaged;
        }
      }
      case FragmentWalk.Found(MovieFragment fragment, long begin) -> {
        last = Math.max(last, fragment.lastMillis());
        @Nullable FrameTable table = fragment.table(medium.movie().leading());
        if (table != null) {
          look(table, begin);
        }
      }
    }
  }

  private void look(FrameTable table, long begin) {
    FrameTable.Reader reader = table.readerAt(target);
    if (reader.advance() && reader.key() && reader.millis() <= target) {
      keyMillis = reader.millis();
      keyFragment = begin;
    }
    if (table.lastMillis() >= target) {
      found();
    }
  }

  private void found() {
    walk = medium.walk(keyFragment);
    target = -1;
  }

  private Turn frame(Window window) {
    while (true) {
      @Nullable Line next = next();
      if (next != null) {
        Frame frame = next.take();
        if (frame.millis() >= keyMillis) {
          return frame;
        }
      } else if (ended) {
        return new End(broken);
      } else {
        switch (walk.next(window)) {
          case FragmentWalk.Needs(long offset, int length) -> {
            return new Needs(offset, length);
          }
          case FragmentWalk.End(boolean damaged) -> {
            ended = true;
            broken = damaged;
          }
          case FragmentWalk.Found(MovieFragment fragment, _) -> add(fragment);
        }
      }
    }
  }

  private void add(MovieFragment fragment) {
    fragment
        .tables()
        .forEach((kind, table) -> {
          @Nullable Line line = kind == Tag.Kind.VIDEO ? video : audio;
          if (line != null) {
            line.tables.add(table.reader());
          }
        });
    if (fragment.broken()) {
      ended = true;
      broken = true;
    }
  }

  /** Returns the line with the next frame; null if that is not known yet, or there is none. */
  private @Nullable Line next() {
    boolean sees = video != null && video.isReady();
    boolean hears = audio != null && audio.isReady();
    if (video != null && sees && audio != null && hears) {
      return video.millis() <= audio.millis() ? video : audio;
    }
    @Nullable Line one = sees ? video : hears ? audio : null;
    boolean alone = video == null || audio == null;
    return one != null && (alone || ended || one.tables.size() >= AHEAD) ? one : null;
  }

  /** Frames of one kind that are known and not sent. */
  private static final class Line {
    private final Codec codec;
    private final Deque<FrameTable.Reader> tables = new ArrayDeque<>();
    private boolean ready;

    Line(Codec codec) {
      this.codec = codec;
    }

    /** Returns whether a frame is known; goes to it. */
    boolean isReady() {
      while (!ready && !tables.isEmpty()) {
        ready = tables.getFirst().advance();
        if (!ready) {
          tables.removeFirst();
        }
      }
      return ready;
    }

    long millis() {
      return tables.getFirst().millis();
    }

    Frame take() {
      ready = false;
      return TableReel.frame(tables.getFirst(), codec);
    }
  }
}
