package warmfront.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RangesTest {
  @ParameterizedTest
  @CsvSource({
    "bytes=0-0, 0, 0",
    "bytes=0-, 0, 99",
    "bytes=10-19, 10, 19",
    "Bytes=90-1000, 90, 99",
    "bytes=-1, 99, 99",
    "bytes=-1000, 0, 99",
    "bytes= 5-6 , 5, 6",
  })
  void one_part_is_resolved_against_the_length(String value, long first, long last) {
    assertThat(Ranges.of(value, 100)).isEqualTo(new Ranges.Part(new ByteRange(first, last)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "items=0-1",
        "bytes=",
        "bytes=-",
        "bytes=5-4",
        "bytes=a-b",
        "bytes=1-2,x",
        "bytes=0-5,5-9",
        "bytes=10-19,0-5",
        "bytes=0-5,",
        "bytes=+1-2",
        "bytes=0-9999999999999999999"
      })
  void an_invalid_list_asks_for_the_whole(String value) {
    assertThat(Ranges.of(value, 100)).isEqualTo(new Ranges.Whole());
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=100-", "bytes=100-200", "bytes=-0", "bytes=200-300,400-500"})
  void a_part_behind_the_end_cannot_be_satisfied(String value) {
    assertThat(Ranges.of(value, 100)).isEqualTo(new Ranges.Unsatisfiable());
  }

  @Test
  void a_list_keeps_the_parts_that_are_there() {
    assertThat(Ranges.of("bytes=0-1, 5-6, 200-300", 100))
        .isEqualTo(new Ranges.Parts(List.of(new ByteRange(0, 1), new ByteRange(5, 6))));
    assertThat(Ranges.of("bytes=5-6,200-300", 100)).isEqualTo(new Ranges.Part(new ByteRange(5, 6)));
  }

  @Test
  void a_list_has_at_most_a_hundred_parts() {
    assertThat(Ranges.of(list(100), 1000)).isInstanceOf(Ranges.Parts.class);
    assertThat(Ranges.of(list(101), 1000)).isInstanceOf(Ranges.Whole.class);
  }

  @Test
  void nothing_of_an_empty_representation_can_be_satisfied() {
    assertThat(Ranges.of("bytes=0-", 0)).isInstanceOf(Ranges.Unsatisfiable.class);
    assertThat(Ranges.of("bytes=-5", 0)).isInstanceOf(Ranges.Unsatisfiable.class);
  }

  private static String list(int parts) {
    var value = new StringBuilder("bytes=");
    for (int i = 0; i < parts; i++) {
      value.append(i == 0 ? "" : ",").append(2 * i).append('-').append(2 * i);
    }
    return value.toString();
  }
}
