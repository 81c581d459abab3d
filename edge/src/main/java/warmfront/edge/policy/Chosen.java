package warmfront.edge.policy;

import java.util.HashSet;
import java.util.Set;
import warmfront.distribution.NameSet;

/** Names that a policy means, ready to be asked; case-sensitive. Immutable. */
final class Chosen {
  private final NameSet.Mode mode;
  private final Set<String> names;

  Chosen(NameSet set) {
    mode = set.mode();
    names = new HashSet<>(set.names());
  }

  boolean isNone() {
    return mode == NameSet.Mode.NONE || (mode == NameSet.Mode.WHITELIST && names.isEmpty());
  }

  boolean isAll() {
    return mode == NameSet.Mode.ALL || (mode == NameSet.Mode.ALL_EXCEPT && names.isEmpty());
  }

  boolean has(String name) {
    return switch (mode) {
      case NONE -> false;
      case WHITELIST -> names.contains(name);
      case ALL_EXCEPT -> !names.contains(name);
      case ALL -> true;
    };
  }
}
