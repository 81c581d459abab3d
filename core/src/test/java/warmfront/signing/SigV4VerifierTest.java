package warmfront.signing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import warmfront.http.Fields;
import warmfront.signing.Verdict.Accepted;
import warmfront.signing.Verdict.Kind;
import warmfront.signing.Verdict.Rejected;

/** What is accepted, what is not and why. */
final class SigV4VerifierTest {
  private static final Credentials KEY = new Credentials("AKIDEXAMPLE", "secret");
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final SigV4 SIGNER = new SigV4(Flavour.ORDINARY, "cloudfront", "us-east-1");
  private static final SigV4 S3_SIGNER = new SigV4(Flavour.S3, "s3", "us-east-2");
  private static final SigV4Verifier VERIFIER = verifier(Flavour.ORDINARY, "cloudfront");
  private static final SigV4Verifier S3 = verifier(Flavour.S3, "s3");

  @Test
  void what_was_signed_is_accepted() {
    // given
    Message message = message("/2020-05-31/distribution", "MaxItems=1", "host:7400");

    // when
    Verdict verdict = verify(VERIFIER, signed(message, NOW), NOW);

    // then
    assertThat(verdict)
        .isInstanceOfSatisfying(
            Accepted.class,
            accepted -> {
              assertThat(accepted.accessKeyId()).isEqualTo("AKIDEXAMPLE");
              assertThat(accepted.until()).isEqualTo(NOW.plus(SigV4Verifier.SKEW));
            });
  }

  @Test
  void a_request_has_a_mark_of_its_own() {
    // given
    Message message = message("/a", "b=1", "host");

    // when, then
    assertThat(mark(message, NOW)).matches("[0-9a-f]{64}").isEqualTo(mark(message, NOW));
    assertThat(mark(message, NOW.plus(SECOND))).isNotEqualTo(mark(message, NOW));
    assertThat(mark(message("/a", "b=2", "host"), NOW)).isNotEqualTo(mark(message, NOW));
  }

  @Test
  void a_presigned_request_is_held_to_its_body_and_to_seven_days() {
    // given
    byte[] body = {1, 2, 3};
    Message put = new Message("PUT", "/a", "", Fields.of("Host", "host"), Message.hash(body));
    String query = SIGNER.presign(put, KEY, NOW, SigV4.EXPIRES_MAX);
    Message sent = new Message("PUT", "/a", query, put.fields(), put.payloadHash());
    Message unhashed = new Message("PUT", "/a", "", put.fields(), Message.UNSIGNED_PAYLOAD);
    String loose = SIGNER.presign(unhashed, KEY, NOW, SECOND);

    // when, then
    assertThat(verify(VERIFIER, sent, NOW.plus(SigV4.EXPIRES_MAX))).isInstanceOf(Accepted.class);
    assertThat(kind(new Message("PUT", "/a", query, put.fields(), Message.EMPTY_PAYLOAD)))
        .isEqualTo(Kind.SIGNATURE);
    assertThat(kind(new Message("PUT", "/a", loose, put.fields(), put.payloadHash())))
        .as("a body that is not signed")
        .isEqualTo(Kind.SIGNATURE);
    for (String expires : List.of("0", "604801", "-1", "1.5", "", "9999999")) {
      String longer = query.replace("X-Amz-Expires=604800", "X-Amz-Expires=" + expires);
      assertThat(kind(new Message("PUT", "/a", longer, put.fields(), put.payloadHash())))
          .as(expires)
          .isEqualTo(Kind.MALFORMED);
    }
  }

  @Test
  void a_body_that_is_said_to_be_unsigned_is_refused() {
    // given
    Fields fields = Fields.of("Host", "host", "X-Amz-Content-Sha256", Message.UNSIGNED_PAYLOAD);
    Message bare = new Message("PUT", "/a", "", fields, Message.UNSIGNED_PAYLOAD);
    Message signed = sign(SIGNER, bare, KEY);

    // when, then
    assertThat(kind(new Message("PUT", "/a", "", signed.fields(), Message.EMPTY_PAYLOAD)))
        .isEqualTo(Kind.SIGNATURE);
  }

  @Test
  void a_changed_request_is_refused() {
    // given
    Message message = signed(message("/a", "b=1", "host"), NOW);

    // when, then
    assertThat(kind(with(message, "/b", "b=1", message.fields()))).isEqualTo(Kind.SIGNATURE);
    assertThat(kind(with(message, "/a", "b=2", message.fields()))).isEqualTo(Kind.SIGNATURE);
    assertThat(kind(with(message, "/a", "b=1", set(message, "Host", "other"))))
        .isEqualTo(Kind.SIGNATURE);
    assertThat(
            kind(new Message("GET", "/a", "b=1", message.fields(), Message.hash(new byte[] {1}))))
        .isEqualTo(Kind.SIGNATURE);
  }

  @Test
  void an_amazon_field_added_on_the_way_is_refused() {
    // given
    Message message = signed(message("/a", "", "host"), NOW);

    // when
    Fields more = message.fields().edit().add("x-amz-acl", "public-read").build();

    // then
    assertThat(kind(with(message, "/a", "", more))).isEqualTo(Kind.MALFORMED);
  }

  @Test
  void a_clock_may_be_five_minutes_off_and_no_more() {
    // given
    Message message = signed(message("/a", "", "host"), NOW);
    Instant late = NOW.plus(SigV4Verifier.SKEW);
    Instant early = NOW.minus(SigV4Verifier.SKEW);

    // when, then
    assertThat(verify(VERIFIER, message, late)).isInstanceOf(Accepted.class);
    assertThat(verify(VERIFIER, message, early)).isInstanceOf(Accepted.class);
    assertThat(kind(VERIFIER, message, late.plus(SECOND))).isEqualTo(Kind.SKEW);
    assertThat(kind(VERIFIER, message, early.minus(SECOND))).isEqualTo(Kind.SKEW);
  }

  @Test
  void a_presigned_request_works_until_it_expires() {
    // given
    Message bare = message("/bucket/a b", "x=1", "host");
    Duration life = Duration.ofMinutes(20);
    String query = S3_SIGNER.presign(bare, KEY, NOW, life);
    Message message = with(bare, "/bucket/a b", query, bare.fields());

    // when, then
    assertThat(verify(S3, message, NOW.plus(life))).isInstanceOf(Accepted.class);
    assertThat(kind(S3, message, NOW.plus(life).plus(SECOND))).isEqualTo(Kind.EXPIRED);
    assertThat(kind(S3, message, NOW.minus(Duration.ofMinutes(6)))).isEqualTo(Kind.SKEW);
    Message other = with(message, "/bucket/b", query, bare.fields());
    assertThat(kind(S3, other, NOW)).isEqualTo(Kind.SIGNATURE);
  }

  @Test
  void another_service_region_day_or_key_is_refused() {
    // given
    Message bare = message("/a", "", "host");
    Message forS3 = sign(new SigV4(Flavour.ORDINARY, "s3", "us-east-1"), bare, KEY);
    Message forOhio = sign(new SigV4(Flavour.ORDINARY, "cloudfront", "us-east-2"), bare, KEY);
    Message ofOther = sign(SIGNER, bare, new Credentials("AKIDOTHER", "secret"));
    Message ofWrongSecret = sign(SIGNER, bare, new Credentials("AKIDEXAMPLE", "guess"));
    Message otherDay = rewritten(sign(SIGNER, bare, KEY), "/20260301/", "/20260228/");

    // when, then
    assertThat(kind(forS3)).isEqualTo(Kind.SCOPE);
    assertThat(kind(forOhio)).isEqualTo(Kind.SCOPE);
    assertThat(kind(otherDay)).isEqualTo(Kind.SCOPE);
    assertThat(kind(ofOther)).isEqualTo(Kind.UNKNOWN_KEY);
    assertThat(kind(ofWrongSecret)).isEqualTo(Kind.SIGNATURE);
  }

  @Test
  void no_signature_is_missing_and_two_are_malformed() {
    // given
    Message bare = message("/a", "", "host");
    Message signed = signed(bare, NOW);
    String presigned = SIGNER.presign(bare, KEY, NOW, SECOND);

    // when, then
    assertThat(kind(bare)).isEqualTo(Kind.MISSING);
    assertThat(kind(with(signed, "/a", presigned, signed.fields()))).isEqualTo(Kind.MALFORMED);
    Fields twice = signed.fields().edit().add("Authorization", "x").build();
    assertThat(kind(with(signed, "/a", "", twice))).isEqualTo(Kind.MALFORMED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Basic YTpi",
        "AWS4-HMAC-SHA256",
        "AWS4-HMAC-SHA256 ",
        "AWS4-HMAC-SHA256 Credential=a, SignedHeaders=host, Signature=00",
        "AWS4-HMAC-SHA256 Credential=A/20260301/us-east-1/cloudfront/aws4_request, Signature=0",
        "AWS4-HMAC-SHA256 Credential=A/20260301/us-east-1/cloudfront/aws4_request,"
            + " SignedHeaders=x;host, Signature=0",
        "AWS4-HMAC-SHA256 Credential=A\n/20260301/us-east-1/cloudfront/aws4_request",
        "AWS4-HMAC-SHA256 Credential=A, Credential=B",
      })
  void an_authorization_that_is_none_is_malformed(String authorization) {
    // given
    String clean = authorization.replace('\n', '?');
    Fields fields =
        Fields.of("Host", "h", "X-Amz-Date", "20260301T100000Z", "Authorization", clean);

    // when, then
    assertThat(kind(new Message("GET", "/", "", fields, Message.EMPTY_PAYLOAD)))
        .isEqualTo(Kind.MALFORMED);
  }

  @Test
  void a_signature_longer_than_the_limit_is_malformed() {
    // given
    Message signed = signed(message("/a", "", "host"), NOW);
    String tooLong = "A".repeat(SigV4Verifier.Limits.DEFAULT.authorizationChars() + 1);

    // when, then
    assertThat(kind(with(signed, "/a", "", set(signed, "Authorization", tooLong))))
        .isEqualTo(Kind.MALFORMED);
    assertThat(kind(with(signed, "/a", tooLong, signed.fields()))).isEqualTo(Kind.MALFORMED);
  }

  @Test
  void s3_takes_the_stated_payload_hash_and_holds_the_body_to_it() {
    // given
    byte[] body = {1, 2, 3};
    Message put = new Message("PUT", "/b/k", "", Fields.of("Host", "h"), Message.hash(body));
    Message signed = sign(S3_SIGNER, put, KEY);

    // when
    Message unread = new Message("PUT", "/b/k", "", signed.fields(), Message.UNSIGNED_PAYLOAD);
    Message changed = new Message("PUT", "/b/k", "", signed.fields(), Message.hash(new byte[] {4}));

    // then
    assertThat(verify(S3, signed, NOW)).isInstanceOf(Accepted.class);
    assertThat(verify(S3, unread, NOW)).isInstanceOf(Accepted.class);
    assertThat(kind(S3, changed, NOW)).isEqualTo(Kind.SIGNATURE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/plain", "/a%20b/c", "/a//b", "/a/%2Bplus", "/%E1%88%B4", "/b/~x"})
  void what_the_sdk_signs_is_accepted(String path) {
    for (Flavour flavour : Flavour.values()) {
      // given
      byte[] body = "<a/>".getBytes(StandardCharsets.UTF_8);
      String service = flavour == Flavour.S3 ? "s3" : "cloudfront";

      // when
      Message message = signedBySdk(flavour, service, path, body);

      // then
      assertThat(verify(verifier(flavour, service), message, NOW))
          .as("%s %s", flavour, path)
          .isInstanceOf(Accepted.class);
    }
  }

  private static Message signedBySdk(Flavour flavour, String service, String path, byte[] body) {
    SdkHttpRequest request =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.POST)
            .uri(URI.create("http://127.0.0.1:7400" + path + "?b=1&a=x%20y&acl"))
            .putHeader("Content-Type", "text/xml")
            .build();
    SdkHttpRequest signed =
        AwsV4HttpSigner.create()
            .sign(r ->
                r.identity(AwsCredentialsIdentity.create("AKIDEXAMPLE", "secret"))
                    .request(request)
                    .payload(() -> new ByteArrayInputStream(body))
                    .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, service)
                    .putProperty(AwsV4HttpSigner.REGION_NAME, "us-east-1")
                    .putProperty(AwsV4FamilyHttpSigner.DOUBLE_URL_ENCODE, flavour != Flavour.S3)
                    .putProperty(AwsV4FamilyHttpSigner.NORMALIZE_PATH, flavour != Flavour.S3)
                    .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(NOW, ZoneOffset.UTC)))
            .request();
    Fields.Builder fields = Fields.builder();
    signed.forEachHeader((name, values) -> values.forEach(value -> fields.add(name, value)));
    if (signed.firstMatchingHeader("Host").isEmpty()) {
      fields.add("Host", "127.0.0.1:7400");
    }
    String query = signed.encodedQueryParameters().orElse("");
    return new Message("POST", path, query, fields.build(), Message.hash(body));
  }

  private static SigV4Verifier verifier(Flavour flavour, String service) {
    Set<String> regions = flavour == Flavour.S3 ? Set.of() : Set.of("us-east-1");
    return new SigV4Verifier(
        flavour, service, regions, SigV4Verifier.SKEW, SigV4Verifier.Limits.DEFAULT);
  }

  private static Verdict verify(SigV4Verifier verifier, Message message, Instant now) {
    return verifier.verify(
        message,
        id -> id.equals(KEY.accessKeyId()) ? Optional.of(KEY.secretAccessKey()) : Optional.empty(),
        now);
  }

  private static String mark(Message message, Instant now) {
    return ((Accepted) verify(VERIFIER, signed(message, now), now)).mark();
  }

  private static Kind kind(Message message) {
    return kind(VERIFIER, message, NOW);
  }

  private static Kind kind(SigV4Verifier verifier, Message message, Instant now) {
    Verdict verdict = verify(verifier, message, now);
    assertThat(verdict).isInstanceOf(Rejected.class);
    return ((Rejected) verdict).kind();
  }

  private static Message message(String path, String query, String host) {
    return new Message("GET", path, query, Fields.of("Host", host), Message.EMPTY_PAYLOAD);
  }

  private static Message signed(Message message, Instant now) {
    Fields added = SIGNER.sign(message, KEY, now);
    return plus(message, added);
  }

  private static Message sign(SigV4 signer, Message message, Credentials key) {
    return plus(message, signer.sign(message, key, NOW));
  }

  private static Message plus(Message message, Fields added) {
    Fields all = message.fields().edit().addAll(added).build();
    return with(message, message.path(), message.query(), all);
  }

  private static Message with(Message message, String path, String query, Fields fields) {
    return new Message(message.method(), path, query, fields, message.payloadHash());
  }

  private static Fields set(Message message, String name, String value) {
    return message.fields().edit().set(name, value).build();
  }

  private static Message rewritten(Message message, String from, String to) {
    String old = String.valueOf(message.fields().value("Authorization"));
    Fields fields = set(message, "Authorization", old.replace(from, to));
    return with(message, message.path(), message.query(), fields);
  }
}
