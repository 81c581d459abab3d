package warmfront.snapshot;

import java.util.Optional;
import java.util.Set;
import warmfront.distribution.Kind;
import warmfront.distribution.Resource;

/**
 * One change, as the log keeps it and the wire carries it.
 *
 * @param epoch raised by an operator who restored a backup; entries of another epoch never follow
 * @param revision the number of this change, 1 and up, without gaps
 * @param kind what is changed
 * @param id which one
 * @param features what a server must know to obey it; one that does not refuses the entry
 * @param value the new value; empty if it is gone, or if it is a secret this server need not know
 * @param chain hash over the previous entry's chain and this entry
 * @param last whether it is the last entry of its transaction, so that the picture may be shown
 */
public record Entry(
    long epoch,
    long revision,
    Kind kind,
    String id,
    Set<String> features,
    Optional<Resource> value,
    Chain chain,
    boolean last) {
  public Entry {
    if (epoch < 1 || revision < 1) {
      throw new IllegalArgumentException(
          "epoch and revision begin at 1: " + epoch + "," + revision);
    }
    features = Set.copyOf(features);
    if (value.isPresent() && (value.get().kind() != kind || !value.get().id().equals(id))) {
      throw new IllegalArgumentException("entry of " + kind + " " + id + " has another's value");
    }
  }
}
