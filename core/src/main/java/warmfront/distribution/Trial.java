package warmfront.distribution;

import java.util.Optional;

/**
 * A distribution's part in continuous deployment.
 *
 * @param staging whether it only holds a configuration that is tried out: its own name is refused
 * @param policyId the continuous deployment policy that sends some of its viewers to such a one
 */
public record Trial(boolean staging, Optional<String> policyId) {
  /** It has none. */
  public static final Trial NONE = new Trial(false, Optional.empty());

  /** Returns whether it has none. */
  public boolean isNone() {
    return !staging && policyId.isEmpty();
  }
}
