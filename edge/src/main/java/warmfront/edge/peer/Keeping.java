package warmfront.edge.peer;

import java.util.List;

/** Who keeps the object of a key. */
public sealed interface Keeping {
  /** This server does, or there is none whom it could ask. */
  Keeping HERE = new Here();

  /** This server does, or there is none whom it could ask. */
  record Here() implements Keeping {}

  /**
   * Another server of the location does.
   *
   * @param owners whom to ask, one after the other; one or two
   * @param hot whether it is asked for so often that this server keeps it, too
   */
  record There(List<Sibling> owners, boolean hot) implements Keeping {
    public There {
      owners = List.copyOf(owners);
    }
  }
}
