package warmfront.edge.behavior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PathPatternTest {
  @ParameterizedTest
  @CsvSource({
    "*, /, true",
    "*, /a/b, true",
    "/images/*, /images/, true",
    "/images/*, /images, false",
    "images/*, /images/a.jpg, true",
    "images/*.jpg, /images/a/b.jpg, true",
    "*.jpg, /LOGO.JPG, false",
    "*.jpg, /a.jpg.png, false",
    "a*.jpg, /abra/cadabra/magic.jpg, true",
    "*.doc?, /x.doc, false",
    "*.doc?, /x.docx, true",
    "/a?c, /a/c, true",
    "/a, /ab, false",
    "/a, /a, true",
    "/a$.~'@:+&\"_-, /a$.~'@:+&\"_-, true",
    "/**/x, /a/b/x, true",
  })
  void a_pattern_matches_as_cloudfront_says(String pattern, String path, boolean expected) {
    assertThat(new PathPattern(pattern).matches(path)).isEqualTo(expected);
  }

  @Test
  void any_pattern_agrees_with_a_naive_matcher() {
    for (long seed = 1; seed <= 20_000; seed++) {
      RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
      int length = random.nextInt(10) == 0 ? 100 + random.nextInt(150) : 1 + random.nextInt(8);
      String pattern = word(random, length, "ab*?/");
      String path = "/" + word(random, random.nextInt(length + 4), "ab/");

      boolean matches = new PathPattern(pattern).matches(path);

      String full = pattern.matches("[/*].*") ? pattern : "/" + pattern;
      assertThat(matches).as("seed %d: %s on %s", seed, pattern, path).isEqualTo(naive(full, path));
    }
  }

  @Test
  void the_worst_pattern_on_the_longest_path_takes_no_longer_than_any_other() {
    var pattern = new PathPattern("*a".repeat(127) + "b");
    String path = "/" + "a".repeat(8191);

    Assertions.assertTimeout(
        Duration.ofSeconds(5),
        () -> {
          for (int i = 0; i < 2000; i++) {
            assertThat(pattern.matches(path)).isFalse();
          }
        });
  }

  @Test
  void a_pattern_that_is_too_long_or_empty_is_refused() {
    assertThatThrownBy(() -> new PathPattern("")).hasMessageContaining("1 to 255");
    assertThatThrownBy(() -> new PathPattern("a".repeat(256))).hasMessageContaining("1 to 255");
    assertThat(new PathPattern("?".repeat(255)).matches("/" + "x".repeat(255))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "/, /",
    "//, /",
    "/a/b/.., /a/",
    "/a/./b, /a/b",
    "/../../etc, /etc",
    "/a//b, /a/b",
    "/%61dmin, /admin",
    "/%2e%2E/x, /x",
    "/a%2Fb, /a%2Fb",
    "/a%zz%4, /a%zz%4",
    "/.well-known/x, /.well-known/x",
    "/a/..b, /a/..b",
    "/a/b/., /a/b/",
  })
  void a_path_is_matched_in_its_normal_form(String path, String normal) {
    assertThat(NormalPath.of(path)).isEqualTo(normal);
  }

  private static String word(RandomGenerator random, int length, String letters) {
    var word = new StringBuilder();
    for (int i = 0; i < length; i++) {
      word.append(letters.charAt(random.nextInt(letters.length())));
    }
    return word.toString();
  }

  /** Dynamic programming over pattern and path. */
  private static boolean naive(String pattern, String path) {
    boolean[] row = new boolean[path.length() + 1];
    row[0] = true;
    for (int k = 0; k < pattern.length(); k++) {
      char p = pattern.charAt(k);
      boolean[] next = new boolean[path.length() + 1];
      next[0] = p == '*' && row[0];
      for (int i = 1; i <= path.length(); i++) {
        next[i] =
            p == '*' ? row[i] || next[i - 1] : row[i - 1] && (p == '?' || p == path.charAt(i - 1));
      }
      row = next;
    }
    return row[path.length()];
  }
}
