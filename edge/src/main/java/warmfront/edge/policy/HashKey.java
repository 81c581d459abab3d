package warmfront.edge.policy;

/**
 * The secret that cache keys are hashed with; kept with the objects on disk, or they are not found.
 *
 * @param first 64 random bits
 * @param second 64 random bits
 */
public record HashKey(long first, long second) {
  @Override
  public String toString() {
    return "HashKey";
  }
}
