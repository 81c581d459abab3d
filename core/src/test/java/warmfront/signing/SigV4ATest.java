package warmfront.signing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import warmfront.http.Fields;
import warmfront.signing.Verdict.Accepted;
import warmfront.signing.Verdict.Kind;
import warmfront.signing.Verdict.Rejected;

/**
 * Signature Version 4A. The signatures were made by the AWS Common Runtime (aws-crt 0.45.1), at the
 * first second of 2026.
 */
final class SigV4ATest {
  private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final String STORE =
      "/key-value-stores/arn%3Aaws%3Acloudfront%3A%3A123456789012%3Akey-value-store%2F"
          + "00000000-0000-4000-8000-000000000000";
  private static final String READ =
      "3046022100b3f8e8980329dd46b6ff1de3242f8dc76fdf0802ea6e0090665726ba7cd49c44022100a6a82dc6"
          + "ecf473091f1849ceeeec292841de772bcc087b5b90ece1887f1930b5";
  private static final String WRITE =
      "30450221009b80ba9d42232fc6c5be7669f5886e34a3444cd39df469caffceaf99d5b55c9b022072a09c5f9b"
          + "c5718e3da6541f71c501caf6436833cbd7d154a23a24ec741090e4";
  private static final String PRESIGNED =
      "X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256"
          + "&X-Amz-Credential=AKIDEXAMPLE%2F20260101%2Fcloudfront-keyvaluestore%2Faws4_request"
          + "&X-Amz-Date=20260101T000000Z&X-Amz-SignedHeaders=host&X-Amz-Expires=3600"
          + "&X-Amz-Region-Set=%2A&X-Amz-Signature="
          + "3046022100cc4f1ac3a35efd0ad6ba237566bb61e2e2374e22fcee7c425d922ab8c8bec537022100847bfee0"
          + "6a8d222dc3a2f675bcedce7cc618e622670bc8430cdb6fb157f1d3b1";

  private static final SigV4Verifier VERIFIER = verifier(SigV4Verifier.Limits.WITH_ECDSA);

  private static SigV4Verifier verifier(SigV4Verifier.Limits limits) {
    return new SigV4Verifier(
        Flavour.ORDINARY,
        "cloudfront-keyvaluestore",
        Set.of("us-east-1"),
        SigV4Verifier.SKEW,
        limits);
  }

  private static Message read(String query, String regions, String signature) {
    return new Message(
        "GET",
        STORE + "/keys/a%20b",
        query,
        fields(regions, Message.EMPTY_PAYLOAD, signature),
        Message.EMPTY_PAYLOAD);
  }

  private static Message write(String body, String regions) {
    String hash = Message.hash(body.getBytes(StandardCharsets.UTF_8));
    return new Message("PUT", STORE + "/keys/k", "", fields(regions, hash, WRITE), hash);
  }

  private static Fields fields(String regions, String hash, String signature) {
    Fields.Builder fields =
        Fields.builder()
            .add("Host", "kvs.example.com")
            .add("X-Amz-Date", "20260101T000000Z")
            .add("x-amz-content-sha256", hash)
            .add(
                "Authorization",
                "AWS4-ECDSA-P256-SHA256 Credential=AKIDEXAMPLE/20260101/cloudfront-keyvaluestore/"
                    + "aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date;"
                    + "x-amz-region-set, Signature="
                    + signature);
    if (!regions.isEmpty()) {
      fields.add("X-Amz-Region-Set", regions);
    }
    return fields.build();
  }

  private static Message presigned(String query) {
    return new Message(
        "GET",
        STORE,
        query,
        Fields.builder().add("Host", "kvs.example.com").build(),
        Message.EMPTY_PAYLOAD);
  }

  private static Verdict verdict(Message message, Instant now) {
    return VERIFIER.verify(message, SigV4ATest::secret, now);
  }

  private static Optional<String> secret(String id) {
    return id.equals("AKIDEXAMPLE") ? Optional.of(SECRET) : Optional.empty();
  }

  private static Kind refusal(Message message) {
    return ((Rejected) verdict(message, NOW)).kind();
  }

  @Test
  void the_key_is_the_published_one() {
    // The value that AWS's own implementations are tested with.
    assertThat(
            DerivedKey.scalar("AKISORANDOMAASORANDOM", "q+jcrXGc+0zWN6uzclKVhvMmUsIfRPa4rlRandom")
                .toString(16))
        .isEqualTo("7fd3bd010c0d9c292141c2b77bfbde1042c92e6836fff749d1269ec890fca1bd");
  }

  @Test
  void what_another_implementation_signed_is_accepted() {
    assertThat(verdict(read("x=1", "*", READ), NOW)).isInstanceOf(Accepted.class);
    assertThat(verdict(write("{\"Value\":\"v\"}", "us-east-1,eu-*"), NOW))
        .isInstanceOf(Accepted.class);
    assertThat(verdict(presigned(PRESIGNED), NOW.plusSeconds(3_000))).isInstanceOf(Accepted.class);
  }

  @Test
  void what_was_changed_is_refused() {
    assertThat(refusal(read("x=2", "*", READ))).isEqualTo(Kind.SIGNATURE);
    assertThat(refusal(read("x=1", "us-east-1", READ))).isEqualTo(Kind.SIGNATURE);
    assertThat(refusal(read("x=1", "*", WRITE))).isEqualTo(Kind.SIGNATURE);
    assertThat(refusal(write("{\"Value\":\"w\"}", "us-east-1,eu-*"))).isEqualTo(Kind.SIGNATURE);
    assertThat(refusal(presigned(PRESIGNED.replace("%2A", "us-east-1")))).isEqualTo(Kind.SIGNATURE);
  }

  @Test
  void what_is_no_signature_in_der_is_refused() {
    assertThat(refusal(read("x=1", "*", "00"))).isEqualTo(Kind.SIGNATURE);
    assertThat(refusal(read("x=1", "*", READ.substring(2)))).isEqualTo(Kind.SIGNATURE);
    assertThat(refusal(read("x=1", "*", WRITE + "00"))).isEqualTo(Kind.SIGNATURE);
    assertThat(refusal(read("x=1", "*", "abc"))).isEqualTo(Kind.MALFORMED);
    assertThat(refusal(read("x=1", "*", ""))).isEqualTo(Kind.MALFORMED);
    assertThat(refusal(read("x=1", "*", READ.repeat(2)))).isEqualTo(Kind.MALFORMED);
  }

  @Test
  void the_set_of_regions_has_to_be_there() {
    assertThat(refusal(read("x=1", "", READ))).isEqualTo(Kind.MALFORMED);
    assertThat(refusal(presigned(PRESIGNED.replace("&X-Amz-Region-Set=%2A", ""))))
        .isEqualTo(Kind.MALFORMED);
  }

  @Test
  void it_ends_as_other_signatures_do() {
    assertThat(((Rejected) verdict(presigned(PRESIGNED), NOW.plusSeconds(3_601))).kind())
        .isEqualTo(Kind.EXPIRED);
    assertThat(((Rejected) verdict(read("x=1", "*", READ), NOW.plus(Duration.ofMinutes(6)))).kind())
        .isEqualTo(Kind.SKEW);
  }

  @Test
  void it_is_refused_where_it_is_not_let_in() {
    Verdict verdict =
        verifier(SigV4Verifier.Limits.DEFAULT)
            .verify(read("x=1", "*", READ), SigV4ATest::secret, NOW);

    assertThat(((Rejected) verdict).kind()).isEqualTo(Kind.MALFORMED);
    assertThat(((Rejected) verdict).message()).contains("AWS4-HMAC-SHA256");
  }
}
