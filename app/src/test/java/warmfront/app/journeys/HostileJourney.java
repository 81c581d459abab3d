package warmfront.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import warmfront.app.call.SignedHttp;
import warmfront.signing.Credentials;
import warmfront.time.Clock;

/** Promise: bad input is refused with its reason, and the next in line notices nothing. */
final class HostileJourney {
  @TempDir private static Path folder;
  private static Origin origin;
  private static Warmfront warmfront;
  private static Api api;
  private static Api.Made made;

  @BeforeAll
  static void a_distribution() throws Exception {
    origin = Origin.open().says("/page", 200, "max-age=60", "page");
    warmfront = Warmfront.up(folder, Map.of());
    api = new Api(warmfront.callApi());
    made = api.createDistribution(Api.plain("hostile", origin.port()));
  }

  @AfterAll
  static void end() {
    api.close();
    warmfront.close();
    origin.close();
  }

  @AfterEach
  void an_ordinary_request_still_works() throws Exception {
    Viewer.Answer answer = Viewer.get(warmfront.http("FRA"), made.domainName(), "/page");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("page");
    assertThat(api.call("GET", "distribution/" + made.id(), "").status()).isEqualTo(200);
    assertThat(warmfront.program().stderr()).doesNotContain("\tat ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /page HTTP/1.1|Host: %s|Content-Length: 4|Transfer-Encoding: chunked||0||",
        "POST /page HTTP/1.1|Host: %s|Content-Length: 4|Content-Length: 5||abcde",
        "GET /page HTTP/1.1|Host: %s|Host: other.example||",
        "GET /page HTTP/1.1|Host : %s||",
        "GET /page HTTP/1.1||",
        "GET /page HTTP/1.1|Host: %s| folded: yes||",
        "GET /pa\u0001ge HTTP/1.1|Host: %s||",
        "GET  /page HTTP/1.1|Host: %s||",
        "nonsense||",
      })
  void what_is_no_request_gets_400_and_the_connection_is_closed(String request) throws Exception {
    String smuggled = "GET /page HTTP/1.1|Host: %s||";
    String bytes = (request + smuggled).formatted(made.domainName(), made.domainName());

    String answer = Viewer.raw(warmfront.http("FRA"), bytes.replace("|", "\r\n"));

    assertThat(answer).startsWith("HTTP/1.1 400 ");
    assertThat(answer.split("HTTP/1\\.1 ", -1)).as("one answer, not two").hasSize(2);
  }

  @Test
  void a_url_that_is_too_long_gets_414() throws Exception {
    Viewer.Answer answer =
        Viewer.get(warmfront.http("FRA"), made.domainName(), "/" + "a".repeat(9_000));

    assertThat(answer.status()).isEqualTo(414);
  }

  @Test
  void fields_that_are_too_long_get_494() throws Exception {
    Viewer.Answer answer =
        Viewer.get(warmfront.http("FRA"), made.domainName(), "/page", "X-Long", "a".repeat(40_000));

    assertThat(answer.status()).isEqualTo(494);
  }

  @Test
  void bad_xml_is_400_with_the_reason() throws Exception {
    Api.Answer answer = api.call("POST", "distribution", "<DistributionConfig><Comment>");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text("Code")).isEqualTo("MalformedXML");
    assertThat(answer.text("Message")).isNotBlank();
  }

  @Test
  void an_entity_in_xml_is_not_resolved() throws Exception {
    Api.Answer answer =
        api.call(
            "POST",
            "distribution",
            "<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/hostname\">]>"
                + "<DistributionConfig><Comment>&e;</Comment></DistributionConfig>");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text("Code")).isEqualTo("MalformedXML");
  }

  @Test
  void a_wrong_signature_is_403() throws Exception {
    Credentials wrong = new Credentials(warmfront.key().accessKeyId(), "not-the-secret");
    try (Api other = new Api(SignedHttp.api(warmfront.api(), wrong, Clock.system()))) {
      Api.Answer answer = other.call("GET", "distribution", "");

      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.text("Code")).isEqualTo("SignatureDoesNotMatch");
    }
  }

  @Test
  void an_operation_that_is_not_there_yet_is_501() throws Exception {
    Api.Answer answer = api.call("POST", "function/one/test", "");

    assertThat(answer.status()).isEqualTo(501);
    assertThat(answer.text("Code")).isEqualTo("NotImplemented");
  }
}
