package warmfront.distribution;

import java.util.List;

/**
 * Which headers, cookies or query strings a policy means.
 *
 * @param mode how {@code names} is to be read
 * @param names the names, none unless the mode asks for them
 */
public record NameSet(Mode mode, List<String> names) {
  /** How the names are to be read. */
  public enum Mode {
    NONE,
    WHITELIST,
    ALL_EXCEPT,
    ALL
  }

  /** No name at all. */
  public static final NameSet NONE = new NameSet(Mode.NONE, List.of());

  /** Every name. */
  public static final NameSet ALL = new NameSet(Mode.ALL, List.of());

  public NameSet {
    names = List.copyOf(names);
    boolean lists = mode == Mode.WHITELIST || mode == Mode.ALL_EXCEPT;
    if (!lists && !names.isEmpty()) {
      throw new IllegalArgumentException(mode + " takes no names: " + names);
    }
  }

  /** Returns the set of just these names. */
  public static NameSet only(String... names) {
    return new NameSet(Mode.WHITELIST, List.of(names));
  }
}
