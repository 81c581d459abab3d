package warmfront.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JoinTokenTest {
  private static final String SECRET = "5".repeat(64);
  private static final String CA = "a".repeat(64);

  @ParameterizedTest
  @ValueSource(strings = {"control.example", "127.0.0.1", "::1"})
  void what_is_printed_is_read(String host) {
    JoinToken token = new JoinToken(SECRET, CA, host, 7402);

    assertThat(JoinToken.parse(token.text())).isEqualTo(token);
    assertThat(JoinToken.parse(" " + token.text() + "\n")).isEqualTo(token);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "wf1-55-aa@h:1", "wf2-X-Y@h:1", "wf1-X-Y@h", "wf1-X-Y@h:0", "wf1-X-Y@h:65536"})
  void anything_else_is_refused(String form) {
    String text = form.replace("X", SECRET).replace("Y", CA);

    assertThatThrownBy(() -> JoinToken.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining(SECRET);
  }

  @Test
  void the_secret_is_not_in_its_log_form() {
    assertThat(new JoinToken(SECRET, CA, "h", 1).toString()).doesNotContain(SECRET);
  }
}
