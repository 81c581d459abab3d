package warmfront.edge.cache;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What was invalidated of one distribution: paths, prefixes and tags, each with its newest
 * revision. It grows by what is added, and the whole is never gone through. A look-up walks along
 * the path once, hashing as it goes, and looks where prefixes of that length exist: it costs the
 * same however many invalidations there are. One thread writes; any reads.
 */
final class InvalidPaths {
  /** CloudFront: a path of an invalidation has at most 4000 characters. */
  private static final int PATH_MAX = 4000;

  /** CloudFront: the first 50 tags of an object count. */
  private static final int TAGS_MAX = 50;

  /** Begins the hash of a tag, so that it is no path's. */
  private static final long TAG = 0x9E3779B97F4A7C15L;

  /** FNV-1a's beginning and factor, 64 bits. */
  private static final long PATH = 0xCBF29CE484222325L;

  private static final long FACTOR = 0x100000001B3L;

  /** Ends the hash of a whole path, so that it is no prefix's. */
  private static final char WHOLE = '*';

  private final AtomicLongArray prefixLengths = new AtomicLongArray(PATH_MAX / Long.SIZE + 1);
  private volatile Revisions entries = new Revisions();
  private volatile long stamp;
  private volatile long latest;
  private volatile long latestTag;
  private volatile long floor;
  private volatile Optional<String> tagField = Optional.empty();

  /** Adds an invalidation. Called by the one who writes, before {@link #stamped}. */
  void add(List<String> items, long revision) {
    for (String item : items) {
      entries.put(hashOf(item), revision);
      if (item.startsWith("#")) {
        latestTag = Math.max(latestTag, revision);
      } else if (item.endsWith("*")) {
        int length = item.length() - 1;
        int word = length / Long.SIZE;
        prefixLengths.set(word, prefixLengths.get(word) | 1L << length);
      }
    }
    latest = Math.max(latest, revision);
  }

  private static long hashOf(String item) {
    if (item.startsWith("#")) {
      return tag(item, 1, item.length());
    }
    boolean wild = item.endsWith("*");
    long hash = PATH;
    int length = wild ? item.length() - 1 : item.length();
    for (int i = 0; i < length; i++) {
      hash = step(hash, item.charAt(i));
    }
    return mix(wild ? hash : step(hash, WHOLE));
  }

  /**
   * Objects fetched before {@code revision} may have been named by an invalidation that is no
   * longer known. Drops those up to it, which say nothing that this does not.
   */
  void raiseFloor(long revision) {
    Revisions left = new Revisions();
    entries.forEach((hash, at) -> {
      if (at > revision) {
        left.put(hash, at);
      }
    });
    floor = Math.max(floor, revision); // first, so that nothing dropped is ever trusted
    entries = left;
  }

  /** Sets the field of an origin's answer that holds an object's tags. */
  void readTagsFrom(Optional<String> field) {
    tagField = field;
  }

  /** Says when it was changed last. */
  void stamped(long now) {
    stamp = now;
  }

  /** Returns when it was changed last; read before it is asked. */
  long stamp() {
    return stamp;
  }

  /**
   * Returns whether an object fetched at {@code revision} may have been named by an invalidation
   * that is no longer known.
   */
  boolean doubts(long revision) {
    return revision < floor;
  }

  /** Returns whether an invalidation newer than {@code revision} names {@code path}. */
  boolean kills(String path, long revision) {
    if (revision >= latest) {
      return false;
    }
    Revisions known = entries;
    long hash = PATH;
    for (int i = 0; i < path.length(); i++) {
      if (isPrefixLength(i) && known.of(mix(hash)) > revision) {
        return true;
      }
      hash = step(hash, path.charAt(i));
    }
    return (isPrefixLength(path.length()) && known.of(mix(hash)) > revision)
        || known.of(mix(step(hash, WHOLE))) > revision;
  }

  /** Returns whether an invalidation newer than {@code revision} names one of its tags. */
  boolean killsTags(Label label, long revision) {
    if (revision >= latestTag || tagField.isEmpty()) {
      return false;
    }
    Optional<String> listed = Optional.ofNullable(label.fields().joined(tagField.get()));
    return listed.isPresent() && killsTags(listed.get(), revision);
  }

  private boolean killsTags(String listed, long revision) {
    Revisions known = entries;
    int from = 0;
    for (int count = 0; count < TAGS_MAX && from <= listed.length(); count++) {
      int comma = listed.indexOf(',', from);
      int end = comma < 0 ? listed.length() : comma;
      if (known.of(tagWithin(listed, from, end)) > revision) {
        return true;
      }
      from = end + 1;
    }
    return false;
  }

  /** The hash of a tag without the blanks around it. */
  private static long tagWithin(String listed, int from, int end) {
    int first = from;
    int last = end;
    while (first < last && listed.charAt(first) <= ' ') {
      first++;
    }
    while (last > first && listed.charAt(last - 1) <= ' ') {
      last--;
    }
    return tag(listed, first, last);
  }

  /** Case does not count in tags. */
  private static long tag(String text, int from, int to) {
    long hash = TAG;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      hash = step(hash, c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c);
    }
    return mix(hash);
  }

  private boolean isPrefixLength(int length) {
    return length <= PATH_MAX && (prefixLengths.get(length / Long.SIZE) & 1L << length) != 0;
  }

  private static long step(long hash, char c) {
    return (hash ^ c) * FACTOR;
  }

  /** Spreads the hash over all bits (the finaliser of SplitMix64). */
  private static long mix(long hash) {
    long z = (hash ^ (hash >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** Returns how many names it knows. The one who writes. */
  int size() {
    return entries.size();
  }
}
