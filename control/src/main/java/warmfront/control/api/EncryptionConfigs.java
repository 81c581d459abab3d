package warmfront.control.api;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudfront.model.ContentTypeProfile;
import software.amazon.awssdk.services.cloudfront.model.ContentTypeProfileConfig;
import software.amazon.awssdk.services.cloudfront.model.ContentTypeProfiles;
import software.amazon.awssdk.services.cloudfront.model.FieldLevelEncryption;
import software.amazon.awssdk.services.cloudfront.model.FieldLevelEncryptionConfig;
import software.amazon.awssdk.services.cloudfront.model.QueryArgProfile;
import software.amazon.awssdk.services.cloudfront.model.QueryArgProfileConfig;
import software.amazon.awssdk.services.cloudfront.model.QueryArgProfiles;
import warmfront.control.api.wire.Refused;
import warmfront.control.store.Row;
import warmfront.control.store.Transaction;
import warmfront.distribution.Distribution;
import warmfront.distribution.FieldLevelEncryptionConfig.ByArgument;
import warmfront.distribution.FieldLevelEncryptionConfig.ByType;
import warmfront.distribution.Kind;
import warmfront.distribution.Resource;

/** Configurations of field-level encryption: by which profile a form is encrypted. */
final class EncryptionConfigs implements Family<FieldLevelEncryptionConfig, FieldLevelEncryption> {
  static final String TYPE = "field-level-encryption";

  /** The one type of content that can be encrypted. */
  private static final String FORM = "application/x-www-form-urlencoded";

  /** What CloudFront lets a value of the query argument be made of. */
  private static final Pattern ARGUMENT = Pattern.compile("[A-Za-z0-9._*+%-]{1,128}");

  private static final int TYPES_MAX = 1;

  private final Quotas quotas;
  private final Words words;

  EncryptionConfigs(Quotas quotas) {
    this.quotas = quotas;
    this.words =
        new Words(
            TYPE,
            "FieldLevelEncryption",
            Kind.FIELD_LEVEL_ENCRYPTION_CONFIG,
            "",
            "NoSuchFieldLevelEncryptionConfig",
            "TooManyFieldLevelEncryptionConfigs",
            quotas.of(Quota.ENCRYPTION_CONFIGS),
            "FieldLevelEncryptionConfigInUse");
  }

  @Override
  public Words words() {
    return words;
  }

  @Override
  public String changedAs() {
    return "FieldLevelEncryptionConfig";
  }

  @Override
  public SdkPojo blank() {
    return FieldLevelEncryption.builder();
  }

  @Override
  public String newId(Ids ids) {
    return ids.encryptionConfig();
  }

  @Override
  public FieldLevelEncryptionConfig complete(FieldLevelEncryptionConfig asked) {
    if (asked.callerReference().isEmpty()) {
      throw invalid("CallerReference", "must not be empty");
    }
    Comments.check("FieldLevelEncryptionConfig", asked.comment());
    arguments(arguments(asked));
    types(types(asked));
    return asked.toBuilder()
        .comment(Objects.requireNonNullElse(asked.comment(), ""))
        .contentTypeProfileConfig(
            completed(
                Objects.requireNonNullElse(
                    asked.contentTypeProfileConfig(),
                    ContentTypeProfileConfig.builder()
                        .forwardWhenContentTypeIsUnknown(false)
                        .build())))
        .queryArgProfileConfig(completed(asked.queryArgProfileConfig()))
        .build();
  }

  private static ContentTypeProfileConfig completed(ContentTypeProfileConfig asked) {
    return asked.contentTypeProfiles() != null
        ? asked
        : asked.toBuilder()
            .contentTypeProfiles(ContentTypeProfiles.builder().quantity(0).build())
            .build();
  }

  private static @Nullable QueryArgProfileConfig completed(@Nullable QueryArgProfileConfig asked) {
    return asked == null || asked.queryArgProfiles() != null
        ? asked
        : asked.toBuilder()
            .queryArgProfiles(QueryArgProfiles.builder().quantity(0).build())
            .build();
  }

  private static List<QueryArgProfile> arguments(FieldLevelEncryptionConfig config) {
    @Nullable QueryArgProfileConfig said = config.queryArgProfileConfig();
    return said == null || said.queryArgProfiles() == null
        ? List.of()
        : said.queryArgProfiles().items();
  }

  private static List<ContentTypeProfile> types(FieldLevelEncryptionConfig config) {
    @Nullable ContentTypeProfileConfig said = config.contentTypeProfileConfig();
    return said == null || said.contentTypeProfiles() == null
        ? List.of()
        : said.contentTypeProfiles().items();
  }

  private void arguments(List<QueryArgProfile> profiles) {
    int most = quotas.of(Quota.ENCRYPTION_ARGUMENTS);
    if (profiles.size() > most) {
      throw new Refused(
          "TooManyFieldLevelEncryptionQueryArgProfiles",
          "%d query arguments; %d are allowed.".formatted(profiles.size(), most));
    }
    String path = "QueryArgProfileConfig.QueryArgProfiles";
    Set<String> values = new HashSet<>();
    for (QueryArgProfile profile : profiles) {
      if (!ARGUMENT.matcher(profile.queryArg()).matches()) {
        throw invalid(
            path,
            "has arguments of 1 to 128 letters, digits and -._*+%%, not '%s'"
                .formatted(profile.queryArg()));
      }
      if (!values.add(profile.queryArg())) {
        throw invalid(path, "has the argument '%s' twice".formatted(profile.queryArg()));
      }
      if (profile.profileId().isEmpty()) {
        throw new Refused(
            "QueryArgProfileEmpty",
            "The query argument '%s' has no profile.".formatted(profile.queryArg()));
      }
    }
  }

  private static void types(List<ContentTypeProfile> profiles) {
    if (profiles.size() > TYPES_MAX) {
      throw new Refused(
          "TooManyFieldLevelEncryptionContentTypeProfiles",
          "%d content types; %d is allowed.".formatted(profiles.size(), TYPES_MAX));
    }
    for (ContentTypeProfile profile : profiles) {
      if (!profile.contentType().toLowerCase(Locale.ROOT).equals(FORM)) {
        throw invalid(
            "ContentTypeProfileConfig.ContentTypeProfiles",
            "is for %s alone, not '%s'".formatted(FORM, profile.contentType()));
      }
    }
  }

  private static Refused invalid(String field, String what) {
    return new Refused(
        "InvalidArgument",
        "The parameter FieldLevelEncryptionConfig.%s %s.".formatted(field, what));
  }

  @Override
  public void refer(Transaction tx, FieldLevelEncryptionConfig config) {
    Stream.concat(
            types(config).stream().map(ContentTypeProfile::profileId),
            arguments(config).stream().map(QueryArgProfile::profileId))
        .filter(id -> id != null && !id.isEmpty())
        .filter(id -> tx.find(EncryptionProfiles.TYPE, id).isEmpty())
        .findFirst()
        .ifPresent(id -> {
          throw new Refused(
              "NoSuchFieldLevelEncryptionProfile",
              "There is no field-level encryption profile with the id %s.".formatted(id));
        });
  }

  @Override
  public void change(FieldLevelEncryptionConfig before, FieldLevelEncryptionConfig after) {
    if (!before.callerReference().equals(after.callerReference())) {
      throw new Refused(
          "IllegalUpdate",
          "The parameter FieldLevelEncryptionConfig.CallerReference cannot be changed: it is '%s'."
              .formatted(before.callerReference()));
    }
  }

  @Override
  public List<Name> names(FieldLevelEncryptionConfig config) {
    return List.of(
        new Name(
            "encryption-config-caller-reference",
            config.callerReference(),
            "FieldLevelEncryptionConfigAlreadyExists",
            "The caller reference is that of another configuration"));
  }

  @Override
  public FieldLevelEncryption make(Ids ids, String id, FieldLevelEncryptionConfig config) {
    return FieldLevelEncryption.builder().id(id).fieldLevelEncryptionConfig(config).build();
  }

  @Override
  public FieldLevelEncryption with(
      FieldLevelEncryption resource, FieldLevelEncryptionConfig config) {
    return resource.toBuilder().fieldLevelEncryptionConfig(config).build();
  }

  @Override
  public FieldLevelEncryptionConfig config(FieldLevelEncryption resource) {
    return resource.fieldLevelEncryptionConfig();
  }

  @Override
  public FieldLevelEncryption show(Transaction tx, Row row, FieldLevelEncryption resource) {
    return resource.toBuilder().lastModifiedTime(row.modified()).build();
  }

  @Override
  public Resource compile(FieldLevelEncryption resource) {
    FieldLevelEncryptionConfig config = resource.fieldLevelEncryptionConfig();
    Map<String, Optional<String>> byType = new HashMap<>();
    for (ContentTypeProfile profile : types(config)) {
      byType.put(
          profile.contentType().toLowerCase(Locale.ROOT),
          Optional.ofNullable(profile.profileId()).filter(id -> !id.isEmpty()));
    }
    Map<String, String> byArgument = new HashMap<>();
    arguments(config).forEach(one -> byArgument.put(one.queryArg(), one.profileId()));
    return new warmfront.distribution.FieldLevelEncryptionConfig(
        resource.id(),
        new ByType(byType, config.contentTypeProfileConfig().forwardWhenContentTypeIsUnknown()),
        Optional.ofNullable(config.queryArgProfileConfig())
            .map(said -> new ByArgument(byArgument, said.forwardWhenQueryArgProfileIsUnknown())));
  }

  @Override
  public boolean uses(Resource user, String id) {
    return user instanceof Distribution distribution
        && Stream.concat(
                Stream.of(distribution.defaultBehavior()), distribution.behaviors().stream())
            .anyMatch(behavior -> behavior.options().encryptionId().filter(id::equals).isPresent());
  }
}
