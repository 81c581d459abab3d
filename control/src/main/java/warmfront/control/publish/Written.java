package warmfront.control.publish;

import java.util.List;
import java.util.Optional;
import warmfront.distribution.Server;
import warmfront.link.wire.Wrote;

/**
 * What viewers wrote to an origin through an edge.
 *
 * @param distribution its id
 * @param paths raw paths, or one that ends in {@code *} for all that begin so
 */
public record Written(String distribution, List<String> paths) {
  private static final int PATHS_MAX = 1000;
  private static final int CHARACTERS_MAX = 1 << 18;

  public Written {
    paths = List.copyOf(paths);
  }

  /**
   * Reads what a server says, who may be hostile.
   *
   * @return empty if it is no edge, or says what none of ours would
   */
  static Optional<Written> of(Server from, Wrote word) {
    boolean right =
        from.role() == Server.Role.EDGE
            && word.getPathsCount() > 0
            && word.getPathsCount() <= PATHS_MAX
            && word.getPathsList().stream().mapToLong(String::length).sum() <= CHARACTERS_MAX
            && word.getPathsList().stream().allMatch(path -> path.startsWith("/"));
    return right
        ? Optional.of(new Written(word.getDistribution(), word.getPathsList()))
        : Optional.empty();
  }
}
