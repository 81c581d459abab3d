package warmfront.edge.origin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TextsTest {
  private final Texts texts = new Texts();

  @Test
  void what_was_said_before_is_the_same_text() {
    String once = text("max-age=86400");
    assertThat(once).isEqualTo("max-age=86400");
    assertThat(text("max-age=86400")).isSameAs(once);
    assertThat(text("é")).isEqualTo("é");
    assertThat(text("")).isEmpty();
  }

  @Test
  void texts_that_share_a_place_stay_apart() {
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 10_000; i++) {
        assertThat(text("\"" + i + "\"")).isEqualTo("\"" + i + "\"");
      }
    }
  }

  @Test
  void a_long_text_is_not_kept() {
    String once = text("a".repeat(65));
    assertThat(once).hasSize(65);
    assertThat(text("a".repeat(65))).isNotSameAs(once);
  }

  private String text(String text) {
    byte[] bytes = ("<" + text + ">").getBytes(ISO_8859_1);
    return texts.text(bytes, 1, bytes.length - 1);
  }
}
