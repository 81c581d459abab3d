package warmfront.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.CloudFrontOriginAccessIdentity;
import software.amazon.awssdk.services.cloudfront.model.CreateStreamingDistributionResponse;
import software.amazon.awssdk.services.cloudfront.model.GetStreamingDistributionConfigResponse;
import software.amazon.awssdk.services.cloudfront.model.NoSuchStreamingDistributionException;
import software.amazon.awssdk.services.cloudfront.model.StreamingDistribution;
import software.amazon.awssdk.services.cloudfront.model.StreamingDistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.StreamingDistributionNotDisabledException;
import software.amazon.awssdk.services.cloudfront.model.StreamingDistributionSummary;
import software.amazon.awssdk.services.cloudfront.model.Tag;
import software.amazon.awssdk.services.cloudfront.model.UpdateStreamingDistributionResponse;
import warmfront.control.store.Transaction;
import warmfront.distribution.Kind;
import warmfront.distribution.OriginAccessControl;
import warmfront.distribution.PriceClass;
import warmfront.distribution.Resource;
import warmfront.time.Clock;

/**
 * Streaming distributions and what signs for and on them, driven by the AWS SDK over a socket:
 * their life, their rules, and what edges are told.
 */
final class StreamingTest {
  private static final Quotas FEW =
      Quotas.DEFAULT
          .with(Quota.DISTRIBUTIONS, 6)
          .with(Quota.ORIGINS, 2)
          .with(Quota.BEHAVIORS, 2)
          .with(Quota.ALIASES, 2)
          .with(Quota.TAGS, 2)
          .with(Quota.POLICIES, 1)
          .with(Quota.ORIGIN_ACCESS_CONTROLS, 1)
          .with(Quota.INVALIDATION_PATHS, 3)
          .with(Quota.INVALIDATION_WILDCARDS, 1)
          .with(Quota.STREAMING_DISTRIBUTIONS, 3)
          .with(Quota.ORIGIN_ACCESS_IDENTITIES, 1)
          .with(Quota.PUBLIC_KEYS, 2)
          .with(Quota.KEY_GROUPS, 1)
          .with(Quota.GROUP_KEYS, 1)
          .with(Quota.CONTINUOUS_DEPLOYMENT_POLICIES, 1);
  private static final String BUCKET = "media.s3.us-east-2.amazonaws.com";
  private static final String PEM = pem();

  @TempDir private Path folder;
  private Running running;
  private CloudFrontClient client;

  @BeforeEach
  void start() {
    running = new Running(folder, FEW, Limits.DEFAULT, Clock.system());
    client = running.client();
  }

  @AfterEach
  void stop() {
    client.close();
    running.close();
  }

  private static String pem() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return "-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n"
          .formatted(
              Base64.getMimeEncoder(64, new byte[] {'\n'})
                  .encodeToString(generator.generateKeyPair().getPublic().getEncoded()));
    } catch (java.security.GeneralSecurityException missing) {
      throw new IllegalStateException(missing);
    }
  }

  private static StreamingDistributionConfig config(String reference) {
    return StreamingDistributionConfig.builder()
        .callerReference(reference)
        .comment("")
        .enabled(true)
        .s3Origin(o -> o.domainName(BUCKET).originAccessIdentity(""))
        .trustedSigners(t -> t.enabled(false).quantity(0))
        .build();
  }

  private CreateStreamingDistributionResponse create(StreamingDistributionConfig config) {
    return client.createStreamingDistribution(r -> r.streamingDistributionConfig(config));
  }

  private Optional<Resource> published(Kind kind, String id) {
    return running.store.read(tx -> tx.latest(kind, id));
  }

  private static void refused(String code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            AwsServiceException.class,
            refusal -> assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo(code));
  }

  @Test
  void a_streaming_distribution_is_made_read_changed_disabled_and_deleted() {
    CreateStreamingDistributionResponse made = create(config("life"));
    StreamingDistribution distribution = made.streamingDistribution();
    String id = distribution.id();

    assertThat(id).matches("E[0-9A-Z]{13}");
    assertThat(distribution.domainName()).matches("s[0-9a-z]{13}\\.warmfront\\.localhost");
    assertThat(distribution.arn())
        .isEqualTo("arn:aws:cloudfront::123456789012:streaming-distribution/" + id);
    assertThat(distribution.status()).isEqualTo("InProgress");
    assertThat(made.location()).endsWith("/2020-05-31/streaming-distribution/" + id);
    assertThat(made.sdkHttpResponse().statusCode()).isEqualTo(201);
    assertThat(distribution.streamingDistributionConfig().priceClassAsString())
        .isEqualTo("PriceClass_All");
    assertThat(distribution.activeTrustedSigners().enabled()).isFalse();

    running.rollOut();
    GetStreamingDistributionConfigResponse read =
        client.getStreamingDistributionConfig(r -> r.id(id));
    assertThat(read.eTag()).isEqualTo(made.eTag());
    long head = running.store.<Long>read(Transaction::head);
    UpdateStreamingDistributionResponse same =
        client.updateStreamingDistribution(r ->
            r.id(id)
                .ifMatch(read.eTag())
                .streamingDistributionConfig(read.streamingDistributionConfig()));
    assertThat(same.streamingDistribution().status()).isEqualTo("Deployed");
    assertThat(running.store.<Long>read(Transaction::head)).isEqualTo(head);

    UpdateStreamingDistributionResponse off =
        client.updateStreamingDistribution(r ->
            r.id(id)
                .ifMatch(same.eTag())
                .streamingDistributionConfig(
                    read.streamingDistributionConfig().copy(c -> c.enabled(false))));
    assertThat(off.streamingDistribution().status()).isEqualTo("InProgress");
    assertThatThrownBy(() -> client.deleteStreamingDistribution(r -> r.id(id).ifMatch(off.eTag())))
        .isInstanceOf(StreamingDistributionNotDisabledException.class);
    running.rollOut();
    client.deleteStreamingDistribution(r -> r.id(id).ifMatch(off.eTag()));
    assertThatThrownBy(() -> client.getStreamingDistribution(r -> r.id(id)))
        .isInstanceOf(NoSuchStreamingDistributionException.class);
  }

  @Test
  void edges_are_told_what_they_need() {
    CloudFrontOriginAccessIdentity identity = identity("signs");
    StreamingDistribution made =
        create(
                config("told")
                    .copy(c ->
                        c.s3Origin(o ->
                                o.domainName("Media.S3.us-east-2.amazonaws.com")
                                    .originAccessIdentity(named(identity)))
                            .aliases(a -> a.quantity(2).items("Video.example.com", "*.example.net"))
                            .trustedSigners(t -> t.enabled(true).quantity(1).items("self"))
                            .priceClass("PriceClass_100")
                            .logging(l ->
                                l.enabled(true).bucket("Logs.s3.amazonaws.com").prefix("rtmp/"))))
            .streamingDistribution();

    assertThat(published(Kind.STREAMING_DISTRIBUTION, made.id()))
        .contains(
            new warmfront.distribution.StreamingDistribution(
                made.id(),
                made.domainName(),
                true,
                List.of("video.example.com", "*.example.net"),
                BUCKET,
                Optional.of(identity.id()),
                true,
                PriceClass.PRICE_CLASS_100,
                Optional.of(
                    new warmfront.distribution.StreamingDistribution.Logging(
                        "logs.s3.amazonaws.com", "rtmp/"))));
    assertThat(published(Kind.ORIGIN_ACCESS_CONTROL, identity.id()))
        .contains(
            new OriginAccessControl(
                identity.id(), identity.s3CanonicalUserId(), OriginAccessControl.Signing.ALWAYS));
    refused(
        "CloudFrontOriginAccessIdentityInUse",
        () ->
            client.deleteCloudFrontOriginAccessIdentity(r ->
                r.id(identity.id())
                    .ifMatch(
                        client
                            .getCloudFrontOriginAccessIdentity(g -> g.id(identity.id()))
                            .eTag())));
  }

  @Test
  void what_is_not_allowed_is_refused_by_its_code() {
    create(config("first").copy(c -> c.aliases(a -> a.quantity(1).items("a.example.com"))));
    refused("StreamingDistributionAlreadyExists", () -> create(config("first")));
    refuses("CNAMEAlreadyExists", c -> c.aliases(a -> a.quantity(1).items("A.example.com")));
    refuses(
        "TooManyStreamingDistributionCNAMEs",
        c ->
            c.aliases(a -> a.quantity(3).items("b.example.com", "c.example.com", "d.example.com")));
    Stream.of(
            "http://b",
            "b.*.com",
            "10.0.0.1",
            "",
            "d0123456789abc.warmfront.localhost",
            "s0123456789abc.warmfront.localhost",
            "*.live.warmfront.localhost")
        .forEach(
            alias -> refuses("InvalidArgument", c -> c.aliases(a -> a.quantity(1).items(alias))));
    refuses("InvalidArgument", c -> c.aliases(a -> a.quantity(2).items("b.example", "B.example")));
    refuses("InvalidOrigin", c -> c.s3Origin(o -> o.domainName("x.org").originAccessIdentity("")));
    Stream.of("E1", "origin-access-identity/cloudfront/E1")
        .forEach(identity ->
            refuses(
                "InvalidOriginAccessIdentity",
                c -> c.s3Origin(o -> o.domainName(BUCKET).originAccessIdentity(identity))));
    refuses(
        "TrustedSignerDoesNotExist",
        c -> c.trustedSigners(t -> t.enabled(true).quantity(1).items("999999999999")));
    refuses("InvalidArgument", c -> c.trustedSigners(t -> t.enabled(true).quantity(0)));
    refuses(
        "InvalidArgument", c -> c.trustedSigners(t -> t.enabled(false).quantity(1).items("self")));
    refuses(
        "TooManyTrustedSigners",
        c ->
            c.trustedSigners(
                t -> t.enabled(true).quantity(6).items("self", "a", "b", "c", "d", "e")));
    refuses("InvalidArgument", c -> c.callerReference(""));
    refuses("InvalidArgument", c -> c.comment("x".repeat(129)));
    refuses("InvalidArgument", c -> c.priceClass("None"));
    refuses("InvalidArgument", c -> c.logging(l -> l.enabled(true).bucket("elsewhere").prefix("")));
    create(config("second"));
    create(config("third"));
    refused("TooManyStreamingDistributions", () -> create(config("fourth")));
  }

  private void refuses(String code, Consumer<StreamingDistributionConfig.Builder> change) {
    refused(code, () -> create(config("other").copy(change)));
  }

  @Test
  void the_bucket_and_the_caller_reference_stay() {
    CreateStreamingDistributionResponse made = create(config("fixed"));
    Stream.<Consumer<StreamingDistributionConfig.Builder>>of(
            c -> c.callerReference("other"),
            c -> c.s3Origin(o -> o.domainName("other.s3.amazonaws.com").originAccessIdentity("")))
        .forEach(change ->
            refused(
                "IllegalUpdate",
                () ->
                    client.updateStreamingDistribution(r ->
                        r.id(made.streamingDistribution().id())
                            .ifMatch(made.eTag())
                            .streamingDistributionConfig(config("fixed").copy(change)))));
  }

  @Test
  void an_alias_that_is_given_up_is_free() {
    StreamingDistributionConfig config =
        config("one").copy(c -> c.aliases(a -> a.quantity(1).items("a.example.com")));
    CreateStreamingDistributionResponse made = create(config);
    client.updateStreamingDistribution(r ->
        r.id(made.streamingDistribution().id())
            .ifMatch(made.eTag())
            .streamingDistributionConfig(config.copy(c -> c.aliases(a -> a.quantity(0)))));

    StreamingDistribution other =
        create(config.copy(c -> c.callerReference("two"))).streamingDistribution();

    assertThat(other.streamingDistributionConfig().aliases().items())
        .containsExactly("a.example.com");
  }

  @Test
  void they_are_listed_and_tagged() {
    StreamingDistribution made =
        client
            .createStreamingDistributionWithTags(r ->
                r.streamingDistributionConfigWithTags(c ->
                    c.streamingDistributionConfig(config("tagged"))
                        .tags(t -> t.items(tag("team", "video")))))
            .streamingDistribution();
    create(config("plain"));

    client.tagResource(r -> r.resource(made.arn()).tags(t -> t.items(tag("stage", "1"))));
    client.untagResource(r -> r.resource(made.arn()).tagKeys(k -> k.items("team")));
    assertThat(client.listTagsForResource(r -> r.resource(made.arn())).tags().items())
        .containsExactly(tag("stage", "1"));
    refused(
        "InvalidTagging",
        () ->
            client.tagResource(
                r -> r.resource(made.arn()).tags(t -> t.items(tag("warmfront:strict", "true")))));
    refused(
        "NoSuchResource",
        () ->
            client.listTagsForResource(
                r -> r.resource(made.arn().replace("streaming-distribution", "distribution"))));

    List<StreamingDistributionSummary> first =
        client.listStreamingDistributions(r -> r.maxItems("1")).streamingDistributionList().items();
    assertThat(first).hasSize(1);
    assertThat(
            client
                .listStreamingDistributions(r -> r.marker(first.getFirst().id()))
                .streamingDistributionList()
                .items())
        .singleElement()
        .satisfies(item -> {
          assertThat(item.id()).isEqualTo(made.id());
          assertThat(item.s3Origin().domainName()).isEqualTo(BUCKET);
        });
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }

  @Test
  void public_keys_sign_and_are_grouped() {
    String first = key("first").publicKey().id();
    assertThat(first).matches("K[0-9A-Z]{13}");
    assertThat(published(Kind.PUBLIC_KEY, first))
        .contains(warmfront.distribution.PublicKey.ofPem(first, PEM));
    StreamingDistribution signed =
        create(
                config("signed")
                    .copy(c -> c.trustedSigners(t -> t.enabled(true).quantity(1).items("self"))))
            .streamingDistribution();
    assertThat(signed.activeTrustedSigners().items())
        .singleElement()
        .satisfies(signer -> {
          assertThat(signer.awsAccountNumber()).isEqualTo("self");
          assertThat(signer.keyPairIds().items()).containsExactly(first);
        });

    var group = client.createKeyGroup(r -> r.keyGroupConfig(g -> g.name("g").items(first)));
    String etag = client.getPublicKeyConfig(r -> r.id(first)).eTag();
    refused("PublicKeyInUse", () -> client.deletePublicKey(r -> r.id(first).ifMatch(etag)));
    assertThat(published(Kind.KEY_GROUP, group.keyGroup().id()))
        .contains(new warmfront.distribution.KeyGroup(group.keyGroup().id(), List.of(first)));
    String second = key("second").publicKey().id();
    refused("TooManyPublicKeys", () -> key("third"));
    var changed =
        client.updateKeyGroup(r ->
            r.id(group.keyGroup().id())
                .ifMatch(group.eTag())
                .keyGroupConfig(g -> g.name("h").items(second)));
    assertThat(client.listKeyGroups(r -> {}).keyGroupList().items())
        .singleElement()
        .satisfies(item -> assertThat(item.keyGroup().keyGroupConfig().name()).isEqualTo("h"));
    client.deletePublicKey(r -> r.id(first).ifMatch(etag));
    client.deleteKeyGroup(r -> r.id(group.keyGroup().id()).ifMatch(changed.eTag()));
    refused("NoSuchResource", () -> client.getKeyGroup(r -> r.id(group.keyGroup().id())));
    assertThat(client.listPublicKeys(r -> {}).publicKeyList().items())
        .singleElement()
        .satisfies(item -> assertThat(item.encodedKey()).isEqualTo(PEM));
  }

  private software.amazon.awssdk.services.cloudfront.model.CreatePublicKeyResponse key(
      String name) {
    return client.createPublicKey(
        r -> r.publicKeyConfig(c -> c.callerReference(name).name(name).encodedKey(PEM)));
  }

  @Test
  void keys_and_groups_have_rules() {
    var key = key("a");
    String id = key.publicKey().id();
    refused("PublicKeyAlreadyExists", () -> key("a"));
    refused(
        "InvalidArgument",
        () ->
            client.createPublicKey(
                r -> r.publicKeyConfig(c -> c.callerReference("b").name("b").encodedKey("key"))));
    refused(
        "CannotChangeImmutablePublicKeyFields",
        () ->
            client.updatePublicKey(r ->
                r.id(id)
                    .ifMatch(key.eTag())
                    .publicKeyConfig(key.publicKey().publicKeyConfig().copy(c -> c.name("b")))));
    var commented =
        client.updatePublicKey(r ->
            r.id(id)
                .ifMatch(key.eTag())
                .publicKeyConfig(key.publicKey().publicKeyConfig().copy(c -> c.comment("mine"))));
    assertThat(commented.publicKey().publicKeyConfig().comment()).isEqualTo("mine");
    refused("InvalidArgument", () -> group("g", "K9"));
    refused("TooManyPublicKeysInKeyGroup", () -> group("g", id, "K9"));
    refused("InvalidArgument", () -> group("", id));
    refused("NoSuchPublicKey", () -> client.getPublicKey(r -> r.id("K9")));
    group("g", id);
    refused("KeyGroupAlreadyExists", () -> group("g", id));
    refused("TooManyKeyGroups", () -> group("h", id));
  }

  private void group(String name, String... keys) {
    client.createKeyGroup(r -> r.keyGroupConfig(g -> g.name(name).items(keys)));
  }

  @Test
  void an_identity_is_made_once_per_reference_and_signs_for_web_distributions_too() {
    CloudFrontOriginAccessIdentity made = identity("web");

    assertThat(made.s3CanonicalUserId()).matches("[0-9a-f]{96}");
    assertThat(identity("web")).as("the same create again").isEqualTo(made);
    refused(
        "CloudFrontOriginAccessIdentityAlreadyExists",
        () ->
            client.createCloudFrontOriginAccessIdentity(r ->
                r.cloudFrontOriginAccessIdentityConfig(
                    c -> c.callerReference("web").comment("other"))));
    refused("TooManyCloudFrontOriginAccessIdentities", () -> identity("more"));
    assertThat(
            client
                .listCloudFrontOriginAccessIdentities(r -> {})
                .cloudFrontOriginAccessIdentityList()
                .items())
        .singleElement()
        .satisfies(item -> assertThat(item.id()).isEqualTo(made.id()));

    var bucket =
        Configs.bucket().copy(o -> o.s3OriginConfig(s -> s.originAccessIdentity(named(made))));
    var user = client.createDistribution(r -> r.distributionConfig(Configs.of("web", bucket)));
    var compiled =
        (warmfront.distribution.Distribution)
            published(Kind.DISTRIBUTION, user.distribution().id()).orElseThrow();
    assertThat(Buckets.isSignedBy(compiled, made.id())).isTrue();
    String etag = client.getCloudFrontOriginAccessIdentityConfig(r -> r.id(made.id())).eTag();
    refused(
        "CloudFrontOriginAccessIdentityInUse",
        () -> client.deleteCloudFrontOriginAccessIdentity(r -> r.id(made.id()).ifMatch(etag)));
    refused(
        "InvalidOriginAccessIdentity",
        () ->
            client.createDistribution(r ->
                r.distributionConfig(
                    Configs.of(
                        "none",
                        Configs.bucket()
                            .copy(o -> o.s3OriginConfig(s -> s.originAccessIdentity("E1")))))));
    refused(
        "IllegalOriginAccessConfiguration",
        () ->
            client.createDistribution(r ->
                r.distributionConfig(
                    Configs.of("both", bucket.copy(o -> o.originAccessControlId("E1"))))));
    var changed =
        client.updateCloudFrontOriginAccessIdentity(r ->
            r.id(made.id())
                .ifMatch(etag)
                .cloudFrontOriginAccessIdentityConfig(
                    c -> c.callerReference("web").comment("changed")));
    assertThat(changed.cloudFrontOriginAccessIdentity().s3CanonicalUserId())
        .isEqualTo(made.s3CanonicalUserId());
  }

  private CloudFrontOriginAccessIdentity identity(String reference) {
    return client
        .createCloudFrontOriginAccessIdentity(r ->
            r.cloudFrontOriginAccessIdentityConfig(c -> c.callerReference(reference).comment("")))
        .cloudFrontOriginAccessIdentity();
  }

  private static String named(CloudFrontOriginAccessIdentity identity) {
    return "origin-access-identity/cloudfront/" + identity.id();
  }
}
