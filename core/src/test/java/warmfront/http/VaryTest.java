package warmfront.http;

import static org.assertj.core.api.Assertions.assertThat;

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
}
