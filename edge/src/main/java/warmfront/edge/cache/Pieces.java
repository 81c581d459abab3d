package warmfront.edge.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import warmfront.edge.step.Gaps;

/**
 * What of a long body is in memory or on its way there: pieces that do not overlap and begin at
 * multiples of {@link Gaps#GRAIN}. None reaches over the end of a slice; those that are all of one
 * become one. Guarded by its content's lock.
 */
final class Pieces {
  private final Sliced content;
  private final NavigableMap<Long, Piece> byBegin = new TreeMap<>();

  /**
   * A slice that has come to be there.
   *
   * @param left what the eviction is to forget of the pieces that it was in
   */
  record Joined(Piece slice, List<Item<Evictable>> left) {}

  Pieces(Sliced content) {
    this.content = content;
  }

  boolean isEmpty() {
    return byBegin.isEmpty();
  }

  List<Piece> all() {
    return List.copyOf(byBegin.values());
  }

  /** Returns the piece that has, or will have, a byte. */
  @Nullable Piece at(long position) {
    Map.@Nullable Entry<Long, Piece> before = byBegin.floorEntry(position);
    return before == null || before.getValue().end() <= position ? null : before.getValue();
  }

  boolean has(Piece piece) {
    return byBegin.get(piece.begin()) == piece;
  }

  /** Returns whether there is a piece of a slice. */
  boolean hasAnyOf(long number) {
    return !slice(number).isEmpty();
  }

  /** Returns where the next piece begins behind a byte, at most {@code most}. */
  long nextBegin(long position, long most) {
    @Nullable Long next = byBegin.higherKey(position);
    return next == null ? most : Math.min(next, most);
  }

  /** Returns whether {@code slices} slices are there, and nothing else. */
  boolean isFull(long slices) {
    return byBegin.size() == slices
        && byBegin.values().stream()
            .allMatch(piece -> piece.state() == Piece.State.FULL && piece.isSlice());
  }

  void add(Piece piece) {
    byBegin.put(piece.begin(), piece);
  }

  /** Takes a piece out; false if it was not there. */
  boolean remove(Piece piece) {
    return byBegin.remove(piece.begin(), piece);
  }

  /**
   * Begins the piece that is to be filled from {@code position} on; null if none may begin there.
   */
  @Nullable Piece begin(long position, Feed feed) {
    if (position % Gaps.GRAIN > 0) {
      return null;
    }
    long sliceEnd = (position / Sliced.SLICE + 1) * Sliced.SLICE;
    long end = nextBegin(position, Math.min(sliceEnd, feed.end()));
    Piece begun = new Piece(content, position, (int) (end - position), feed);
    add(begun);
    return begun;
  }

  /** Takes out the piece that a feed has left unfinished. */
  @Nullable Piece removeTorn(Feed feed) {
    for (Piece piece : byBegin.values()) {
      if (piece.feeder() == feed && piece.state() == Piece.State.FILLING) {
        remove(piece);
        return piece;
      }
    }
    return null;
  }

  /** Returns a slice as one piece; null if not all of it is there. */
  @Nullable Joined join(long number) {
    List<Piece> parts = List.copyOf(slice(number).values());
    int there = 0;
    for (Piece part : parts) {
      there += part.state() == Piece.State.FULL ? part.size() : 0;
    }
    if (there < content.sizeOf(number)) {
      return null;
    }
    if (parts.size() == 1) {
      return new Joined(parts.getFirst(), List.of());
    }
    Piece whole = new Piece(content, number * Sliced.SLICE, there, null);
    List<Item<Evictable>> left = new ArrayList<>(parts.size());
    for (Piece part : parts) {
      remove(part);
      part.runs().forEach(whole::extend);
      @Nullable Item<Evictable> item = part.item();
      if (item != null) {
        left.add(item);
      }
    }
    whole.fill(there);
    add(whole);
    return new Joined(whole, left);
  }

  private NavigableMap<Long, Piece> slice(long number) {
    return byBegin.subMap(number * Sliced.SLICE, true, (number + 1) * Sliced.SLICE, false);
  }
}
