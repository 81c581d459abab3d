package warmfront.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import warmfront.http.Fields;

/** Signatures as AWS publishes them: its Signature Version 4 test suite and S3's examples. */
final class SigV4Test {
  private static final Credentials SUITE =
      new Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
  private static final Credentials S3_DOC =
      new Credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
  private static final Instant SUITE_TIME = Instant.parse("2015-08-30T12:36:00Z");
  private static final Instant S3_TIME = Instant.parse("2013-05-24T00:00:00Z");
  private static final SigV4 S3 = new SigV4(Flavour.S3, "s3", "us-east-1");
  private static final String S3_HOST = "examplebucket.s3.amazonaws.com";

  @ParameterizedTest
  @CsvSource({
    "GET,  /, '',                            5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    "POST, /, '',                            5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
    "GET,  /, Param2=value2&Param1=value1,   b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
    "GET,  /\u1234, '',                      8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85",
    "GET,  /, \u1234=bar,                    2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04",
    "GET,  //, '',                           5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    "GET,  /./, '',                          5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    "GET,  /example1/example2/../.., '',     5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
  })
  void the_published_suite_is_signed_as_published(
      String method, String path, String query, String signature) {
    // given
    SigV4 signer = new SigV4(Flavour.ORDINARY, "service", "us-east-1");
    Fields fields = Fields.of("Host", "example.amazonaws.com");

    // when
    Fields added =
        signer.sign(
            new Message(method, path, query, fields, Message.EMPTY_PAYLOAD), SUITE, SUITE_TIME);

    // then
    assertThat(added.value("Authorization"))
        .isEqualTo(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                + "SignedHeaders=host;x-amz-date, Signature="
                + signature);
  }

  @Test
  void the_example_of_the_iam_guide_is_signed_as_published() {
    // given
    Fields fields =
        Fields.of(
            "Content-Type",
            "application/x-www-form-urlencoded; charset=utf-8",
            "Host",
            "iam.amazonaws.com");
    Message message =
        new Message(
            "GET", "/", "Action=ListUsers&Version=2010-05-08", fields, Message.EMPTY_PAYLOAD);

    // when
    Fields added = new SigV4(Flavour.ORDINARY, "iam", "us-east-1").sign(message, SUITE, SUITE_TIME);

    // then
    assertThat(added.value("Authorization"))
        .endsWith("5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
  }

  @Test
  void s3_examples_are_signed_as_published() {
    // given
    Message ranged = s3("GET", "/test.txt", "", Fields.of("Host", S3_HOST, "Range", "bytes=0-9"));
    Message put =
        new Message(
            "PUT",
            "/test$file.text",
            "",
            Fields.of(
                "Date",
                "Fri, 24 May 2013 00:00:00 GMT",
                "Host",
                S3_HOST,
                "x-amz-storage-class",
                "REDUCED_REDUNDANCY"),
            Message.hash("Welcome to Amazon S3.".getBytes(StandardCharsets.UTF_8)));
    Message lifecycle = s3("GET", "/", "lifecycle", Fields.of("Host", S3_HOST));
    Message list = s3("GET", "/", "max-keys=2&prefix=J", Fields.of("Host", S3_HOST));

    // when, then
    assertThat(signature(ranged))
        .endsWith("f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
    assertThat(signature(put))
        .endsWith("98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
    assertThat(signature(lifecycle))
        .endsWith("fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
    assertThat(signature(list))
        .endsWith("34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
  }

  @Test
  void the_presigned_example_of_s3_is_as_published() {
    // given
    Message message =
        new Message("GET", "/test.txt", "", Fields.of("Host", S3_HOST), Message.UNSIGNED_PAYLOAD);

    // when
    String query = S3.presign(message, S3_DOC, S3_TIME, Duration.ofDays(1));

    // then
    assertThat(query)
        .isEqualTo(
            "X-Amz-Algorithm=AWS4-HMAC-SHA256"
                + "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
                + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
                + "&X-Amz-Signature="
                + "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
  }

  @ParameterizedTest
  @CsvSource({
    "/a/../b, /a/../b",
    "/a//b, /a//b",
    "/a%20b, /a%20b",
    "/a+b, /a%2Bb",
    "/%7euser, /~user",
    "/100%, /100%25",
    "/%zz, /%25zz",
    "/%e1%88%b4, /%E1%88%B4",
  })
  void a_path_of_s3_is_encoded_once_and_never_normalised(String raw, String canonical) {
    assertThat(SigV4.s3Path(raw)).isEqualTo(canonical);
    assertThat(SigV4.s3Path(canonical)).isEqualTo(canonical);
  }

  @ParameterizedTest
  @CsvSource({
    "b=2&a=1, a=1&b=2",
    "a=2&a=1, a=1&a=2",
    "acl, acl=",
    "a=b=c, a=b%3Dc",
    "a=%7e%20, a=~%20",
    "'&a=1&&', a=1",
  })
  void a_query_is_sorted_and_encoded_once(String raw, String canonical) {
    assertThat(SigV4.canonicalQuery(raw)).isEqualTo(canonical);
  }

  @Test
  void a_life_beyond_seven_days_is_not_signed() {
    // given
    Message message = s3("GET", "/", "", Fields.of("Host", S3_HOST));

    // when, then
    assertThatThrownBy(() -> S3.presign(message, S3_DOC, S3_TIME, Duration.ofDays(8)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static String signature(Message message) {
    return String.valueOf(S3.sign(message, S3_DOC, S3_TIME).value("Authorization"));
  }

  private static Message s3(String method, String path, String query, Fields fields) {
    return new Message(method, path, query, fields, Message.EMPTY_PAYLOAD);
  }
}
