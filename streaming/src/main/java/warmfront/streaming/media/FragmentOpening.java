package warmfront.streaming.media;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Opens what comes after the moov of a fragmented MP4: an index if there is one, and the first
 * fragment, which has the beginning of the timeline. Where there is no index, the mfra box at the
 * end is looked for, which is one, and if nothing says how long it plays, the last fragment.
 */
final class FragmentOpening {
  private Movie movie;
  private final long first;
  private final @Nullable MovieFragment beginning;
  private FragmentWalk walk;
  private FragmentIndex index = FragmentIndex.NONE;
  private long base;
  private long millis;
  private State state = State.FIRST;
  private long mfra;

  /** What is read next. */
  private enum State {
    FIRST,
    END,
    RANDOM_ACCESS,
    LAST,
    DONE
  }

  /**
   * Begins behind a moov.
   *
   * @param first where the next box begins
   */
  FragmentOpening(Movie.Tabled tabled, long first, long objectLength) throws BadMedia {
    movie = tabled.movie();
    this.first = first;
    walk = new FragmentWalk(movie, null, first, 0);
    @Nullable SampleWalk video = IndexedMedium.begun(tabled.video());
    @Nullable SampleWalk audio = IndexedMedium.begun(tabled.audio());
    if (video == null && audio == null) {
      beginning = null;
      millis = movie.millis();
    } else {
      base = IndexedMedium.base(video, audio);
      beginning = beginning(video, audio, base, objectLength);
      millis = movie.whole() ? movie.millis() : 0;
    }
  }

  private static MovieFragment beginning(
      @Nullable SampleWalk video, @Nullable SampleWalk audio, long base, long objectLength)
      throws BadMedia {
    Map<Tag.Kind, FrameTable> tables = new EnumMap<>(Tag.Kind.class);
    if (video != null) {
      tables.put(Tag.Kind.VIDEO, table(video, base, objectLength));
    }
    if (audio != null) {
      tables.put(Tag.Kind.AUDIO, table(audio, base, objectLength));
    }
    return new MovieFragment(tables, 0, 0, Map.of(), false);
  }

  private static FrameTable table(SampleWalk walk, long base, long objectLength) throws BadMedia {
    FrameTable.Writer rows = new FrameTable.Writer(walk.track().codec().form().kind);
    do {
      if (walk.offset() > objectLength - walk.size()) {
        throw new BadMedia("frames beyond the file's end");
      }
      if (rows.count() == Limits.FRAGMENT_FRAMES) {
        throw new BadMedia("too many frames before the fragments");
      }
      IndexedMedium.add(rows, walk, base);
    } while (walk.advance());
    return rows.table();
  }

  /** Goes on as far as the bytes at hand allow. */
  Opening.Step next(Window window) throws BadMedia {
    while (state != State.DONE) {
      Opening.@Nullable Needs needs =
          switch (state) {
            case FIRST -> first(window);
            case END -> end(window);
            case RANDOM_ACCESS -> randomAccess(window);
            case LAST -> last(window);
            case DONE -> null;
          };
      if (needs != null) {
        return needs;
      }
    }
    List<Tag> head = Mp4Opening.head(movie, millis, window.objectLength(), 0);
    long known = millis == 0 ? -1 : millis;
    return new Opening.Opened(
        new FragmentedMedium(movie, beginning, first, base, index, known, head));
  }

  private Opening.@Nullable Needs first(Window window) throws BadMedia {
    switch (walk.next(window)) {
      case FragmentWalk.Needs(long offset, int length) -> {
        return new Opening.Needs(offset, length);
      }
      case FragmentWalk.Found(MovieFragment fragment, long begin) -> {
        keepIndex();
        if (!fragment.early().isEmpty()) {
          movie = movie.earlier(fragment.early());
          walk = new FragmentWalk(movie, null, begin, 0);
          return null;
        }
        if (beginning == null) {
          base = fragment.firstMillis();
        }
      }
      case FragmentWalk.End _ -> {
        if (beginning == null) {
          throw new BadMedia("no fragments");
        }
      }
    }
    state = millis == 0 || index == FragmentIndex.NONE ? State.END : State.DONE;
    return null;
  }

  private void keepIndex() {
    @Nullable FragmentIndex segments = walk.index();
    if (segments != null) {
      index = segments;
      millis = millis == 0 ? segments.endMillis() : millis;
    }
  }

  private Opening.@Nullable Needs end(Window window) throws BadMedia {
    long from = window.objectLength() - FragmentIndex.MFRO_BYTES; // a moov is longer
    if (!window.has(from, FragmentIndex.MFRO_BYTES)) {
      return new Opening.Needs(from, FragmentIndex.MFRO_BYTES);
    }
    try {
      mfra = FragmentIndex.randomAccess(window);
    } catch (BadMedia none) {
      mfra = -1; // the file ends in the middle of a frame, as most do
    }
    long size = window.objectLength() - mfra;
    state = mfra < 0 || size > Limits.FRAGMENT_BYTES ? State.DONE : State.RANDOM_ACCESS;
    return null;
  }

  private Opening.@Nullable Needs randomAccess(Window window) throws BadMedia {
    int size = (int) (window.objectLength() - mfra);
    if (!window.has(mfra, size)) {
      return new Opening.Needs(mfra, size);
    }
    Box box = Box.at(window, mfra, window.objectLength());
    if (box.type() == FragmentIndex.MFRA) {
      index = FragmentIndex.ofRandomAccess(box, movie.tracks().getFirst(), base);
    }
    boolean known = index.lastOffset() >= 0 && index.lastOffset() < window.objectLength();
    walk = new FragmentWalk(movie, null, known ? index.lastOffset() : 0, base);
    state = known && millis == 0 ? State.LAST : State.DONE;
    return null;
  }

  /** Reads the last fragments for their ends; those of audio may come after that of video. */
  private Opening.@Nullable Needs last(Window window) {
    switch (walk.next(window)) {
      case FragmentWalk.Needs(long offset, int length) -> {
        return new Opening.Needs(offset, length);
      }
      case FragmentWalk.Found(MovieFragment fragment, _) ->
          millis = Math.max(millis, fragment.endMillis());
      case FragmentWalk.End _ -> state = State.DONE;
    }
    return null;
  }
}
