package warmfront.edge.cache;

import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import warmfront.distribution.Invalidation;

/**
 * What was invalidated of one distribution: paths, prefixes and tags, each with its newest
 * revision. It grows by what is added, and the whole is never gone through. A look-up walks along
 * the path once, hashing as it goes, and looks where prefixes of that length exist: it costs the
 * same however many invalidations there are. One thread writes; any reads.
 */
final class InvalidPaths {
  /** CloudFront: a path of an invalidation has at most 4000 characters. */
  private static final int PATH_MAX = 4000;

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

  /** Adds an invalidation. Called by the one who writes, before {@link #stamped}. */
  void add(List<String> items, long revision) {
    for (String item : items) {
      entries.put(hashOf(item), revision);
      if (Invalidation.isTag(item)) {
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
    if (Invalidation.isTag(item)) {
      return Tags.hash(item, 1);
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

  /** Returns whether an invalidation newer than {@code revision} names one of these tags. */
  boolean kills(Tags tags, long revision) {
    if (revision >= latestTag) {
      return false;
    }
    Revisions known = entries;
    for (int i = 0; i < tags.size(); i++) {
      if (known.of(tags.hashAt(i)) > revision) {
        return true;
      }
    }
    return false;
  }

  private boolean isPrefixLength(int length) {
    return length <= PATH_MAX && (prefixLengths.get(length / Long.SIZE) & 1L << length) != 0;
  }

  static long step(long hash, char c) {
    return (hash ^ c) * FACTOR;
  }

  /** Spreads the hash over all bits (the finaliser of SplitMix64). */
  static long mix(long hash) {
    long z = (hash ^ (hash >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** Returns how many names it knows. The one who writes. */
  int size() {
    return entries.size();
  }
}
