package warmfront.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.CustomOriginConfig;
import software.amazon.awssdk.services.cloudfront.model.DefaultCacheBehavior;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.EncryptionEntity;
import software.amazon.awssdk.services.cloudfront.model.FieldLevelEncryptionConfig;
import software.amazon.awssdk.services.cloudfront.model.FieldLevelEncryptionProfileConfig;
import software.amazon.awssdk.services.cloudfront.model.QueryArgProfile;
import software.amazon.awssdk.services.cloudfront.model.QueryArgProfileConfig;
import warmfront.distribution.Distribution;
import warmfront.distribution.FieldLevelEncryptionConfig.ByArgument;
import warmfront.distribution.FieldLevelEncryptionConfig.ByType;
import warmfront.distribution.FieldLevelEncryptionProfile.Entity;
import warmfront.distribution.Kind;
import warmfront.distribution.Resource;
import warmfront.time.Clock;

/** Field-level encryption, as the API takes it, checks it and tells it to edges. */
@SuppressWarnings("unchecked") // varargs of the SDK
final class EncryptionTest {
  private static final String FORM = "application/x-www-form-urlencoded";

  @TempDir private static Path folder;
  private static Running running;
  private static CloudFrontClient client;
  private static String key;
  private static int asks;

  @BeforeAll
  static void start() throws Exception {
    running =
        new Running(
            folder,
            Quotas.DEFAULT.with(Quota.DISTRIBUTIONS_OF_ENCRYPTION_CONFIG, 2),
            Limits.DEFAULT,
            Clock.system());
    client = running.client();
    key = key("card-key", "RSA", 2048);
  }

  @AfterAll
  static void stop() {
    client.close();
    running.close();
  }

  private static String key(String name, String algorithm, int bits) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(bits);
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder()
                .encodeToString(generator.generateKeyPair().getPublic().getEncoded())
            + "\n-----END PUBLIC KEY-----\n";
    return client
        .createPublicKey(
            r -> r.publicKeyConfig(c -> c.callerReference(name).name(name).encodedKey(pem)))
        .publicKey()
        .id();
  }

  private static FieldLevelEncryptionProfileConfig profileOf(
      String name, String key, String... patterns) {
    return FieldLevelEncryptionProfileConfig.builder()
        .name(name)
        .callerReference(name)
        .encryptionEntities(e -> e.quantity(1).items(entity(key, patterns)))
        .build();
  }

  private static EncryptionEntity entity(String key, String... patterns) {
    return EncryptionEntity.builder()
        .publicKeyId(key)
        .providerId("Payments:1")
        .fieldPatterns(f -> f.quantity(patterns.length).items(patterns))
        .build();
  }

  private static String profile(String name, String key, String... patterns) {
    return client
        .createFieldLevelEncryptionProfile(
            r -> r.fieldLevelEncryptionProfileConfig(profileOf(name, key, patterns)))
        .fieldLevelEncryptionProfile()
        .id();
  }

  private static FieldLevelEncryptionConfig configOf(String reference, String profile) {
    return FieldLevelEncryptionConfig.builder()
        .callerReference(reference)
        .contentTypeProfileConfig(c ->
            c.forwardWhenContentTypeIsUnknown(true)
                .contentTypeProfiles(p ->
                    p.quantity(1)
                        .items(i -> i.format("URLEncoded").contentType(FORM).profileId(profile))))
        .build();
  }

  private static String config(String reference, String profile) {
    return client
        .createFieldLevelEncryptionConfig(
            r -> r.fieldLevelEncryptionConfig(configOf(reference, profile)))
        .fieldLevelEncryption()
        .id();
  }

  private static DistributionConfig site(
      String config, Consumer<DefaultCacheBehavior.Builder> change) {
    DistributionConfig plain =
        Configs.of(
            "site " + ++asks,
            Configs.server()
                .copy(o ->
                    o.customOriginConfig(
                        CustomOriginConfig.builder()
                            .httpPort(80)
                            .httpsPort(443)
                            .originProtocolPolicy("match-viewer")
                            .build())));
    return plain.copy(c ->
        c.defaultCacheBehavior(
            plain
                .defaultCacheBehavior()
                .copy(b -> {
                  b.viewerProtocolPolicy("https-only")
                      .allowedMethods(m ->
                          m.quantity(7)
                              .itemsWithStrings(
                                  "GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"))
                      .fieldLevelEncryptionId(config);
                  change.accept(b);
                })));
  }

  private static String create(DistributionConfig config) {
    return client.createDistribution(r -> r.distributionConfig(config)).distribution().id();
  }

  private static Resource published(Kind kind, String id) {
    return running.store.read(tx -> tx.latest(kind, id)).orElseThrow();
  }

  private static void refused(String code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            AwsServiceException.class,
            thrown -> assertThat(thrown.awsErrorDetails().errorCode()).isEqualTo(code));
  }

  @Test
  void a_profile_lives_and_edges_are_told_of_it_with_the_name_of_the_key() throws Exception {
    String id = profile("p", key, "card*", "user[pin]");

    assertThat(published(Kind.FIELD_LEVEL_ENCRYPTION_PROFILE, id))
        .isEqualTo(
            new warmfront.distribution.FieldLevelEncryptionProfile(
                id,
                List.of(new Entity(key, "card-key", "Payments:1", List.of("card*", "user[pin]")))));
    var read = client.getFieldLevelEncryptionProfileConfig(r -> r.id(id));
    assertThat(read.fieldLevelEncryptionProfileConfig().name()).isEqualTo("p");
    var updated =
        client.updateFieldLevelEncryptionProfile(r ->
            r.id(id)
                .ifMatch(read.eTag())
                .fieldLevelEncryptionProfileConfig(profileOf("p", key, "pin")));
    assertThat(published(Kind.FIELD_LEVEL_ENCRYPTION_PROFILE, id))
        .isEqualTo(
            new warmfront.distribution.FieldLevelEncryptionProfile(
                id, List.of(new Entity(key, "card-key", "Payments:1", List.of("pin")))));
    assertThat(
            client
                .listFieldLevelEncryptionProfiles(r -> {})
                .fieldLevelEncryptionProfileList()
                .items())
        .filteredOn(one -> one.id().equals(id))
        .singleElement()
        .satisfies(one -> {
          assertThat(one.name()).isEqualTo("p");
          assertThat(one.encryptionEntities().items().getFirst().fieldPatterns().items())
              .containsExactly("pin");
        });
    refused(
        "PublicKeyInUse",
        () -> {
          String version = client.getPublicKey(r -> r.id(key)).eTag();
          client.deletePublicKey(r -> r.id(key).ifMatch(version));
        });
    client.deleteFieldLevelEncryptionProfile(r -> r.id(id).ifMatch(updated.eTag()));
    refused(
        "NoSuchFieldLevelEncryptionProfile",
        () -> client.getFieldLevelEncryptionProfile(r -> r.id(id)));
  }

  @Test
  void a_profile_that_cannot_be_is_refused() throws Exception {
    String ec = key("ec", "EC", 256);
    profile("taken", key, "a");

    refused("FieldLevelEncryptionProfileAlreadyExists", () -> profile("taken", key, "a"));
    refused("NoSuchPublicKey", () -> profile("1", "KNONE", "a"));
    refused("InvalidArgument", () -> profile("2", ec, "a"));
    refused("InvalidArgument", () -> profile("with space", key, "a"));
    refused("InvalidArgument", () -> profile("3", key));
    for (String wrong : List.of("*", "a b", "a*b", "", "ä", "a".repeat(129))) {
      refused("InvalidArgument", () -> profile("4", key, wrong));
    }
    refused("InvalidArgument", () -> profile("5", key, "ABC*", "AB*"));
    refused("InvalidArgument", () -> profile("6", key, "ABC", "AB*"));
    refused("InvalidArgument", () -> profile("7", key, "ABC", "ABC"));
    refused(
        "TooManyFieldLevelEncryptionFieldPatterns",
        () -> profile("8", key, "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"));
    profile("neighbours", key, "ABC", "AB", "abc*");
  }

  @Test
  void a_configuration_lives_and_edges_are_told_of_it() throws Exception {
    String preset = profile("p1", key, "card");
    FieldLevelEncryptionConfig asked =
        configOf("c", preset)
            .copy(c ->
                c.comment("forms")
                    .queryArgProfileConfig(q ->
                        q.forwardWhenQueryArgProfileIsUnknown(false)
                            .queryArgProfiles(p ->
                                p.quantity(1).items(i -> i.queryArg("gold").profileId(preset)))));

    var made = client.createFieldLevelEncryptionConfig(r -> r.fieldLevelEncryptionConfig(asked));
    String id = made.fieldLevelEncryption().id();

    assertThat(made.location()).endsWith("/field-level-encryption/" + id);
    assertThat(client.getFieldLevelEncryption(r -> r.id(id)).eTag()).isEqualTo(made.eTag());
    var read = client.getFieldLevelEncryptionConfig(r -> r.id(id));
    assertThat(read.fieldLevelEncryptionConfig()).isEqualTo(asked);
    assertThat(published(Kind.FIELD_LEVEL_ENCRYPTION_CONFIG, id))
        .isEqualTo(
            new warmfront.distribution.FieldLevelEncryptionConfig(
                id,
                new ByType(Map.of(FORM, Optional.of(preset)), true),
                Optional.of(new ByArgument(Map.of("gold", preset), false))));
    assertThat(client.listFieldLevelEncryptionConfigs(r -> {}).fieldLevelEncryptionList().items())
        .filteredOn(one -> one.id().equals(id))
        .singleElement()
        .satisfies(one -> assertThat(one.comment()).isEqualTo("forms"));
    refused(
        "FieldLevelEncryptionProfileInUse",
        () -> {
          String version = client.getFieldLevelEncryptionProfile(r -> r.id(preset)).eTag();
          client.deleteFieldLevelEncryptionProfile(r -> r.id(preset).ifMatch(version));
        });
    String version =
        client
            .updateFieldLevelEncryptionConfig(r ->
                r.id(id)
                    .ifMatch(read.eTag())
                    .fieldLevelEncryptionConfig(
                        FieldLevelEncryptionConfig.builder().callerReference("c").build()))
            .eTag();
    assertThat(published(Kind.FIELD_LEVEL_ENCRYPTION_CONFIG, id))
        .isEqualTo(
            new warmfront.distribution.FieldLevelEncryptionConfig(
                id, new ByType(Map.of(), false), Optional.empty()));
    client.deleteFieldLevelEncryptionConfig(r -> r.id(id).ifMatch(version));
  }

  @Test
  void a_configuration_that_cannot_be_is_refused() throws Exception {
    String profile = profile("p2", key, "card");
    config("taken", profile);

    refused("FieldLevelEncryptionConfigAlreadyExists", () -> config("taken", profile));
    refused("NoSuchFieldLevelEncryptionProfile", () -> config("1", "PNONE"));
    refused("InvalidArgument", () -> byArgument(argument("a b", profile)));
    refused("InvalidArgument", () -> byArgument(argument("a", profile), argument("a", profile)));
    refused("QueryArgProfileEmpty", () -> byArgument(argument("a", "")));
    refused("NoSuchFieldLevelEncryptionProfile", () -> byArgument(argument("a", "PNONE")));
    QueryArgProfile[] six = new QueryArgProfile[6];
    for (int i = 0; i < six.length; i++) {
      six[i] = argument("a" + i, profile);
    }
    refused("TooManyFieldLevelEncryptionQueryArgProfiles", () -> byArgument(six));
    refused(
        "InvalidArgument",
        () ->
            client.createFieldLevelEncryptionConfig(r ->
                r.fieldLevelEncryptionConfig(f ->
                    f.callerReference("json")
                        .contentTypeProfileConfig(c ->
                            c.forwardWhenContentTypeIsUnknown(true)
                                .contentTypeProfiles(p ->
                                    p.quantity(1)
                                        .items(i ->
                                            i.format("URLEncoded")
                                                .contentType("application/json")))))));
  }

  private static QueryArgProfile argument(String value, String profile) {
    return QueryArgProfile.builder().queryArg(value).profileId(profile).build();
  }

  private static void byArgument(QueryArgProfile... profiles) {
    client.createFieldLevelEncryptionConfig(r ->
        r.fieldLevelEncryptionConfig(f ->
            f.callerReference("q" + ++asks)
                .queryArgProfileConfig(
                    QueryArgProfileConfig.builder()
                        .forwardWhenQueryArgProfileIsUnknown(true)
                        .queryArgProfiles(p -> p.quantity(profiles.length).items(profiles))
                        .build())));
  }

  @Test
  void a_behavior_uses_a_configuration_that_is_there_and_stays() throws Exception {
    String config = config("c6", profile("p3", key, "card"));

    String id = create(site(config, b -> {}));

    assertThat(
            ((Distribution) published(Kind.DISTRIBUTION, id))
                .defaultBehavior()
                .options()
                .encryptionId())
        .contains(config);
    refused("NoSuchFieldLevelEncryptionConfig", () -> create(site("CNONE", b -> {})));
    refused(
        "FieldLevelEncryptionConfigInUse",
        () -> {
          String version = client.getFieldLevelEncryption(r -> r.id(config)).eTag();
          client.deleteFieldLevelEncryptionConfig(r -> r.id(config).ifMatch(version));
        });
  }

  @Test
  void viewers_write_by_https_and_the_origin_is_asked_by_https() throws Exception {
    String config = config("c7", profile("p4", key, "card"));
    String code = "IllegalFieldLevelEncryptionConfigAssociationWithCacheBehavior";
    DistributionConfig right = site(config, b -> {});

    refused(code, () -> create(site(config, b -> b.viewerProtocolPolicy("allow-all"))));
    refused(
        code,
        () ->
            create(
                site(
                    config,
                    b -> b.allowedMethods(m -> m.quantity(2).itemsWithStrings("GET", "HEAD")))));
    refused(
        code, () -> create(right.copy(c -> c.origins(o -> o.quantity(1).items(Configs.server())))));
    create(site(config, b -> b.viewerProtocolPolicy("redirect-to-https")));
  }

  @Test
  void so_many_distributions_use_a_configuration_and_no_more() throws Exception {
    String config = config("c8", profile("p5", key, "card"));
    create(site(config, b -> {}));
    DistributionConfig second = site(config, b -> {});
    String id = create(second);

    refused(
        "TooManyDistributionsAssociatedToFieldLevelEncryptionConfig",
        () -> create(site(config, b -> {})));
    String version = client.getDistribution(r -> r.id(id)).eTag();
    client.updateDistribution(r ->
        r.id(id)
            .ifMatch(version)
            .distributionConfig(second.copy(c -> c.comment("one of them already"))));
  }
}
