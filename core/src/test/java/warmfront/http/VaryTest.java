package warmfront.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class VaryTest {
  @Test
  void a_star_among_the_members_of_any_line_means_anything() {
    assertThat(Vary.isAny(Fields.of("Vary", "*"))).isTrue();
    assertThat(Vary.isAny(Fields.of("vary", "Accept", "Vary", "Cookie , * "))).isTrue();
    assertThat(Vary.isAny(Fields.of("Vary", "Accept, X-*"))).isFalse();
    assertThat(Vary.isAny(Fields.of("Vary", ""))).isFalse();
    assertThat(Vary.isAny(Fields.empty())).isFalse();
  }

  @Test
  void the_names_it_lists_are_gathered_once_each_and_in_order() {
    assertThat(Vary.selecting(Fields.of("Vary", "Foo, bar", "vary", ", BAR,")))
        .contains(List.of("bar", "foo"));
    assertThat(Vary.selecting(Fields.empty())).contains(List.of());
    assertThat(Vary.selecting(Fields.of("Vary", "foo, *"))).isEmpty();
    assertThat(Vary.selecting(Fields.of("Vary", "foo bar"))).isEmpty();
  }

  @Test
  void values_that_mean_the_same_have_one_form() {
    assertThat(normal("foo", "1", "foo", "2")).isEqualTo(normal("foo", " 1 ,2"));
    assertThat(normal("foo", "2,1")).isNotEqualTo(normal("foo", "1,2"));
    assertThat(normal("foo", "\"a, b\"")).isNotEqualTo(normal("foo", "\"a,b\""));
    assertThat(normal("foo", "A")).isNotEqualTo(normal("foo", "a"));
    assertThat(normal("accept-language", "eN, de;q=0.5"))
        .isEqualTo(normal("accept-language", "de; Q=0.5 ,en"))
        .isNotEqualTo(normal("accept-language", "de, en;q=0.5"));
    assertThat(normal("foo", "")).isEmpty();
    assertThat(Vary.normal(Fields.empty(), "foo")).isNull();
  }

  private static String normal(String... fields) {
    return String.valueOf(Vary.normal(Fields.of(fields), fields[0]));
  }
}
