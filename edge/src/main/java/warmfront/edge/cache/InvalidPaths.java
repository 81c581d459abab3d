package warmfront.edge.cache;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.Invalidation;
import warmfront.snapshot.Snapshot;

/**
 * The invalidations of one distribution: exact paths in a table, prefixes sorted with a link from
 * each to the longest other that it begins with. The greatest prefix not after a path either begins
 * the path or leads by its links to those that do, so one binary search answers.
 */
final class InvalidPaths {
  private final int count;
  private final long latest;
  private final long floor;
  private final Map<String, Long> exact;
  private final String[] prefixes;

  /** For each prefix the index of the longest other that it begins with, or -1. */
  private final int[] shorter;

  /** For each prefix the newest revision of it and of all that it begins with. */
  private final long[] newest;

  private InvalidPaths(
      Collection<Snapshot.Versioned> all,
      long floor,
      Map<String, Long> exact,
      SortedMap<String, Long> prefixRevisions) {
    this.count = all.size();
    this.latest = latestOf(all);
    this.floor = floor;
    this.exact = exact;
    prefixes = prefixRevisions.keySet().toArray(String[]::new);
    shorter = new int[prefixes.length];
    newest = new long[prefixes.length];
    for (int i = 0; i < prefixes.length; i++) {
      int link = i - 1;
      while (link >= 0 && !prefixes[i].startsWith(prefixes[link])) {
        link = shorter[link];
      }
      shorter[i] = link;
      long own = prefixRevisions.getOrDefault(prefixes[i], 0L);
      newest[i] = link < 0 ? own : Math.max(own, newest[link]);
    }
  }

  /**
   * Compiles the invalidations of a distribution.
   *
   * @param floor objects fetched before this revision may have been named by one that is no longer
   *     known; 0 if none was dropped
   */
  static InvalidPaths compile(Collection<Snapshot.Versioned> all, long floor) {
    Map<String, Long> exact = new HashMap<>();
    TreeMap<String, Long> prefixes = new TreeMap<>();
    for (Snapshot.Versioned one : all) {
      if (one.resource() instanceof Invalidation invalidation) {
        for (String path : invalidation.paths()) {
          boolean wild = path.endsWith("*");
          Map<String, Long> into = wild ? prefixes : exact;
          String key = wild ? path.substring(0, path.length() - 1) : path;
          into.merge(key, one.revision(), Math::max);
        }
      }
    }
    return new InvalidPaths(all, floor, exact, prefixes);
  }

  private static long latestOf(Collection<Snapshot.Versioned> all) {
    return all.stream().mapToLong(Snapshot.Versioned::revision).max().orElse(0);
  }

  /** Returns whether it was compiled from these: none was added, changed or taken away. */
  boolean isOf(Collection<Snapshot.Versioned> all, long floor) {
    return count == all.size() && latest == latestOf(all) && this.floor == floor;
  }

  /**
   * Returns whether an object fetched at {@code revision} may have been named by an invalidation
   * that is no longer known.
   */
  boolean doubts(long revision) {
    return revision < floor;
  }

  /** Returns the newest revision of all; an object fetched at or after it needs no look. */
  long latest() {
    return latest;
  }

  /** Returns whether an entry newer than {@code revision} matches {@code path}. */
  boolean kills(String path, long revision) {
    if (revision >= latest) {
      return false;
    }
    @Nullable Long one = exact.get(path);
    return (one != null && one > revision) || newestPrefix(path) > revision;
  }

  private long newestPrefix(String path) {
    int found = Arrays.binarySearch(prefixes, path);
    int at = found >= 0 ? found : -found - 2;
    while (at >= 0 && !path.startsWith(prefixes[at])) {
      at = shorter[at];
    }
    return at < 0 ? 0 : newest[at];
  }
}
