package warmfront.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.CreateDistributionResponse;
import software.amazon.awssdk.services.cloudfront.model.DefaultCacheBehavior;
import software.amazon.awssdk.services.cloudfront.model.Distribution;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.GeoRestriction;
import software.amazon.awssdk.services.cloudfront.model.ViewerCertificate;
import warmfront.control.store.Transaction;
import warmfront.distribution.Behavior.Signers;
import warmfront.distribution.Entrance;
import warmfront.distribution.Geography;
import warmfront.distribution.Kind;
import warmfront.distribution.TlsPolicy;

/** Who is let in, as the API takes it, checks it and tells it to edges. */
@SuppressWarnings("deprecation") // Certificate and CertificateSource, which the API still has
final class AdmissionTest {
  @TempDir private Path folder;
  private Running running;
  private final Issuer issuer = new Issuer("root", Instant.now());
  private CloudFrontClient client;
  private int asks;

  @BeforeEach
  void start() {
    running = new Running(folder);
    client = running.client();
  }

  @AfterEach
  void stop() {
    client.close();
    running.close();
  }

  @Test
  void trusted_key_groups_are_told_to_edges_and_their_keys_to_callers() throws Exception {
    String key = key("k");
    String group = group("g", key);
    Distribution made =
        create("groups", b -> b.trustedKeyGroups(t -> t.enabled(true).quantity(1).items(group)))
            .distribution();

    assertThat(signers(made.id())).isEqualTo(new Signers(false, List.of(group)));
    assertThat(made.activeTrustedSigners().enabled()).isFalse();
    assertThat(made.activeTrustedKeyGroups().enabled()).isTrue();
    assertThat(made.activeTrustedKeyGroups().items())
        .singleElement()
        .satisfies(shown -> {
          assertThat(shown.keyGroupId()).isEqualTo(group);
          assertThat(shown.keyPairIds().items()).containsExactly(key);
        });
    String more = key("more");
    var read = client.getKeyGroupConfig(r -> r.id(group));
    client.updateKeyGroup(r ->
        r.id(group)
            .ifMatch(read.eTag())
            .keyGroupConfig(read.keyGroupConfig().copy(c -> c.items(key, more))));
    assertThat(
            client
                .getDistribution(r -> r.id(made.id()))
                .distribution()
                .activeTrustedKeyGroups()
                .items()
                .getFirst()
                .keyPairIds()
                .items())
        .containsExactly(key, more);
  }

  @Test
  void trusted_signers_are_the_account_with_all_of_its_keys() throws Exception {
    String key = key("k");
    for (String signer : List.of("self", Running.ACCOUNT)) {
      Distribution made =
          create(signer, b -> b.trustedSigners(t -> t.enabled(true).quantity(1).items(signer)))
              .distribution();

      assertThat(signers(made.id())).isEqualTo(new Signers(true, List.of()));
      assertThat(made.activeTrustedSigners().items())
          .singleElement()
          .satisfies(shown -> {
            assertThat(shown.awsAccountNumber()).isEqualTo("self");
            assertThat(shown.keyPairIds().items()).containsExactly(key);
          });
    }
  }

  @Test
  void signers_that_cannot_be_are_refused() throws Exception {
    String group = group("g", key("k"));

    refused(
        "TrustedKeyGroupDoesNotExist",
        () -> create("1", b -> b.trustedKeyGroups(t -> t.enabled(true).quantity(1).items("x"))));
    refused(
        "TrustedSignerDoesNotExist",
        () ->
            create(
                "2",
                b -> b.trustedSigners(t -> t.enabled(true).quantity(1).items("999999999999"))));
    refused(
        "InvalidArgument",
        () -> create("3", b -> b.trustedKeyGroups(t -> t.enabled(true).quantity(0))));
    refused(
        "InvalidArgument",
        () -> create("4", b -> b.trustedKeyGroups(t -> t.enabled(false).quantity(1).items(group))));
    refused(
        "InvalidArgument",
        () ->
            create(
                "5",
                b -> b.trustedKeyGroups(t -> t.enabled(true).quantity(2).items(group, group))));
    refused(
        "TooManyKeyGroupsAssociatedToDistribution",
        () ->
            create(
                "6",
                b ->
                    b.trustedKeyGroups(
                        t -> t.enabled(true).quantity(5).items("a", "b", "c", "d", "e"))));
  }

  @Test
  void a_key_group_that_a_behavior_trusts_stays() throws Exception {
    String group = group("g", key("k"));
    create("user", b -> b.trustedKeyGroups(t -> t.enabled(true).quantity(1).items(group)));
    String etag = client.getKeyGroup(r -> r.id(group)).eTag();

    refused("ResourceInUse", () -> client.deleteKeyGroup(r -> r.id(group).ifMatch(etag)));
  }

  @Test
  void countries_are_checked_and_told_to_edges() {
    assertThat(geography(g -> g.restrictionType("whitelist").quantity(2).items("DE", "FR")))
        .isEqualTo(new Geography(Geography.Rule.ONLY, Set.of("DE", "FR")));
    assertThat(geography(g -> g.restrictionType("blacklist").quantity(1).items("JP")))
        .isEqualTo(new Geography(Geography.Rule.ALL_BUT, Set.of("JP")));
    assertThat(geography(g -> g.restrictionType("none").quantity(0))).isEqualTo(Geography.ANYWHERE);
    refused(
        "InvalidGeoRestrictionParameter",
        () -> geography(g -> g.restrictionType("none").quantity(1).items("DE")));
    refused(
        "InvalidGeoRestrictionParameter",
        () -> geography(g -> g.restrictionType("whitelist").quantity(0)));
    refused(
        "InvalidGeoRestrictionParameter",
        () -> geography(g -> g.restrictionType("whitelist").quantity(2).items("DE", "DE")));
    for (String code : List.of("de", "XX", "DEU", "")) {
      refused(
          "InvalidLocationCode",
          () -> geography(g -> g.restrictionType("blacklist").quantity(1).items(code)));
    }
  }

  @Test
  void a_certificate_and_its_aliases_are_told_to_edges_and_shown_to_callers() throws Exception {
    String arn = imported("www.example.com", "*.shop.example.com");
    Distribution made =
        client
            .createDistribution(r ->
                r.distributionConfig(aliased("told", arn, "WWW.example.com", "*.shop.example.com")))
            .distribution();

    assertThat(published(made.id()).aliases())
        .containsExactly("www.example.com", "*.shop.example.com");
    assertThat(published(made.id()).entrance().certificate())
        .contains(new Entrance.Shown(arn, TlsPolicy.TLS_1_2_2021));
    ViewerCertificate shown = made.distributionConfig().viewerCertificate();
    assertThat(shown.cloudFrontDefaultCertificate()).isFalse();
    assertThat(shown.certificate()).isEqualTo(arn);
    assertThat(shown.certificateSourceAsString()).isEqualTo("acm");
    var read = client.getDistributionConfig(r -> r.id(made.id()));
    long head = running.store.<Long>read(Transaction::head);
    client.updateDistribution(
        r -> r.id(made.id()).ifMatch(read.eTag()).distributionConfig(read.distributionConfig()));
    assertThat(running.store.<Long>read(Transaction::head)).isEqualTo(head);
    assertThat(client.listDistributions().distributionList().items().getFirst().aliases().items())
        .hasSize(2);
  }

  @Test
  void every_security_policy_but_the_oldest_is_taken() throws Exception {
    String arn = imported("www.example.com");
    Map<String, TlsPolicy> policies =
        Map.of(
            "TLSv1", TlsPolicy.TLS_1,
            "TLSv1_2016", TlsPolicy.TLS_1_2016,
            "TLSv1.1_2016", TlsPolicy.TLS_1_1_2016,
            "TLSv1.2_2018", TlsPolicy.TLS_1_2_2018,
            "TLSv1.2_2019", TlsPolicy.TLS_1_2_2019,
            "TLSv1.2_2021", TlsPolicy.TLS_1_2_2021,
            "TLSv1.2_2025", TlsPolicy.TLS_1_2_2025,
            "TLSv1.3_2025", TlsPolicy.TLS_1_3_2025);

    policies.forEach((name, policy) ->
        assertThat(policy(name, v -> v.acmCertificateArn(arn).minimumProtocolVersion(name)))
            .isEqualTo(policy));
    assertThat(policy("none", v -> v.acmCertificateArn(arn))).isEqualTo(TlsPolicy.TLS_1);
    assertThat(policy("old", v -> v.certificate(arn).certificateSource("acm")))
        .isEqualTo(TlsPolicy.TLS_1);
    refused(
        "InvalidMinimumProtocolVersion",
        () -> policy("SSLv3", v -> v.acmCertificateArn(arn).minimumProtocolVersion("SSLv3")));
  }

  private TlsPolicy policy(String reference, Consumer<ViewerCertificate.Builder> certificate) {
    Distribution made =
        client
            .createDistribution(r ->
                r.distributionConfig(
                    Configs.minimal("policy " + reference)
                        .copy(c ->
                            c.viewerCertificate(
                                v -> v.sslSupportMethod("sni-only").applyMutation(certificate)))))
            .distribution();
    return published(made.id()).entrance().certificate().orElseThrow().policy();
  }

  @Test
  void certificates_that_cannot_be_shown_are_refused() throws Exception {
    String arn = imported("www.example.com");

    refusedWith(
        "InvalidViewerCertificate",
        "a.b.shop.example.com",
        () ->
            client.createDistribution(r ->
                r.distributionConfig(
                    aliased("1", arn, "www.example.com", "a.b.shop.example.com"))));
    refusedWith(
        "InvalidViewerCertificate",
        "www.example.com",
        () ->
            client.createDistribution(r ->
                r.distributionConfig(
                    Configs.minimal("2")
                        .copy(c -> c.aliases(a -> a.quantity(1).items("www.example.com"))))));
    refusedWith(
        "InvalidViewerCertificate",
        arn + "0",
        () -> client.createDistribution(r -> r.distributionConfig(aliased("3", arn + "0"))));
    for (String method : List.of("vip", "static-ip")) {
      refusedWith(
          "InvalidArgument",
          "not supported by this version",
          () ->
              client.createDistribution(r ->
                  r.distributionConfig(
                      Configs.minimal("4 " + method)
                          .copy(c ->
                              c.viewerCertificate(
                                  v -> v.acmCertificateArn(arn).sslSupportMethod(method))))));
    }
    refused(
        "InvalidViewerCertificate",
        () ->
            client.createDistribution(r ->
                r.distributionConfig(
                    Configs.minimal("5")
                        .copy(c -> c.viewerCertificate(v -> v.acmCertificateArn(arn))))));
    for (String alias :
        List.of("a.*.example.com", "*x.example.com", "d0123456789abc.warmfront.localhost", "")) {
      refused(
          "InvalidArgument",
          () ->
              client.createDistribution(
                  r -> r.distributionConfig(aliased("7" + alias, arn, alias))));
    }
  }

  @Test
  void an_alias_has_one_owner_who_is_named() throws Exception {
    String arn = imported("*.example.com", "example.com");
    String owner =
        client
            .createDistribution(r -> r.distributionConfig(aliased("1", arn, "www.example.com")))
            .distribution()
            .id();

    refusedWith(
        "CNAMEAlreadyExists",
        owner,
        () ->
            client.createDistribution(
                r -> r.distributionConfig(aliased("2", arn, "example.com", "WWW.example.com"))));
    assertThat(
            client
                .createDistribution(
                    r -> r.distributionConfig(aliased("3", arn, "*.example.com", "example.com")))
                .distribution()
                .status())
        .as("a wildcard beside it, and what the refused one asked for")
        .isEqualTo("InProgress");
  }

  @Test
  void an_alias_is_moved_at_once() throws Exception {
    String arn = imported("*.example.com");
    String other = imported("other.example");
    String from = made(aliased("1", arn, "Www.example.com", "shop.example.com"));
    String to = made(aliased("2", arn));
    String elsewhere = made(aliased("3", other));

    client.associateAlias(r -> r.targetDistributionId(to).alias("www.EXAMPLE.com"));
    client.associateAlias(r -> r.targetDistributionId(to).alias("www.example.com"));
    client.associateAlias(r -> r.targetDistributionId(to).alias("new.example.com"));

    assertThat(published(from).aliases()).containsExactly("shop.example.com");
    assertThat(published(to).aliases()).containsExactly("www.example.com", "new.example.com");
    refusedWith(
        "InvalidArgument",
        "shop.example.com",
        () ->
            client.associateAlias(
                r -> r.targetDistributionId(elsewhere).alias("shop.example.com")));
    assertThat(published(from).aliases()).as("nothing half done").hasSize(1);
    refused(
        "NoSuchDistribution",
        () -> client.associateAlias(r -> r.targetDistributionId("E0").alias("a.example.com")));
    client.createStreamingDistribution(r ->
        r.streamingDistributionConfig(s ->
            s.callerReference("s")
                .comment("")
                .enabled(true)
                .s3Origin(
                    o -> o.domainName("media.s3.us-east-2.amazonaws.com").originAccessIdentity(""))
                .aliases(a -> a.quantity(1).items("rtmp.example.com"))
                .trustedSigners(x -> x.enabled(false).quantity(0))));
    refused(
        "IllegalUpdate",
        () -> client.associateAlias(r -> r.targetDistributionId(to).alias("rtmp.example.com")));
  }

  @Test
  void conflicting_aliases_are_listed_with_what_their_owners_recognise() throws Exception {
    String arn = imported("*.example.com", "*.a.example.com");
    String wild = made(aliased("1", arn, "*.example.com"));
    String deep = made(aliased("2", arn, "x.a.example.com"));
    String asking = made(aliased("3", arn, "y.example.com"));

    assertThat(conflicting(asking, "x.a.example.com"))
        .containsExactly("*.example.com " + masked(wild), "x.a.example.com " + masked(deep));
    assertThat(conflicting(wild, "*.a.example.com"))
        .containsExactly("x.a.example.com " + masked(deep));
    assertThat(conflicting(asking, "example.com")).isEmpty();
    var first =
        client
            .listConflictingAliases(
                r -> r.distributionId(asking).alias("x.a.example.com").maxItems(1))
            .conflictingAliasesList();
    assertThat(first.nextMarker()).isEqualTo("*.example.com");
    assertThat(
            client
                .listConflictingAliases(r ->
                    r.distributionId(asking).alias("x.a.example.com").marker(first.nextMarker()))
                .conflictingAliasesList()
                .quantity())
        .isEqualTo(1);
  }

  private List<String> conflicting(String id, String alias) {
    return client
        .listConflictingAliases(r -> r.distributionId(id).alias(alias))
        .conflictingAliasesList()
        .items()
        .stream()
        .map(one -> one.alias() + " " + one.distributionId())
        .toList();
  }

  private static String masked(String id) {
    return "*".repeat(id.length() - 7) + id.substring(id.length() - 7);
  }

  private String made(DistributionConfig config) {
    return client.createDistribution(r -> r.distributionConfig(config)).distribution().id();
  }

  @Test
  void a_certificate_in_use_stays_and_stays_good_for_its_aliases() throws Exception {
    String arn = imported("www.example.com", "example.com");
    Distribution user =
        client
            .createDistribution(r -> r.distributionConfig(aliased("1", arn, "www.example.com")))
            .distribution();

    assertThat(running.acm("DeleteCertificate", "{\"CertificateArn\":\"" + arn + "\"}").body())
        .contains("ResourceInUseException")
        .contains(user.id());
    assertThat(running.acm("DescribeCertificate", "{\"CertificateArn\":\"" + arn + "\"}").body())
        .contains(user.arn());
    assertThat(
            running
                .acm(
                    "ImportCertificate",
                    AcmTest.brought(issuer.issue("example.com"), "", again(arn)))
                .body())
        .contains("ValidationException")
        .contains("www.example.com");
    assertThat(
            running
                .acm(
                    "ImportCertificate",
                    AcmTest.brought(issuer.issue("*.example.com"), "", again(arn)))
                .statusCode())
        .isEqualTo(200);
  }

  private static String again(String arn) {
    return ",\"CertificateArn\":\"" + arn + "\"";
  }

  private String imported(String... names) throws Exception {
    String body =
        running.acm("ImportCertificate", AcmTest.brought(issuer.issue(names), "", "")).body();
    return JsonNode.parser().parse(body).field("CertificateArn").orElseThrow().asString();
  }

  private static DistributionConfig aliased(String reference, String arn, String... aliases) {
    return Configs.minimal(reference)
        .copy(c ->
            c.aliases(
                    a -> {
                      a.quantity(aliases.length);
                      if (aliases.length > 0) {
                        a.items(aliases);
                      }
                    })
                .viewerCertificate(v ->
                    v.acmCertificateArn(arn)
                        .sslSupportMethod("sni-only")
                        .minimumProtocolVersion("TLSv1.2_2021")));
  }

  private static void refusedWith(String code, String text, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            AwsServiceException.class,
            refusal -> {
              assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo(code);
              assertThat(refusal.awsErrorDetails().errorMessage()).contains(text);
            });
  }

  private Geography geography(Consumer<GeoRestriction.Builder> asked) {
    CreateDistributionResponse made =
        client.createDistribution(r ->
            r.distributionConfig(
                Configs.minimal("country " + asks++)
                    .copy(c -> c.restrictions(x -> x.geoRestriction(asked)))));
    return published(made.distribution().id()).entrance().geography();
  }

  private CreateDistributionResponse create(
      String reference, Consumer<DefaultCacheBehavior.Builder> change) {
    var config = Configs.minimal(reference);
    return client.createDistribution(r ->
        r.distributionConfig(
            config.copy(c -> c.defaultCacheBehavior(config.defaultCacheBehavior().copy(change)))));
  }

  private Signers signers(String id) {
    return published(id).defaultBehavior().options().signers();
  }

  private warmfront.distribution.Distribution published(String id) {
    return (warmfront.distribution.Distribution)
        running.store.read(tx -> tx.latest(Kind.DISTRIBUTION, id)).orElseThrow();
  }

  private String key(String name) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    String pem =
        "-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n"
            .formatted(
                Base64.getMimeEncoder()
                    .encodeToString(generator.generateKeyPair().getPublic().getEncoded()));
    return client
        .createPublicKey(
            r -> r.publicKeyConfig(k -> k.callerReference(name).name(name).encodedKey(pem)))
        .publicKey()
        .id();
  }

  private String group(String name, String... keys) {
    return client
        .createKeyGroup(r -> r.keyGroupConfig(g -> g.name(name).items(keys)))
        .keyGroup()
        .id();
  }

  private static void refused(String code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            AwsServiceException.class,
            refusal -> assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo(code));
  }
}
