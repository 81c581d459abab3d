package warmfront.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DotSegmentsTest {
  @ParameterizedTest
  @ValueSource(strings = {".", "..", "/.", "a/..", "../a", "a/./b", "a/../b", "a/..//b"})
  void they_are_found_wherever_they_stand(String path) {
    assertThat(DotSegments.areIn(path)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "a", "a.b", ".a", "a..", "...", "a/.../b", "a\\..\\b"})
  void other_dots_are_names(String path) {
    assertThat(DotSegments.areIn(path)).isFalse();
  }
}
