package warmfront.control.api.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudfront.model.InvalidationBatch;

/** What documents may have, at the edge of each limit. */
final class XmlReaderTest {
  /** Four levels, six elements. */
  private static final String BATCH =
      "<InvalidationBatch><Paths><Quantity>1</Quantity><Items><Path>/a</Path></Items></Paths>"
          + "<CallerReference>x</CallerReference></InvalidationBatch>";

  private static InvalidationBatch read(String xml, XmlLimits limits, Charset charset) {
    InvalidationBatch.Builder builder = InvalidationBatch.builder();
    XmlReader.read(xml.getBytes(charset), "InvalidationBatch", (SdkPojo) builder, limits);
    return builder.build();
  }

  private static InvalidationBatch read(String xml) {
    return read(xml, XmlLimits.DEFAULT, StandardCharsets.UTF_8);
  }

  private static void refused(String xml, String why) {
    assertThatThrownBy(() -> read(xml))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.code()).startsWith("Malformed"))
        .hasMessageContaining(why);
  }

  @Test
  void elements_may_be_as_deep_and_as_many_as_the_limits_say() {
    assertThat(read(BATCH, new XmlLimits(4, 6), StandardCharsets.UTF_8).callerReference())
        .isEqualTo("x");
    assertThatThrownBy(() -> read(BATCH, new XmlLimits(3, 6), StandardCharsets.UTF_8))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("nested deeper than 3");
    assertThatThrownBy(() -> read(BATCH, new XmlLimits(4, 5), StandardCharsets.UTF_8))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("more than 5 elements");
  }

  @Test
  void attributes_say_nothing_and_are_not_many() {
    assertThat(read(BATCH.replace("<Paths>", "<Paths a=\"1\" b=\"2\">")).paths().quantity())
        .isEqualTo(1);
    String many =
        IntStream.range(0, 20_000).mapToObj(i -> " a" + i + "=\"\"").collect(Collectors.joining());
    refused(BATCH.replace("<Paths>", "<Paths" + many + ">"), "attributes");
    refused(BATCH.replace("<Paths>", "<Paths a=\"1\" a=\"2\">"), "a");
  }

  @Test
  void names_are_not_endless() {
    String name = "a".repeat(100_000);
    refused(BATCH.replace("<Paths>", "<" + name + "/><Paths>"), "1,000");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<!DOCTYPE InvalidationBatch>",
        "<!DOCTYPE InvalidationBatch []>",
        "<!DOCTYPE InvalidationBatch SYSTEM \"file:///etc/passwd\">",
        "<!DOCTYPE InvalidationBatch PUBLIC \"x\" \"http://127.0.0.1:9/x\">",
        "<!DOCTYPE InvalidationBatch [<!ENTITY % p SYSTEM \"file:///etc/passwd\"> %p;]>",
        "<!DOCTYPE InvalidationBatch [<!ATTLIST Paths a CDATA \"1\">]>",
      })
  void a_document_type_is_refused_whatever_is_in_it(String type) {
    refused(type + BATCH, "document type");
    refused("<?xml version=\"1.0\"?>" + type + BATCH, "document type");
  }

  @Test
  void entities_of_xml_itself_are_text_and_no_others_are() {
    String five = BATCH.replace("<CallerReference>x", "<CallerReference>&lt;&amp;&#x41;");
    assertThat(read(five).callerReference()).isEqualTo("<&A");
    refused(BATCH.replace(">x<", ">&x;<"), "");
    refused(BATCH.replace(">x<", ">&#0;<"), "");
  }

  @Test
  void an_encoding_hides_nothing() {
    String typed =
        "<?xml version=\"1.0\" encoding=\"UTF-16\"?><!DOCTYPE InvalidationBatch>" + BATCH;

    assertThatThrownBy(() -> read(typed, XmlLimits.DEFAULT, StandardCharsets.UTF_16))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("document type");
    refused("<?xml version=\"1.0\" encoding=\"no-such\"?>" + BATCH, "no-such");
  }
}
