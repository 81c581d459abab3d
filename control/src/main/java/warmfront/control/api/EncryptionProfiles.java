package warmfront.control.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudfront.model.EncryptionEntity;
import software.amazon.awssdk.services.cloudfront.model.FieldLevelEncryptionProfile;
import software.amazon.awssdk.services.cloudfront.model.FieldLevelEncryptionProfileConfig;
import software.amazon.awssdk.services.cloudfront.model.PublicKey;
import warmfront.control.api.wire.Codec;
import warmfront.control.api.wire.Refused;
import warmfront.control.store.Row;
import warmfront.control.store.Transaction;
import warmfront.distribution.FieldLevelEncryptionConfig;
import warmfront.distribution.FieldLevelEncryptionProfile.Entity;
import warmfront.distribution.Kind;
import warmfront.distribution.Resource;

/** Profiles of field-level encryption: which fields of forms are encrypted, by whose keys. */
final class EncryptionProfiles
    implements Family<FieldLevelEncryptionProfileConfig, FieldLevelEncryptionProfile> {
  static final String TYPE = "field-level-encryption-profile";

  /** CloudFront's forms of these names, each with what it is made of. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,128}");

  private static final Pattern PROVIDER = Pattern.compile("[A-Za-z0-9:_-]{1,128}");
  private static final Pattern FIELD = Pattern.compile("(?=.{1,128}$)[A-Za-z0-9\\[\\]._-]+\\*?");

  private final Quotas quotas;
  private final Codec codec;
  private final Words words;

  EncryptionProfiles(Quotas quotas, Codec codec) {
    this.quotas = quotas;
    this.codec = codec;
    this.words =
        new Words(
            TYPE,
            "FieldLevelEncryptionProfile",
            Kind.FIELD_LEVEL_ENCRYPTION_PROFILE,
            "",
            "NoSuchFieldLevelEncryptionProfile",
            "TooManyFieldLevelEncryptionProfiles",
            quotas.of(Quota.ENCRYPTION_PROFILES),
            "FieldLevelEncryptionProfileInUse");
  }

  @Override
  public Words words() {
    return words;
  }

  @Override
  public SdkPojo blank() {
    return FieldLevelEncryptionProfile.builder();
  }

  @Override
  public String newId(Ids ids) {
    return ids.encryptionProfile();
  }

  @Override
  public FieldLevelEncryptionProfileConfig complete(FieldLevelEncryptionProfileConfig asked) {
    if (asked.callerReference().isEmpty()) {
      throw invalid("CallerReference", "must not be empty");
    }
    if (!NAME.matcher(asked.name()).matches()) {
      throw invalid(
          "Name", "has 1 to 128 letters, digits, _ and -, not '%s'".formatted(asked.name()));
    }
    Comments.check("FieldLevelEncryptionProfileConfig", asked.comment());
    entities(asked.encryptionEntities().items());
    return asked.toBuilder().comment(Objects.requireNonNullElse(asked.comment(), "")).build();
  }

  private void entities(List<EncryptionEntity> entities) {
    int most = quotas.of(Quota.ENCRYPTION_FIELDS);
    if (entities.isEmpty()) {
      throw invalid("EncryptionEntities", "names at least one key and its fields");
    }
    if (entities.size() > most) {
      throw new Refused(
          "TooManyFieldLevelEncryptionEncryptionEntities",
          "%d encryption entities in a profile; %d are allowed.".formatted(entities.size(), most));
    }
    List<String> patterns = new ArrayList<>();
    for (int i = 0; i < entities.size(); i++) {
      String path = "EncryptionEntities.Items[" + i + "]";
      EncryptionEntity entity = entities.get(i);
      if (!PROVIDER.matcher(entity.providerId()).matches()) {
        throw invalid(
            path + ".ProviderId",
            "has 1 to 128 letters, digits, colons, _ and -, not '%s'"
                .formatted(entity.providerId()));
      }
      if (entity.fieldPatterns().items().isEmpty()) {
        throw invalid(path + ".FieldPatterns", "names at least one field");
      }
      entity.fieldPatterns().items().forEach(pattern -> field(pattern, patterns, path));
    }
    if (patterns.size() > most) {
      throw new Refused(
          "TooManyFieldLevelEncryptionFieldPatterns",
          "%d field patterns in a profile; %d are allowed.".formatted(patterns.size(), most));
    }
  }

  private static void field(String pattern, List<String> before, String path) {
    if (!FIELD.matcher(pattern).matches()) {
      throw invalid(
          path + ".FieldPatterns",
          ("has names of 1 to 128 letters, digits and []._-, with or without a * at the end, not"
                  + " '%s'")
              .formatted(pattern));
    }
    for (String other : before) {
      if (overlap(pattern, other)) {
        throw invalid(
            path + ".FieldPatterns",
            "has patterns that a field may match both: '%s' and '%s'".formatted(other, pattern));
      }
    }
    before.add(pattern);
  }

  private static boolean overlap(String one, String other) {
    boolean open = one.endsWith("*");
    boolean otherOpen = other.endsWith("*");
    String name = open ? one.substring(0, one.length() - 1) : one;
    String otherName = otherOpen ? other.substring(0, other.length() - 1) : other;
    return name.equals(otherName)
        || (open && otherName.startsWith(name))
        || (otherOpen && name.startsWith(otherName));
  }

  private static Refused invalid(String field, String what) {
    return new Refused(
        "InvalidArgument",
        "The parameter FieldLevelEncryptionProfileConfig.%s %s.".formatted(field, what));
  }

  @Override
  public void refer(Transaction tx, FieldLevelEncryptionProfileConfig config) {
    for (EncryptionEntity entity : config.encryptionEntities().items()) {
      String id = entity.publicKeyId();
      Resource key =
          tx.latest(Kind.PUBLIC_KEY, id)
              .orElseThrow(() ->
                  new Refused(
                      "NoSuchPublicKey", "There is no public key with the id %s.".formatted(id)));
      if (!((warmfront.distribution.PublicKey) key).decoded().getAlgorithm().equals("RSA")) {
        throw invalid(
            "EncryptionEntities", "names the public key %s, which is no RSA key".formatted(id));
      }
    }
  }

  @Override
  public void change(
      FieldLevelEncryptionProfileConfig before, FieldLevelEncryptionProfileConfig after) {
    if (!before.callerReference().equals(after.callerReference())) {
      throw new Refused(
          "IllegalUpdate",
          "The parameter FieldLevelEncryptionProfileConfig.CallerReference cannot be changed: it is"
              + " '%s'.".formatted(before.callerReference()));
    }
  }

  @Override
  public List<Name> names(FieldLevelEncryptionProfileConfig config) {
    return List.of(
        new Name(
            "encryption-profile-caller-reference",
            config.callerReference(),
            "FieldLevelEncryptionProfileAlreadyExists",
            "The caller reference is that of another profile"),
        new Name(
            "encryption-profile-name",
            config.name(),
            "FieldLevelEncryptionProfileAlreadyExists",
            "A profile with the name %s exists already".formatted(config.name())));
  }

  @Override
  public FieldLevelEncryptionProfile make(
      Ids ids, String id, FieldLevelEncryptionProfileConfig config) {
    return FieldLevelEncryptionProfile.builder()
        .id(id)
        .fieldLevelEncryptionProfileConfig(config)
        .build();
  }

  @Override
  public FieldLevelEncryptionProfile with(
      FieldLevelEncryptionProfile resource, FieldLevelEncryptionProfileConfig config) {
    return resource.toBuilder().fieldLevelEncryptionProfileConfig(config).build();
  }

  @Override
  public FieldLevelEncryptionProfileConfig config(FieldLevelEncryptionProfile resource) {
    return resource.fieldLevelEncryptionProfileConfig();
  }

  @Override
  public FieldLevelEncryptionProfile show(
      Transaction tx, Row row, FieldLevelEncryptionProfile resource) {
    return resource.toBuilder().lastModifiedTime(row.modified()).build();
  }

  /** Without the names of keys, which the profile itself does not have. */
  @Override
  public Resource compile(FieldLevelEncryptionProfile resource) {
    return compile(resource, _ -> "");
  }

  /** A key's name never changes. */
  @Override
  public Resource compile(
      Transaction tx, FieldLevelEncryptionProfile resource, Map<String, String> tags) {
    return compile(resource, id -> nameOf(tx, id));
  }

  private static Resource compile(
      FieldLevelEncryptionProfile resource, UnaryOperator<String> nameOf) {
    return new warmfront.distribution.FieldLevelEncryptionProfile(
        resource.id(),
        resource.fieldLevelEncryptionProfileConfig().encryptionEntities().items().stream()
            .map(entity ->
                new Entity(
                    entity.publicKeyId(),
                    nameOf.apply(entity.publicKeyId()),
                    entity.providerId(),
                    entity.fieldPatterns().items()))
            .toList());
  }

  private String nameOf(Transaction tx, String keyId) {
    Row row = tx.find(PublicKeys.TYPE, keyId).orElseThrow();
    PublicKey key = (PublicKey) codec.parse("PublicKey", PublicKey.builder(), row.body());
    return key.publicKeyConfig().name();
  }

  @Override
  public boolean uses(Resource user, String id) {
    return user instanceof FieldLevelEncryptionConfig config
        && (config.byType().profiles().values().stream()
                .anyMatch(named -> named.filter(id::equals).isPresent())
            || config.byArgument().filter(said -> said.profiles().containsValue(id)).isPresent());
  }
}
