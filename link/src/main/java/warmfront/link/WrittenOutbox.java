package warmfront.link;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import warmfront.link.wire.FromServer;
import warmfront.link.wire.Wrote;

/**
 * Paths that were written to, which wait until control can be told. None is lost while control is
 * away: where too many of a distribution wait, one that stands for all takes their place. Confined
 * to one thread.
 */
final class WrittenOutbox {
  /** So many paths of a distribution wait, and go in one word. */
  static final int PATHS_MAX = 1000;

  /** So many characters of them. */
  static final int CHARACTERS_MAX = 1 << 18;

  private static final String ALL = "/*";

  private final Map<String, Waiting> waiting = new LinkedHashMap<>();

  private static final class Waiting {
    private final Set<String> paths = new LinkedHashSet<>();
    private int characters;

    void add(String path) {
      if (paths.contains(ALL) || !paths.add(path)) {
        return;
      }
      characters += path.length();
      if (paths.size() > PATHS_MAX || characters > CHARACTERS_MAX) {
        paths.clear();
        paths.add(ALL);
      }
    }
  }

  /** Takes a path that is to be told of. */
  void put(String distribution, String path) {
    waiting.computeIfAbsent(distribution, _ -> new Waiting()).add(path);
  }

  /** Returns what is to be said next: the paths of one distribution. */
  Optional<FromServer> take() {
    Iterator<Map.Entry<String, Waiting>> all = waiting.entrySet().iterator();
    if (!all.hasNext()) {
      return Optional.empty();
    }
    Map.Entry<String, Waiting> first = all.next();
    all.remove();
    Wrote.Builder word =
        Wrote.newBuilder().setDistribution(first.getKey()).addAllPaths(first.getValue().paths);
    return Optional.of(FromServer.newBuilder().setWrote(word).build());
  }
}
