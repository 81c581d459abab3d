package warmfront.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import warmfront.control.api.Issuer.Issued;
import warmfront.control.identity.ServerCertificates;
import warmfront.distribution.Certificate;
import warmfront.distribution.Distribution;
import warmfront.distribution.Entrance;
import warmfront.distribution.Kind;
import warmfront.distribution.Resource;
import warmfront.distribution.TlsPolicy;
import warmfront.time.Clock;

/** Server certificates as IAM's API has them. */
final class IamTest {
  private final Issuer root = new Issuer("root", Instant.now());
  private final Issuer below = root.below("below");
  private final Running running;

  IamTest(@TempDir Path folder) {
    running = new Running(folder);
  }

  @AfterEach
  void stop() {
    running.close();
  }

  private HttpResponse<String> ask(String action, String... parameters) throws Exception {
    StringBuilder form = new StringBuilder("Version=2010-05-08&Action=" + action);
    for (int i = 0; i < parameters.length; i += 2) {
      form.append('&').append(parameters[i]).append('=');
      form.append(URLEncoder.encode(parameters[i + 1], StandardCharsets.UTF_8));
    }
    return running.iam(form.toString());
  }

  private HttpResponse<String> upload(String name, Issued issued) throws Exception {
    return ask(
        "UploadServerCertificate",
        "ServerCertificateName",
        name,
        "Path",
        "/cloudfront/",
        "CertificateBody",
        issued.pem(),
        "PrivateKey",
        issued.keyPem(),
        "CertificateChain",
        below.chainPem(),
        "Tags.member.1.Key",
        "team",
        "Tags.member.1.Value",
        "edge");
  }

  @Test
  void certificates_of_the_fleets_own_servers_are_not_among_them() throws Exception {
    running.store.write(tx -> {
      ServerCertificates.take(tx, "edge-1", "f1", false, Clock.system().now());
      return true;
    });

    HttpResponse<String> listed = ask("ListServerCertificates");

    assertThat(listed.statusCode()).as(listed.body()).isEqualTo(200);
    assertThat(listed.body()).doesNotContain("edge-1", "<member>");
  }

  private Optional<Resource> published(String id) {
    return running.store.read(tx -> tx.latest(Kind.CERTIFICATE, id));
  }

  private static String element(HttpResponse<String> answer, String name) {
    assertThat(answer.body()).contains("<" + name + ">");
    return answer.body().replaceFirst("(?s).*<" + name + ">(.*?)</" + name + ">.*", "$1");
  }

  @Test
  void a_certificate_is_uploaded_read_listed_renamed_and_deleted() throws Exception {
    Issued leaf = below.issue("www.example.com");
    HttpResponse<String> made = upload("site", leaf);
    String id = element(made, "ServerCertificateId");

    assertThat(made.statusCode()).isEqualTo(200);
    assertThat(id).matches("ASCA[0-9A-F]{17}");
    assertThat(element(made, "Arn"))
        .isEqualTo("arn:aws:iam::123456789012:server-certificate/cloudfront/site");
    assertThat(published(id))
        .contains(new Certificate(id, leaf.pem() + below.pem(), leaf.keyPem()));
    HttpResponse<String> got = ask("GetServerCertificate", "ServerCertificateName", "SITE");
    assertThat(element(got, "CertificateBody")).isEqualTo(leaf.pem());
    assertThat(element(got, "CertificateChain")).isEqualTo(below.pem());
    assertThat(got.body()).doesNotContain("PRIVATE KEY");
    assertThat(element(ask("ListServerCertificates"), "ServerCertificateId")).isEqualTo(id);
    assertThat(ask("ListServerCertificates", "PathPrefix", "/other/").body())
        .doesNotContain(id)
        .contains("<IsTruncated>false</IsTruncated>");

    assertThat(
            ask(
                    "UpdateServerCertificate",
                    "ServerCertificateName",
                    "site",
                    "NewServerCertificateName",
                    "next")
                .statusCode())
        .isEqualTo(200);
    assertThat(ask("GetServerCertificate", "ServerCertificateName", "site").statusCode())
        .isEqualTo(404);
    assertThat(ask("DeleteServerCertificate", "ServerCertificateName", "next").statusCode())
        .isEqualTo(200);
    assertThat(published(id)).isEmpty();
    assertThat(upload("site", leaf).statusCode()).isEqualTo(200);
  }

  @Test
  void a_distribution_shows_it_and_holds_it() throws Exception {
    String id = element(upload("site", below.issue("www.example.com")), "ServerCertificateId");
    try (CloudFrontClient client = running.client()) {
      String user =
          client
              .createDistribution(r ->
                  r.distributionConfig(
                      Configs.minimal("iam")
                          .copy(c ->
                              c.aliases(a -> a.quantity(1).items("www.example.com"))
                                  .viewerCertificate(v ->
                                      v.iamCertificateId(id)
                                          .sslSupportMethod("sni-only")
                                          .minimumProtocolVersion("TLSv1.2_2021")))))
              .distribution()
              .id();

      Optional<Entrance.Shown> shown =
          running
              .store
              .read(tx -> tx.latest(Kind.DISTRIBUTION, user))
              .map(Distribution.class::cast)
              .flatMap(one -> one.entrance().certificate());
      assertThat(shown).contains(new Entrance.Shown(id, TlsPolicy.TLS_1_2_2021));
      HttpResponse<String> refused =
          ask("DeleteServerCertificate", "ServerCertificateName", "site");
      assertThat(refused.statusCode()).isEqualTo(409);
      assertThat(element(refused, "Code")).isEqualTo("DeleteConflict");
      assertThatThrownBy(() ->
              client.createDistribution(r ->
                  r.distributionConfig(
                      Configs.minimal("none")
                          .copy(c ->
                              c.viewerCertificate(v ->
                                  v.iamCertificateId("ASCANONE").sslSupportMethod("sni-only"))))))
          .isInstanceOf(AwsServiceException.class)
          .hasMessageContaining("ASCANONE");
    }
  }

  @Test
  void what_is_not_right_is_refused_in_the_api_s_words() throws Exception {
    Issued one = below.issue("one.example.com");
    Issued other = below.issue("other.example.com");
    upload("one", one);

    assertThat(element(upload("ONE", one), "Code")).isEqualTo("EntityAlreadyExists");
    assertThat(element(upload("a b", one), "Code")).isEqualTo("ValidationError");
    assertThat(element(upload("mixed", new Issued(one.certificate(), other.key())), "Code"))
        .isEqualTo("MalformedCertificate");
    assertThat(element(ask("GetServerCertificate"), "Code")).isEqualTo("ValidationError");
    assertThat(element(ask("ListServerCertificates", "MaxItems", "0"), "Code"))
        .isEqualTo("ValidationError");
    HttpResponse<String> unsigned =
        running.http.send(
            java.net.http.HttpRequest.newBuilder(running.url("/"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(
                    java.net.http.HttpRequest.BodyPublishers.ofString(
                        "Action=ListServerCertificates"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(unsigned.statusCode()).isEqualTo(403);
  }
}
