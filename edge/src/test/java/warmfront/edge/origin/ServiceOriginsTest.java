package warmfront.edge.origin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import warmfront.bytes.Flow;
import warmfront.distribution.OriginAccessControl;
import warmfront.distribution.OriginAccessControl.Signing;
import warmfront.distribution.S3Endpoint;
import warmfront.edge.Pictures;
import warmfront.edge.step.OriginRequest;
import warmfront.edge.step.Reason;
import warmfront.http.Fields;
import warmfront.http.Method;
import warmfront.signing.Flavour;
import warmfront.signing.Message;
import warmfront.signing.SigV4Verifier;
import warmfront.signing.Verdict;

/** Origins that are services of AWS and no buckets, with an access control. */
final class ServiceOriginsTest {
  private static final String SECRET = "edge-secret";
  private static final String HOST = "abc.lambda-url.us-east-2.on.aws";

  @ParameterizedTest
  @ValueSource(strings = {"/", "/plus+plus?b=2&a=1&c", "/a%20b/%7etilde", "/caf%c3%a9?q=a%2Fb"})
  void a_signed_request_is_one_that_the_service_accepts(String target) throws Exception {
    try (var lambda = service("lambda");
        var bench = bench(lambda)) {
      var answer =
          bench.answered(
              request(
                  lambda,
                  OriginAccessControl.Type.LAMBDA,
                  Signing.ALWAYS,
                  Method.GET,
                  target,
                  Fields.empty()));

      assertThat(answer.status()).as(Reading.all(answer.body()).text()).isEqualTo(200);
      assertThat(lambda.heads().getFirst()).startsWith("GET " + target + " HTTP/1.1\r\n");
    }
  }

  @Test
  void a_body_is_hashed_by_the_edge_so_that_viewers_need_not() throws Exception {
    try (var lambda = service("lambda");
        var bench = bench(lambda)) {
      var answer =
          bench.answered(
              withBody(
                  request(
                      lambda,
                      OriginAccessControl.Type.LAMBDA,
                      Signing.ALWAYS,
                      Method.POST,
                      "/f",
                      Fields.empty()),
                  "hello",
                  -1));

      assertThat(answer.status()).as(Reading.all(answer.body()).text()).isEqualTo(200);
      assertThat(lambda.heads().getFirst())
          .contains("Content-Length: 5")
          .contains(Message.hash("hello".getBytes(StandardCharsets.US_ASCII)));
    }
  }

  @Test
  void a_hash_that_the_viewer_gives_spares_the_edge_from_waiting_for_the_body() throws Exception {
    String hash = Message.hash("hello".getBytes(StandardCharsets.US_ASCII));
    try (var lambda = service("lambda");
        var bench = bench(lambda)) {
      var answer =
          bench.answered(
              withBody(
                  request(
                      lambda,
                      OriginAccessControl.Type.LAMBDA,
                      Signing.ALWAYS,
                      Method.POST,
                      "/f",
                      Fields.of("X-Amz-Content-Sha256", hash)),
                  "hello",
                  -1));

      assertThat(answer.status()).as(Reading.all(answer.body()).text()).isEqualTo(200);
      assertThat(lambda.heads().getFirst()).contains("Transfer-Encoding: chunked");
    }
  }

  @Test
  void a_body_that_is_too_long_to_be_hashed_is_413() throws Exception {
    try (var lambda = service("lambda");
        var bench = bench(lambda)) {
      OriginRequest post =
          request(
              lambda,
              OriginAccessControl.Type.LAMBDA,
              Signing.ALWAYS,
              Method.POST,
              "/f",
              Fields.empty());

      var failed = bench.failed(withBody(post, "x".repeat(Signer.BODY_MAX + 1), -1));

      assertThat(failed.status()).isEqualTo(413);
      assertThat(failed.reason()).isEqualTo(Reason.BODY_TOO_LARGE);
      assertThat(lambda.heads()).isEmpty();
    }
  }

  @Test
  void mediastore_takes_a_body_that_is_not_part_of_the_signature() throws Exception {
    try (var store = service("mediastore");
        var bench = bench(store)) {
      var answer =
          bench.answered(
              withBody(
                  request(
                      store,
                      OriginAccessControl.Type.MEDIASTORE,
                      Signing.ALWAYS,
                      Method.PUT,
                      "/f",
                      Fields.empty()),
                  "hello",
                  5));

      assertThat(answer.status()).as(Reading.all(answer.body()).text()).isEqualTo(200);
      assertThat(store.heads().getFirst()).contains("UNSIGNED-PAYLOAD");
    }
  }

  @Test
  void the_access_control_says_whose_authorization_goes() throws Exception {
    Fields viewers = Fields.of("Authorization", "Bearer viewer");
    try (var lambda = service("lambda");
        var bench = bench(lambda)) {
      for (Signing signing : List.of(Signing.ALWAYS, Signing.NO_OVERRIDE, Signing.NEVER)) {
        OriginRequest get =
            request(lambda, OriginAccessControl.Type.LAMBDA, signing, Method.GET, "/", viewers);
        Reading.all(bench.answered(get).body());
      }

      assertThat(lambda.heads().get(0)).contains("AWS4-HMAC-SHA256").doesNotContain("viewer");
      assertThat(lambda.heads().get(1)).contains("Bearer viewer");
      assertThat(lambda.heads().get(2)).contains("Bearer viewer");
    }
  }

  @Test
  void without_a_key_for_its_name_an_origin_is_not_asked_unsigned() throws Exception {
    try (var lambda = service("lambda");
        var bench = new Bench()) {
      var failed =
          bench.failed(
              request(
                  lambda,
                  OriginAccessControl.Type.LAMBDA,
                  Signing.ALWAYS,
                  Method.GET,
                  "/",
                  Fields.empty()));

      assertThat(failed.reason()).isEqualTo(Reason.ORIGIN_NOT_ALLOWED);
      assertThat(failed.detail()).contains(HOST);
    }
  }

  private static Bench bench(ScriptedOrigin service) {
    var bench =
        new Bench(
            OriginRules.ONE_PROCESS,
            Limits.DEFAULT,
            _ -> List.of(java.net.InetAddress.getLoopbackAddress()),
            Optional.empty());
    bench.apply(
        Pictures.snapshot(
            new S3Endpoint(
                "lambda-url.us-east-2.on.aws",
                URI.create("http://127.0.0.1:" + service.port()),
                "us-east-2",
                "EDGEKEY",
                SECRET)));
    return bench;
  }

  private static OriginRequest request(
      ScriptedOrigin service,
      OriginAccessControl.Type type,
      Signing signing,
      Method method,
      String target,
      Fields fields) {
    var control = new OriginAccessControl("oac", "oac", type, signing);
    return new OriginRequest(
        Bench.route(Bench.custom(HOST, service.port(), 1, Bench.LONG), Optional.of(control)),
        method,
        target,
        fields,
        "",
        Flow.empty(),
        0,
        false);
  }

  private static OriginRequest withBody(OriginRequest request, String body, long length) {
    return new OriginRequest(
        request.route(),
        request.method(),
        request.target(),
        request.fields(),
        "",
        Flow.of(body.getBytes(StandardCharsets.US_ASCII)),
        length,
        false);
  }

  /** Says 200 to what is signed right, body included, else 403 and why. */
  private static ScriptedOrigin service(String name) throws IOException {
    var verifier =
        new SigV4Verifier(
            Flavour.ORDINARY,
            name,
            Set.of("us-east-2"),
            SigV4Verifier.SKEW,
            SigV4Verifier.Limits.DEFAULT);
    return new ScriptedOrigin(talk -> {
      for (String head = talk.head(); head != null; head = talk.head()) {
        String body =
            head.contains("Transfer-Encoding: chunked")
                ? talk.chunked()
                : head.contains("Content-Length: 5")
                    ? new String(talk.bytes(5), StandardCharsets.US_ASCII)
                    : "";
        Verdict verdict =
            verifier.verify(message(head, body), _ -> Optional.of(SECRET), Instant.now());
        String text = verdict.toString();
        talk.say(
            (verdict instanceof Verdict.Accepted ? "HTTP/1.1 200 OK" : "HTTP/1.1 403 No")
                + "\r\nContent-Length: "
                + text.length()
                + "\r\n\r\n"
                + text);
      }
    });
  }

  private static Message message(String head, String body) {
    List<String> lines = head.lines().toList();
    String[] request = lines.getFirst().split(" ", -1);
    int mark = request[1].indexOf('?');
    Fields.Builder fields = Fields.builder();
    for (String line : lines.subList(1, lines.size())) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        fields.add(line.substring(0, colon), line.substring(colon + 1).trim());
      }
    }
    return new Message(
        request[0],
        mark < 0 ? request[1] : request[1].substring(0, mark),
        mark < 0 ? "" : request[1].substring(mark + 1),
        fields.build(),
        head.contains("UNSIGNED-PAYLOAD")
            ? Message.UNSIGNED_PAYLOAD
            : Message.hash(body.getBytes(StandardCharsets.US_ASCII)));
  }
}
