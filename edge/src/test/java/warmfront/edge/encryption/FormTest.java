package warmfront.edge.encryption;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLDecoder;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import warmfront.edge.step.Encrypted.Status;
import warmfront.edge.step.Encryption.Profile;

/** Forms whose fields are encrypted. */
final class FormTest {
  private static final Application APPLICATION = new Application();

  private static Form.Rewritten rewrite(String form, String... patterns) {
    return Form.rewrite(
        form.getBytes(ISO_8859_1),
        new Profile(List.of(APPLICATION.recipient(patterns))),
        new SecureRandom());
  }

  private static String rewritten(String form, String... patterns) {
    return new String(((Form.Rewritten.Done) rewrite(form, patterns)).body(), ISO_8859_1);
  }

  private static Status refused(String form, String... patterns) {
    return ((Form.Rewritten.Refused) rewrite(form, patterns)).status();
  }

  /** As an application reads a form. */
  private static Map<String, String> read(String form) {
    Map<String, String> fields = new HashMap<>();
    for (String pair : form.split("&", -1)) {
      String[] both = pair.split("=", 2);
      fields.put(URLDecoder.decode(both[0], UTF_8), URLDecoder.decode(both[1], UTF_8));
    }
    return fields;
  }

  private static String card(String form) {
    return Objects.requireNonNull(read(form).get("card"));
  }

  @Test
  void named_fields_are_encrypted_and_all_others_stay_byte_for_byte() {
    String form = rewritten("name=J%C3%BCrgen+M&card=4111+1111%26%c3%a9&x=%7e", "card");

    assertThat(form).startsWith("name=J%C3%BCrgen+M&card=").endsWith("&x=%7e");
    assertThat(APPLICATION.decrypted(card(form))).isEqualTo("4111 1111&é".getBytes(UTF_8));
    assertThat(card(form)).doesNotContain("4111");
  }

  @ParameterizedTest
  @CsvSource({
    "card, card, true",
    "card, Card, false",
    "card, card2, false",
    "card*, card, true",
    "card*, cardNumber, true",
    "card*, car, false",
    "user[card], user[card], true",
    "user[card], user%5bcard%5D, true",
    "*, anything, true"
  })
  void a_pattern_is_the_name_itself_or_how_it_begins(String pattern, String name, boolean fits) {
    String form = rewritten(name + "=secret", pattern);

    assertThat(form.equals(name + "=secret")).isEqualTo(!fits);
  }

  @Test
  void a_field_that_comes_twice_is_encrypted_twice_and_an_empty_one_is_too() {
    Form.Rewritten.Done done = (Form.Rewritten.Done) rewrite("a=1&a=2&a=&b", "a", "b");

    assertThat(done.fields()).isEqualTo(3);
    assertThat(new String(done.body(), ISO_8859_1)).endsWith("&b").doesNotContain("a=&");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "&", "a", "a=", "=", "&&a=1&", "b=%00"})
  void odd_forms_without_a_named_field_stay_as_they_are(String form) {
    assertThat(rewritten(form, "card")).isEqualTo(form);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a=%", "a=%4", "a=%4&b=1", "%=1", "a=%zz", "card=%f"})
  void a_percent_sign_without_its_digits_is_malformed(String form) {
    assertThat(refused(form, "card")).isEqualTo(Status.MALFORMED_INPUT);
  }

  @Test
  void ten_fields_are_taken_and_eleven_are_not() {
    String ten = "a=1&".repeat(9) + "a=1";

    assertThat(rewritten(ten, "card")).isEqualTo(ten);
    assertThat(refused(ten + "&a=1", "card")).isEqualTo(Status.FIELD_NUMBER_LIMIT);
  }

  @Test
  void an_encrypted_field_has_16_KiB_at_most_and_another_any_length() {
    String longest = "%41".repeat(16 << 10);

    assertThat(APPLICATION.decrypted(card(rewritten("card=" + longest, "card")))).hasSize(16 << 10);
    assertThat(refused("card=" + longest + "B", "card")).isEqualTo(Status.FIELD_LENGTH_LIMIT);
    assertThat(rewritten("other=" + longest + "B", "card")).hasSize(6 + 3 * (16 << 10) + 1);
  }
}
