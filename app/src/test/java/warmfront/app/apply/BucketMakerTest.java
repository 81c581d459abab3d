package warmfront.app.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import warmfront.app.call.SignedHttp;
import warmfront.signing.Credentials;
import warmfront.time.Clock;

/** What a template may say of a bucket. */
final class BucketMakerTest {
  private static SignedHttp http;
  private static BucketMaker maker;

  @BeforeAll
  static void make() {
    // nobody listens there, and nobody is asked
    http =
        SignedHttp.s3(
            URI.create("http://127.0.0.1:1"),
            "us-east-1",
            new Credentials("AKIAEXAMPLE", "secret"),
            Clock.system());
    maker = new BucketMaker(new S3Calls(http), "My-Stack", "eu-west-1");
  }

  @AfterAll
  static void end() {
    http.close();
  }

  @Test
  void what_properties_without_effect_refer_to_is_not_needed() throws ApplyException {
    Value.Fields heeded =
        maker.heeded(
            TemplateReader.read(
                "{BucketName: !Sub '${Stage}-x', BucketEncryption: {Key: !Ref Kms}, Tags: [!Ref A]}"));

    assertThat(heeded.plain())
        .isEqualTo(
            Map.of(
                "BucketName", Map.of("Fn::Sub", "${Stage}-x"), "BucketEncryption", "", "Tags", ""));
    assertThat(maker.wanted("Site", heeded.without("BucketName")).notes())
        .containsExactlyInAnyOrder(
            "Site.Properties.BucketEncryption has no effect here",
            "Site.Properties.Tags has no effect here");
  }

  @Test
  void a_bucket_without_a_name_is_called_by_its_stack_always_alike() throws ApplyException {
    String name = name("Site", "{}");

    assertThat(name).matches("my-stack-site-[0-9a-f]{8}").isEqualTo(name("Site", "{}"));
    assertThat(name("Sites", "{}")).isNotEqualTo(name);
    assertThat(name("S".repeat(200), "{}")).hasSize(63).endsWith(name("S".repeat(200), "{}"));
    assertThat(name("Site", "{BucketName: a.b-c}")).isEqualTo("a.b-c");
  }

  @Test
  void its_attributes_are_known_before_it_is_made() throws ApplyException {
    Maker.Wanted wanted = maker.wanted("Site", TemplateReader.read("{BucketName: abc}"));

    Map<String, String> attributes = maker.foreseen(wanted).orElseThrow().attributes();

    assertThat(attributes)
        .isEqualTo(
            Map.of(
                "Ref", "abc",
                "Arn", "arn:aws:s3:::abc",
                "DomainName", "abc.s3.amazonaws.com",
                "DualStackDomainName", "abc.s3.dualstack.eu-west-1.amazonaws.com",
                "RegionalDomainName", "abc.s3.eu-west-1.amazonaws.com"));
    assertThat(maker.attributes())
        .isEqualTo(Set.of("Arn", "DomainName", "DualStackDomainName", "RegionalDomainName"));
  }

  @Test
  void what_is_no_property_or_no_name_is_refused() {
    assertThatThrownBy(() -> name("Site", "{BucketNam: abc}"))
        .hasMessage("Site.Properties.BucketNam: there is no such property");
    assertThatThrownBy(() -> name("Site", "{BucketName: A_b}"))
        .hasMessage("Site.Properties.BucketName: 'A_b' is no bucket's name");
  }

  private static String name(String resource, String properties) throws ApplyException {
    return maker
        .wanted(resource, TemplateReader.read(properties))
        .leaves()
        .find("BucketName")
        .orElseThrow();
  }
}
