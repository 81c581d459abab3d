package warmfront.edge.log;

import java.util.Optional;

/**
 * What the files of one kind are of, one after the other.
 *
 * @param distribution its id
 * @param form what their rows have
 * @param to where they go; empty if they stay
 */
record Series(String distribution, Form form, Optional<Address> to) {
  /** Returns the name of the folder that they are in. */
  String folder() {
    return to.map(address -> address.folder(distribution)).orElse(distribution);
  }
}
