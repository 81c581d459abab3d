package warmfront.control.api;

import java.util.List;
import java.util.Objects;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudfront.model.PublicKey;
import software.amazon.awssdk.services.cloudfront.model.PublicKeyConfig;
import warmfront.control.api.wire.Refused;
import warmfront.control.store.Row;
import warmfront.control.store.Transaction;
import warmfront.distribution.FieldLevelEncryptionProfile;
import warmfront.distribution.KeyGroup;
import warmfront.distribution.Kind;
import warmfront.distribution.Resource;

/**
 * Public keys, by which edges verify what was signed and encrypt what others are to read. Of one,
 * only its comment can be changed.
 */
final class PublicKeys implements Family<PublicKeyConfig, PublicKey> {
  static final String TYPE = "public-key";
  private static final int NAME_CHARS = 128;

  private final Words words;

  PublicKeys(Quotas quotas) {
    this.words =
        new Words(
            TYPE,
            "PublicKey",
            Kind.PUBLIC_KEY,
            "",
            "NoSuchPublicKey",
            "TooManyPublicKeys",
            quotas.of(Quota.PUBLIC_KEYS),
            "PublicKeyInUse");
  }

  @Override
  public Words words() {
    return words;
  }

  @Override
  public SdkPojo blank() {
    return PublicKey.builder();
  }

  @Override
  public String newId(Ids ids) {
    return ids.publicKey();
  }

  @Override
  public PublicKeyConfig complete(PublicKeyConfig asked) {
    if (asked.callerReference().isEmpty()) {
      throw invalid("CallerReference", "must not be empty");
    }
    if (asked.name().isEmpty() || asked.name().length() > NAME_CHARS) {
      throw invalid("Name", "has 1 to %d characters".formatted(NAME_CHARS));
    }
    Comments.check("PublicKeyConfig", asked.comment());
    try {
      var _ = warmfront.distribution.PublicKey.ofPem("", asked.encodedKey());
    } catch (IllegalArgumentException malformed) {
      throw invalid("EncodedKey", "is not accepted: " + malformed.getMessage());
    }
    return asked.toBuilder().comment(Objects.requireNonNullElse(asked.comment(), "")).build();
  }

  private static Refused invalid(String field, String what) {
    return new Refused(
        "InvalidArgument", "The parameter PublicKeyConfig.%s %s.".formatted(field, what));
  }

  @Override
  public void refer(Transaction tx, PublicKeyConfig config) {}

  @Override
  public void change(PublicKeyConfig before, PublicKeyConfig after) {
    if (!before.toBuilder().comment(after.comment()).build().equals(after)) {
      throw new Refused(
          "CannotChangeImmutablePublicKeyFields",
          "Of a public key only the comment can be changed.");
    }
  }

  @Override
  public List<Name> names(PublicKeyConfig config) {
    return List.of(
        new Name(
            "public-key-caller-reference",
            config.callerReference(),
            "PublicKeyAlreadyExists",
            "The caller reference is that of another public key"),
        new Name(
            "public-key-name",
            config.name(),
            "PublicKeyAlreadyExists",
            "A public key with the name %s exists already".formatted(config.name())));
  }

  @Override
  public PublicKey make(Ids ids, String id, PublicKeyConfig config) {
    return PublicKey.builder().id(id).publicKeyConfig(config).build();
  }

  @Override
  public PublicKey with(PublicKey resource, PublicKeyConfig config) {
    return resource.toBuilder().publicKeyConfig(config).build();
  }

  @Override
  public PublicKeyConfig config(PublicKey resource) {
    return resource.publicKeyConfig();
  }

  @Override
  public PublicKey show(Transaction tx, Row row, PublicKey resource) {
    return resource.toBuilder().createdTime(row.created()).build();
  }

  @Override
  public Resource compile(PublicKey resource) {
    return warmfront.distribution.PublicKey.ofPem(
        resource.id(), resource.publicKeyConfig().encodedKey());
  }

  @Override
  public boolean uses(Resource user, String id) {
    return (user instanceof KeyGroup group && group.keyIds().contains(id))
        || (user instanceof FieldLevelEncryptionProfile profile
            && profile.entities().stream().anyMatch(entity -> entity.keyId().equals(id)));
  }
}
