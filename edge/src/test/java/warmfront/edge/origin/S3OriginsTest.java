package warmfront.edge.origin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import warmfront.bytes.Flow;
import warmfront.distribution.Origin;
import warmfront.distribution.OriginAccessControl;
import warmfront.distribution.OriginAccessControl.Signing;
import warmfront.distribution.S3Endpoint;
import warmfront.distribution.S3Endpoints;
import warmfront.edge.Pictures;
import warmfront.edge.step.OriginRequest;
import warmfront.edge.step.Reason;
import warmfront.http.Fields;
import warmfront.http.Method;
import warmfront.signing.Flavour;
import warmfront.signing.Message;
import warmfront.signing.SigV4Verifier;
import warmfront.signing.Verdict;

/** S3Endpoints at their endpoints, signed or not. */
final class S3OriginsTest {
  private static final String SECRET = "edge-secret";
  private static final SigV4Verifier VERIFIER =
      new SigV4Verifier(
          Flavour.S3, "s3", Set.of("us-east-2"), SigV4Verifier.SKEW, SigV4Verifier.Limits.DEFAULT);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/key",
        "/a%20b.html",
        "/plus+plus",
        "/~tilde",
        "/%7etilde",
        "/dir//empty",
        "/caf%c3%a9",
        "/q?b=2&a=1&acl",
        "/100%25"
      })
  void a_signed_request_is_one_that_s3_accepts(String target) throws Exception {
    // given
    try (var s3 = fakeS3();
        var bench = bench(s3)) {

      // when
      var answer = bench.answered(request(Signing.ALWAYS, Method.GET, target, Fields.empty()));

      // then
      assertThat(answer.status()).as(Reading.all(answer.body()).text()).isEqualTo(200);
      assertThat(s3.heads().getFirst())
          .startsWith("GET /photos/")
          .contains("\r\nHost: 127.0.0.1:" + s3.port() + "\r\n");
    }
  }

  @Test
  void a_put_is_signed_without_its_body() throws Exception {
    // given
    try (var s3 = fakeS3();
        var bench = bench(s3)) {
      OriginRequest get = request(Signing.ALWAYS, Method.PUT, "/k", Fields.empty());
      var body = Flow.of(new byte[] {'a', 'b'});

      // when
      var answer =
          bench.answered(
              new OriginRequest(get.route(), Method.PUT, "/k", Fields.empty(), "", body, 2, false));

      // then
      assertThat(answer.status()).as(Reading.all(answer.body()).text()).isEqualTo(200);
      assertThat(s3.heads().getFirst()).contains("UNSIGNED-PAYLOAD");
    }
  }

  @Test
  void the_access_control_says_whose_authorization_goes() throws Exception {
    // given
    Fields viewers = Fields.of("Authorization", "Bearer viewer", "X-Amz-Date", "forged");
    try (var s3 = fakeS3();
        var bench = bench(s3)) {

      // when
      for (Signing signing : List.of(Signing.ALWAYS, Signing.NO_OVERRIDE, Signing.NEVER)) {
        Reading.all(bench.answered(request(signing, Method.GET, "/k", viewers)).body());
      }
      Reading.all(
          bench.answered(request(Signing.NO_OVERRIDE, Method.GET, "/k", Fields.empty())).body());

      // then
      List<String> heads = s3.heads();
      assertThat(heads.get(0)).contains("AWS4-HMAC-SHA256").doesNotContain("viewer", "forged");
      assertThat(heads.get(1)).contains("Bearer viewer").doesNotContain("AWS4-HMAC-SHA256");
      assertThat(heads.get(2)).contains("Bearer viewer").doesNotContain("AWS4-HMAC-SHA256");
      assertThat(heads.get(3)).contains("AWS4-HMAC-SHA256");
    }
  }

  @Test
  void without_access_control_the_path_goes_as_it_came() throws Exception {
    // given
    try (var s3 = fakeS3();
        var bench = bench(s3)) {
      OriginRequest signed = request(Signing.NEVER, Method.GET, "/a+b?x", Fields.empty());

      // when
      Reading.all(bench.answered(signed).body());

      // then
      assertThat(s3.heads().getFirst()).startsWith("GET /photos/a+b?x HTTP/1.1\r\n");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../other/k",
        "/a/../../other/k",
        "/%2e%2e/other/k",
        "/..%2fother/k",
        "/a/.%2E/b",
        "/..\\other"
      })
  void a_path_cannot_leave_its_bucket(String target) throws Exception {
    // given
    try (var s3 = fakeS3();
        var bench = bench(s3)) {

      // when
      var failed = bench.failed(request(Signing.ALWAYS, Method.GET, target, Fields.empty()));

      // then
      assertThat(failed.reason()).isEqualTo(Reason.ORIGIN_NOT_ALLOWED);
      assertThat(s3.heads()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "photos.s3.us-east-2.amazonaws.com, photos, s3.us-east-2.amazonaws.com",
    "my.photos.s3.us-east-2.amazonaws.com, my.photos, s3.us-east-2.amazonaws.com",
    "photos.s3.eu-west-1.amazonaws.com, photos, s3.*.amazonaws.com",
    "photos.s3.amazonaws.com, photos, s3.amazonaws.com",
    "PHOTOS.S3.AMAZONAWS.COM, photos, s3.amazonaws.com",
    "photos.s3.a.b.amazonaws.com, ,",
    "s3.amazonaws.com, ,",
    "photos.s3.amazonaws.com.evil.test, ,",
  })
  void a_domain_names_a_bucket_by_the_suffixes_that_are_set(
      String domain, String bucket, String suffix) {
    // given
    var buckets =
        new S3Endpoints(
            List.of(
                endpoint("s3.amazonaws.com", 1),
                endpoint("s3.us-east-2.amazonaws.com", 1),
                endpoint("s3.*.amazonaws.com", 1)));

    // when
    Optional<S3Endpoints.Bucket> found = buckets.find(domain);

    // then
    assertThat(found.map(S3Endpoints.Bucket::name)).isEqualTo(Optional.ofNullable(bucket));
    assertThat(found.map(b -> b.endpoint().id())).isEqualTo(Optional.ofNullable(suffix));
  }

  private static Bench bench(ScriptedOrigin s3) {
    // the operator named the endpoint, so that its address needs no further leave
    var bench =
        new Bench(OriginRules.PUBLIC_ONLY, Limits.DEFAULT, NameService.system(), Optional.empty());
    bench.apply(Pictures.snapshot(endpoint("s3.us-east-2.amazonaws.com", s3.port())));
    return bench;
  }

  private static S3Endpoint endpoint(String suffix, int port) {
    return new S3Endpoint(
        suffix, URI.create("http://127.0.0.1:" + port), "us-east-2", "EDGEKEY", SECRET);
  }

  private static OriginRequest request(
      Signing signing, Method method, String target, Fields fields) {
    Origin origin =
        Bench.origin(
            "photos.s3.us-east-2.amazonaws.com", new Origin.S3(Optional.of("oac"), Bench.LONG), 1);
    var control = new OriginAccessControl("oac", "oac", signing);
    return new OriginRequest(
        Bench.route(origin, Optional.of(control)),
        method,
        target,
        fields,
        "",
        Flow.empty(),
        0,
        false);
  }

  /** Says 200 to what is signed right, else 403 and why. */
  private static ScriptedOrigin fakeS3() throws IOException {
    return new ScriptedOrigin(talk -> {
      for (String head = talk.head(); head != null; head = talk.head()) {
        if (head.contains("Content-Length: 2")) {
          talk.bytes(2);
        }
        Verdict verdict = VERIFIER.verify(message(head), _ -> Optional.of(SECRET), Instant.now());
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

  private static Message message(String head) {
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
        Message.UNSIGNED_PAYLOAD);
  }
}
