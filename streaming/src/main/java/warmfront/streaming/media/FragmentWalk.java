package warmfront.streaming.media;

import org.jspecify.annotations.Nullable;

/** Goes from fragment to fragment by the sizes of boxes; of an mdat it reads the header alone. */
final class FragmentWalk {
  /** Where the frames of the moov itself are said to be, before all fragments. */
  static final long BEGINNING = -1;

  private static final int MOOF = Box.type("moof");
  private static final int SIDX = Box.type("sidx");

  private final Movie movie;
  private final long base;
  private long at;
  private @Nullable MovieFragment beginning;
  private @Nullable FragmentIndex index;

  /** Where a walk has come to. */
  sealed interface Turn {}

  /** It does not know further before these bytes are at hand. */
  record Needs(long offset, int length) implements Turn {}

  /**
   * At a fragment, which it passes.
   *
   * @param begin where its moof begins, or {@link #BEGINNING}
   */
  record Found(MovieFragment fragment, long begin) implements Turn {}

  /** At the file's end, or where it is damaged. */
  record End(boolean broken) implements Turn {}

  /**
   * Makes a walk.
   *
   * @param beginning what it finds first; null if it is in the file
   * @param at where a box begins
   * @param base milliseconds of the movie that are the beginning
   */
  FragmentWalk(Movie movie, @Nullable MovieFragment beginning, long at, long base) {
    this.movie = movie;
    this.beginning = beginning;
    this.at = at;
    this.base = base;
  }

  /** Returns what the first sidx box on the way said; null if there was none. */
  @Nullable FragmentIndex index() {
    return index;
  }

  /** Goes on. */
  Turn next(Window window) {
    if (beginning != null) {
      Found found = new Found(beginning, BEGINNING);
      beginning = null;
      return found;
    }
    try {
      while (window.objectLength() - at >= 8) {
        @Nullable Turn turn = box(window);
        if (turn != null) {
          return turn;
        }
      }
      return new End(false);
    } catch (BadMedia bad) {
      at = window.objectLength();
      return new End(true);
    }
  }

  private @Nullable Turn box(Window window) throws BadMedia {
    int header = (int) Math.min(Box.HEADER_MAX, window.objectLength() - at);
    if (!window.has(at, header)) {
      return new Needs(at, header);
    }
    Box box = Box.at(window, at, window.objectLength());
    long begin = at;
    if (box.type() == MOOF || (box.type() == SIDX && index == null)) {
      long size = box.to() - at;
      if (size > Limits.FRAGMENT_BYTES) {
        throw new BadMedia("a fragment's head of %d bytes".formatted(size));
      }
      if (!window.has(at, (int) size)) {
        return new Needs(at, (int) size);
      }
      if (box.type() == SIDX) {
        index = FragmentIndex.ofSegments(box);
      }
    }
    at = box.to();
    if (box.type() == MOOF) {
      long end = window.objectLength();
      return new Found(MovieFragment.of(box, begin, movie, base, end), begin);
    }
    return null;
  }
}
