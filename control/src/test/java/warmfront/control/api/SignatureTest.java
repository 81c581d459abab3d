package warmfront.control.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.http.Fields;
import warmfront.signing.Credentials;
import warmfront.signing.Flavour;
import warmfront.signing.Message;
import warmfront.signing.SigV4;
import warmfront.signing.SigV4Verifier;
import warmfront.time.ManualClock;

/** Signatures at the API's door: in fields, and in the query. */
final class SignatureTest {
  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
  private static final String LIST = "/2020-05-31/distribution";
  private static final String TAGGING = "/2020-05-31/tagging";
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Credentials KEY = new Credentials(Running.KEY, Running.SECRET);
  private static final SigV4 SIGNER = new SigV4(Flavour.ORDINARY, "cloudfront", "us-east-1");

  @TempDir private Path folder;
  private final ManualClock clock = new ManualClock(NOW);
  private Running running;

  @BeforeEach
  void start() {
    running = new Running(folder, Quotas.DEFAULT, Limits.DEFAULT, clock);
  }

  @AfterEach
  void stop() {
    running.close();
  }

  private Message message(String method, String path, String query, String body) {
    return message(method, path, query, Message.hash(body.getBytes(StandardCharsets.UTF_8)), "");
  }

  private Message message(String method, String path, String query, String hash, String stated) {
    Fields.Builder fields = Fields.builder().add("Host", running.url("").getAuthority());
    if (!stated.isEmpty()) {
      fields.add("X-Amz-Content-Sha256", stated);
    }
    return new Message(method, path, query, fields.build(), hash);
  }

  private HttpResponse<String> send(String method, String target, String body, Fields fields)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(running.url("") + target))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    fields.forEach((name, value) -> {
      if (!name.equals("Host")) {
        request.header(name, value);
      }
    });
    return running.http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static String code(HttpResponse<String> said) {
    String body = said.body();
    return said.statusCode()
        + (body.contains("<Code>")
            ? " " + body.substring(body.indexOf("<Code>") + 6, body.indexOf("</Code>"))
            : "");
  }

  @Test
  void a_clock_may_be_five_minutes_off_and_no_more() throws Exception {
    Fields early = SIGNER.sign(message("GET", LIST, "", ""), KEY, NOW.minus(SigV4Verifier.SKEW));
    Fields late = SIGNER.sign(message("GET", LIST, "", ""), KEY, NOW.plus(SigV4Verifier.SKEW));

    assertThat(code(send("GET", LIST, "", early))).isEqualTo("200");
    assertThat(code(send("GET", LIST, "", late))).isEqualTo("200");
    clock.advance(SECOND);
    HttpResponse<String> refused = send("GET", LIST, "", early);
    assertThat(code(refused)).isEqualTo("403 SignatureDoesNotMatch");
    assertThat(refused.body()).contains("Signature expired or not yet current");
    clock.advance(SECOND.multipliedBy(-2));
    assertThat(code(send("GET", LIST, "", late))).isEqualTo("403 SignatureDoesNotMatch");
  }

  @Test
  void a_url_with_a_signature_lives_as_long_as_it_says() throws Exception {
    String query = SIGNER.presign(message("GET", LIST, "MaxItems=1", ""), KEY, NOW, SECOND);
    String target = LIST + "?" + query;

    clock.advance(SECOND);
    assertThat(code(send("GET", target, "", Fields.empty()))).isEqualTo("200");
    clock.advance(SECOND);
    assertThat(code(send("GET", target, "", Fields.empty()))).isEqualTo("403 RequestExpired");
    clock.advance(Duration.ofSeconds(-303));
    assertThat(code(send("GET", target, "", Fields.empty())))
        .as("of a time that is yet to come")
        .isEqualTo("403 SignatureDoesNotMatch");
    assertThat(code(send("GET", target.replace("=1&", "=2&"), "", Fields.empty())))
        .isEqualTo("403 SignatureDoesNotMatch");
  }

  @Test
  void a_url_that_changes_something_is_held_to_its_body_and_works_once() throws Exception {
    String arn = "arn:aws:cloudfront::123456789012:function/f";
    String body = "<Tags><Items><Tag><Key>k</Key><Value>v</Value></Tag></Items></Tags>";
    String asked = "Operation=Tag&Resource=" + arn.replace(":", "%3A").replace("/", "%2F");
    String query =
        SIGNER.presign(message("POST", TAGGING, asked, body), KEY, clock.now(), SigV4.EXPIRES_MAX);
    String target = TAGGING + "?" + query;

    assertThat(code(send("POST", target, body.replace(">v<", ">w<"), Fields.empty())))
        .isEqualTo("403 SignatureDoesNotMatch");
    assertThat(code(send("POST", target, "", Fields.empty())))
        .isEqualTo("403 SignatureDoesNotMatch");
    assertThat(code(send("POST", target, body, Fields.empty()))).isEqualTo("404 NoSuchResource");
    assertThat(code(send("POST", target, body, Fields.empty())))
        .isEqualTo("503 ServiceUnavailable");
    clock.advance(SigV4.EXPIRES_MAX);
    assertThat(code(send("POST", target, body, Fields.empty())))
        .as("on its last day")
        .isEqualTo("503 ServiceUnavailable");
    clock.advance(SECOND);
    assertThat(code(send("POST", target, body, Fields.empty()))).isEqualTo("403 RequestExpired");
  }

  @Test
  void a_body_that_is_not_signed_is_refused() throws Exception {
    String unsigned = Message.UNSIGNED_PAYLOAD;
    Fields fields =
        SIGNER
            .sign(message("POST", TAGGING, "Operation=Tag", unsigned, unsigned), KEY, NOW)
            .edit()
            .add("X-Amz-Content-Sha256", unsigned)
            .build();

    assertThat(code(send("POST", TAGGING + "?Operation=Tag", "<Tags/>", fields)))
        .isEqualTo("403 SignatureDoesNotMatch");
  }

  @Test
  void a_body_other_than_the_signed_one_is_refused() throws Exception {
    Fields fields = SIGNER.sign(message("POST", TAGGING, "Operation=Tag", "<Tags/>"), KEY, NOW);

    assertThat(code(send("POST", TAGGING + "?Operation=Tag", "<Tags></Tags>", fields)))
        .isEqualTo("403 SignatureDoesNotMatch");
  }

  @Test
  void two_signatures_are_none() throws Exception {
    String query = SIGNER.presign(message("GET", LIST, "", ""), KEY, NOW, SECOND);
    Fields fields = SIGNER.sign(message("GET", LIST, query, ""), KEY, NOW);

    assertThat(code(send("GET", LIST + "?" + query, "", fields)))
        .isEqualTo("400 IncompleteSignature");
    assertThat(code(send("GET", LIST, "", Fields.empty())))
        .isEqualTo("403 MissingAuthenticationToken");
  }
}
