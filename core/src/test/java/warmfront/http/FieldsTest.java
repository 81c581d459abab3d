package warmfront.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class FieldsTest {
  private final Fields fields = Fields.of("A", "1", "B", "2", "a", "3");

  @Test
  void what_lacks_nothing_is_the_same_fields() {
    assertThat(fields.without("C"::equalsIgnoreCase)).isSameAs(fields);
    assertThat(fields.without("A"::equalsIgnoreCase)).isEqualTo(Fields.of("B", "2"));
  }

  @Test
  void a_line_more_comes_last_and_is_checked_like_any() {
    assertThat(fields.with("C", "4")).isEqualTo(Fields.of("A", "1", "B", "2", "a", "3", "C", "4"));
    assertThat(fields.size()).isEqualTo(3);
    assertThatThrownBy(() -> fields.with("C d", "4")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> fields.with("C", "4\n")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void the_characters_of_a_token_are_those_of_rfc_9110() {
    String token = "!#$%&'*+-.^_`|~0123456789";
    for (int c = -1; c <= 0x100; c++) {
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      assertThat(Fields.isTokenChar(c)).as("%d", c).isEqualTo(letter || token.indexOf(c) >= 0);
    }
  }
}
