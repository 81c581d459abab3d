package warmfront.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.CloudFrontException;
import software.amazon.awssdk.services.cloudfront.model.Distribution;
import warmfront.control.identity.AccessKey;
import warmfront.control.identity.Grants;

/** What limited users get, from every API on the port. */
@SuppressWarnings("unchecked") // the SDK's varargs of lambdas
final class PermissionTest {
  private static final String V = "/2020-05-31";
  private static final String FORM = "application/x-www-form-urlencoded; charset=utf-8";

  @TempDir private static Path folder;
  private static Running running;
  private static CloudFrontClient root;
  private static Distribution mine;
  private static Distribution others;
  private static String shared;
  private static String pairs;
  private static AccessKey reader;
  private static AccessKey owner;

  @BeforeAll
  static void start() {
    running = new Running(folder);
    root = running.client();
    mine = root.createDistribution(r -> r.distributionConfig(Configs.minimal("a"))).distribution();
    others =
        root.createDistribution(r -> r.distributionConfig(Configs.minimal("b"))).distribution();
    shared =
        root.createDistribution(r -> r.distributionConfig(SharedConfigs.named("shared")))
            .distribution()
            .id();
    pairs = root.createKeyValueStore(r -> r.name("pairs")).keyValueStore().arn();
    reader =
        running.users.create(
            "reader", new Grants(List.of("CloudFrontReadOnlyAccess"), Optional.empty()));
    owner =
        running.users.create(
            "owner",
            allowing(
                """
                {"Effect":"Allow","Action":"cloudfront:*","Resource":"%s"},
                {"Effect":"Deny","Action":"cloudfront:DeleteDistribution","Resource":"*"}\
                """
                    .formatted(mine.arn())));
  }

  @AfterAll
  static void stop() {
    root.close();
    running.close();
  }

  private static Grants allowing(String statements) {
    return new Grants(
        List.of(), Optional.of("{\"Version\":\"2012-10-17\",\"Statement\":[" + statements + "]}"));
  }

  private static HttpResponse<String> send(
      AccessKey key, String service, String method, String path, String body) throws Exception {
    return send(key, service, method, path, body, Map.of());
  }

  private static HttpResponse<String> send(
      AccessKey key,
      String service,
      String method,
      String path,
      String body,
      Map<String, String> headers)
      throws Exception {
    return running.http.send(
        running.signed(key, service, method, path, body, headers),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void who_may_read_reads_and_changes_nothing() {
    try (CloudFrontClient client = running.client(reader)) {
      assertThat(client.listDistributions(r -> {}).distributionList().items()).hasSize(3);
      String etag = client.getDistribution(r -> r.id(mine.id())).eTag();

      assertThatThrownBy(() -> client.deleteDistribution(r -> r.id(mine.id()).ifMatch(etag)))
          .isInstanceOfSatisfying(
              CloudFrontException.class,
              refused -> {
                assertThat(refused.statusCode()).isEqualTo(403);
                assertThat(refused.awsErrorDetails().errorCode()).isEqualTo("AccessDenied");
                assertThat(refused.awsErrorDetails().errorMessage())
                    .isEqualTo(
                        "User: arn:aws:iam::123456789012:user/reader is not authorized to perform:"
                            + " cloudfront:DeleteDistribution on resource: "
                            + mine.arn()
                            + " because no identity-based policy allows the"
                            + " cloudfront:DeleteDistribution action");
              });
      assertThat(client.getDistribution(r -> r.id(mine.id())).eTag()).isEqualTo(etag);
    }
  }

  @Test
  void who_may_change_one_distribution_may_change_no_other() {
    try (CloudFrontClient client = running.client(owner)) {
      assertThat(invalidate(client, mine.id())).isEqualTo(201);
      assertThatThrownBy(() -> invalidate(client, others.id()))
          .hasMessageContaining("cloudfront:CreateInvalidation on resource: " + others.arn());
      assertThat(root.listInvalidations(r -> r.distributionId(others.id())).invalidationList())
          .satisfies(list -> assertThat(list.quantity()).isZero());

      assertThatThrownBy(() -> client.deleteDistribution(r -> r.id(mine.id()).ifMatch("x")))
          .hasMessageContaining(
              "on resource: %s with an explicit deny in an identity-based policy"
                  .formatted(mine.arn()));
      assertThatThrownBy(() -> client.listDistributions(r -> {}))
          .hasMessageContaining(
              "perform: cloudfront:ListDistributions because no identity-based policy allows");
      assertThatThrownBy(
              () -> client.createDistribution(r -> r.distributionConfig(Configs.minimal("c"))))
          .hasMessageContaining("on resource: arn:aws:cloudfront::123456789012:distribution/*");
      client.tagResource(
          r -> r.resource(mine.arn()).tags(t -> t.items(i -> i.key("k").value("v"))));
      assertThatThrownBy(
              () -> client.untagResource(r -> r.resource(others.arn()).tagKeys(t -> t.items("k"))))
          .hasMessageContaining("cloudfront:UntagResource");
    }
  }

  private static int invalidate(CloudFrontClient client, String id) {
    return client
        .createInvalidation(r ->
            r.distributionId(id)
                .invalidationBatch(
                    b -> b.callerReference("p").paths(p -> p.quantity(1).items("/"))))
        .sdkHttpResponse()
        .statusCode();
  }

  @Test
  void a_refusal_comes_before_the_body_is_looked_at_and_before_what_is_not_there()
      throws Exception {
    HttpResponse<String> malformed =
        send(reader, "cloudfront", "POST", V + "/distribution", "<not-xml");
    HttpResponse<String> absent = send(reader, "cloudfront", "DELETE", V + "/distribution/E0", "");
    HttpResponse<String> later = send(reader, "cloudfront", "POST", V + "/anycast-ip-list", "");

    for (HttpResponse<String> said : List.of(malformed, absent, later)) {
      assertThat(said.statusCode()).as(said.body()).isEqualTo(403);
      assertThat(said.body()).contains("<Code>AccessDenied</Code>", "user/reader");
    }
  }

  @Test
  void pairs_are_read_by_who_may_read_and_named_by_their_stores_arn() throws Exception {
    String path = "/key-value-stores/" + pairs.replace(":", "%3A").replace("/", "%2F");
    String service = "cloudfront-keyvaluestore";
    AccessKey keeper =
        running.users.create(
            "keeper",
            allowing(
                "{\"Effect\":\"Allow\",\"Action\":\"cloudfront-keyvaluestore:PutKey\","
                    + "\"Resource\":\"%s\"}".formatted(pairs)));
    String etag = send(reader, service, "GET", path, "").headers().firstValue("ETag").orElseThrow();
    Map<String, String> match = Map.of("If-Match", etag);

    HttpResponse<String> refused =
        send(reader, service, "PUT", path + "/keys/a", "{\"Value\":\"1\"}", match);
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.headers().firstValue("x-amzn-ErrorType")).contains("AccessDeniedException");
    assertThat(refused.body()).contains("cloudfront-keyvaluestore:PutKey on resource: " + pairs);
    assertThat(send(keeper, service, "GET", path + "/keys/a", "").statusCode()).isEqualTo(403);
    assertThat(
            send(keeper, service, "PUT", path + "/keys/a", "{\"Value\":\"1\"}", match).statusCode())
        .isEqualTo(200);
    assertThat(send(reader, service, "GET", path + "/keys/a", "").body()).contains("\"1\"");
  }

  @Test
  void certificates_and_tags_are_asked_for_by_their_own_actions() throws Exception {
    Map<String, String> list = Map.of("X-Amz-Target", "CertificateManager.ListCertificates");
    Map<String, String> delete = Map.of("X-Amz-Target", "CertificateManager.DeleteCertificate");
    Map<String, String> tags =
        Map.of("X-Amz-Target", "ResourceGroupsTaggingAPI_20170126.GetResources");
    String arn = "arn:aws:acm:us-east-1:123456789012:certificate/1";

    assertThat(send(reader, "acm", "POST", "/", "{}", list).statusCode()).isEqualTo(200);
    assertThat(send(owner, "acm", "POST", "/", "{}", list).statusCode()).isEqualTo(403);
    HttpResponse<String> refused =
        send(reader, "acm", "POST", "/", "{\"CertificateArn\":\"%s\"}".formatted(arn), delete);
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body())
        .contains("AccessDeniedException", "acm:DeleteCertificate on resource: " + arn);
    assertThat(send(reader, "tagging", "POST", "/", "{}", tags).statusCode()).isEqualTo(200);
    assertThat(send(owner, "tagging", "POST", "/", "{}", tags).body())
        .contains("tag:GetResources because no identity-based policy");
  }

  @Test
  void server_certificates_are_asked_for_by_iams_actions() throws Exception {
    HttpResponse<String> listed = iam(reader, "Action=ListServerCertificates&Version=2010-05-08");
    HttpResponse<String> refused =
        iam(reader, "Action=DeleteServerCertificate&Version=2010-05-08&ServerCertificateName=site");

    assertThat(listed.statusCode()).as(listed.body()).isEqualTo(200);
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body())
        .contains(
            "<Code>AccessDenied</Code>",
            "iam:DeleteServerCertificate on resource:"
                + " arn:aws:iam::123456789012:server-certificate/site");
  }

  private static HttpResponse<String> iam(AccessKey key, String form) throws Exception {
    return send(key, "iam", "POST", "/", form, Map.of("Content-Type", FORM));
  }

  @Test
  void everybody_may_ask_who_it_is() throws Exception {
    AccessKey nobody =
        running.users.create(
            "nobody", allowing("{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\"}"));

    HttpResponse<String> said =
        send(
            nobody,
            "sts",
            "POST",
            "/",
            "Action=GetCallerIdentity&Version=2011-06-15",
            Map.of("Content-Type", FORM));

    assertThat(said.statusCode()).isEqualTo(200);
    assertThat(said.body())
        .contains("<Arn>arn:aws:iam::123456789012:user/nobody</Arn>", "<UserId>AIDA");
  }

  @Test
  void a_key_that_was_put_out_of_use_signs_nothing_any_more() {
    AccessKey key =
        running.users.create(
            "leaver", new Grants(List.of("CloudFrontFullAccess"), Optional.empty()));
    try (CloudFrontClient client = running.client(key)) {
      assertThat(client.listDistributions(r -> {}).distributionList().items()).isNotEmpty();
      running.users.set(key.accessKeyId(), false);

      assertThatThrownBy(() -> client.listDistributions(r -> {}))
          .isInstanceOfSatisfying(
              CloudFrontException.class,
              refused ->
                  assertThat(refused.awsErrorDetails().errorCode())
                      .isEqualTo("InvalidClientTokenId"));
    }
  }

  @Test
  void a_tenant_s_certificate_is_requested_by_who_may_request_certificates() {
    AccessKey maker =
        running.users.create(
            "maker",
            allowing("{\"Effect\":\"Allow\",\"Action\":\"cloudfront:*\",\"Resource\":\"*\"}"));
    try (CloudFrontClient client = running.client(maker)) {
      assertThatThrownBy(() ->
              client.createDistributionTenant(r ->
                  r.distributionId(shared)
                      .name("asks")
                      .domains(SharedConfigs.domain("www.example.com"))
                      .parameters(p -> p.name("site").value("a"))
                      .managedCertificateRequest(m -> m.validationTokenHost("cloudfront"))))
          .hasMessageContaining("acm:RequestCertificate");
      client.createDistributionTenant(r ->
          r.distributionId(shared)
              .name("asks")
              .domains(SharedConfigs.domain("asks.warmfront.localhost"))
              .parameters(p -> p.name("site").value("a")));
    }
  }
}
