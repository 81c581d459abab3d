package warmfront.distribution;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * By which profile the form of a request is encrypted (CloudFront, "Use field-level encryption to
 * help protect sensitive data").
 *
 * @param id the id
 * @param byType what the form's content type says
 * @param byArgument what the query argument {@code fle-profile} says, over the content type; empty
 *     if it says nothing
 */
public record FieldLevelEncryptionConfig(String id, ByType byType, Optional<ByArgument> byArgument)
    implements Resource {
  /**
   * Profiles by content type.
   *
   * @param profiles the profile's id for each type, lower case; without one such a form goes on as
   *     it is
   * @param forwardsUnknown whether a request of another type goes on as it is, and is not refused
   */
  public record ByType(Map<String, Optional<String>> profiles, boolean forwardsUnknown) {
    public ByType {
      profiles = Map.copyOf(profiles);
    }
  }

  /**
   * Profiles by query argument.
   *
   * @param profiles the profile's id for each value of the argument
   * @param forwardsUnknown whether a request with another value goes on as it is, and is not
   *     refused
   */
  public record ByArgument(Map<String, String> profiles, boolean forwardsUnknown) {
    public ByArgument {
      profiles = Map.copyOf(profiles);
    }
  }

  @Override
  public Set<Feature> features() {
    return Set.of(Feature.FIELD_LEVEL_ENCRYPTION);
  }
}
