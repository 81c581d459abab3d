package warmfront.edge.step;

import java.security.PublicKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * By which profile the form of a request is encrypted, with the keys: a field-level encryption
 * configuration and all that it refers to.
 *
 * @param types the profile of each content type, lower case; without one such a form goes on as it
 *     is
 * @param forwardsUnknownType whether a request of another type goes on as it is
 * @param arguments what the query argument says, over the content type; empty if it says nothing
 */
public record Encryption(
    Map<String, Optional<Profile>> types,
    boolean forwardsUnknownType,
    Optional<Arguments> arguments) {
  /**
   * What the query argument {@code fle-profile} says.
   *
   * @param profiles the profile of each of its values
   * @param forwardsUnknown whether a request with another value goes on as it is
   */
  public record Arguments(Map<String, Profile> profiles, boolean forwardsUnknown) {
    public Arguments {
      profiles = Map.copyOf(profiles);
    }
  }

  /**
   * Which fields are encrypted, for whom.
   *
   * @param recipients no field is for two of them
   */
  public record Profile(List<Recipient> recipients) {
    public Profile {
      recipients = List.copyOf(recipients);
    }

    /** Returns who may read a field; empty if it goes on as it is. */
    public Optional<Recipient> of(String field) {
      return recipients.stream().filter(one -> one.reads(field)).findFirst();
    }
  }

  /**
   * One who may read some fields.
   *
   * @param key an RSA key
   * @param keyName by which the private key is found
   * @param providerId where
   * @param fieldPatterns names of fields; {@code *} at the end stands for any more
   */
  public record Recipient(
      PublicKey key, String keyName, String providerId, List<String> fieldPatterns) {
    public Recipient {
      fieldPatterns = List.copyOf(fieldPatterns);
    }

    private boolean reads(String field) {
      for (String pattern : fieldPatterns) {
        int prefix = pattern.length() - 1;
        boolean fits =
            pattern.endsWith("*")
                ? field.regionMatches(0, pattern, 0, prefix)
                : field.equals(pattern);
        if (fits) {
          return true;
        }
      }
      return false;
    }
  }

  public Encryption {
    types = Map.copyOf(types);
  }

  /** Returns the profile of a content type, lower case; empty if it has none. */
  public Optional<Profile> profile(String type) {
    return types.getOrDefault(type, Optional.empty());
  }
}
