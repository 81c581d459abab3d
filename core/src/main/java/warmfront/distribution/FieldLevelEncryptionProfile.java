package warmfront.distribution;

import java.util.List;
import java.util.Set;

/**
 * Which fields of forms are encrypted, by whose keys (CloudFront, "Use field-level encryption to
 * help protect sensitive data").
 *
 * @param id the id
 * @param entities whoever may read some of the fields; no field is for two of them
 */
public record FieldLevelEncryptionProfile(String id, List<Entity> entities) implements Resource {
  /**
   * One who may read some of the fields.
   *
   * @param keyId the id of the public key, which is an RSA key
   * @param keyName the key's name, by which whoever decrypts finds the private one
   * @param providerId how whoever decrypts calls the place of the private key
   * @param fieldPatterns names of fields, case-sensitive; {@code *} at the end stands for any more
   */
  public record Entity(
      String keyId, String keyName, String providerId, List<String> fieldPatterns) {
    public Entity {
      fieldPatterns = List.copyOf(fieldPatterns);
    }
  }

  public FieldLevelEncryptionProfile {
    entities = List.copyOf(entities);
  }

  @Override
  public Set<Feature> features() {
    return Set.of(Feature.FIELD_LEVEL_ENCRYPTION);
  }
}
