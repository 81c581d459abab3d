package warmfront.app.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class JsonTest {
  @Test
  void every_kind_of_value_has_its_form() {
    Map<String, Object> value = new LinkedHashMap<>();
    value.put("text", "a\"b\\c\n\u0001é😀");
    value.put("list", Arrays.asList(1, 2.5, true, null));
    value.put("none", Map.of());
    value.put("empty", List.of());
    value.put("nan", Double.NaN);

    assertThat(Json.write(value))
        .isEqualTo(
            """
            {"text":"a\\"b\\\\c\\n\\u0001é😀","list":[1,2.5,true,null],"none":{},"empty":[],"nan":null}\
            """);
  }

  @Test
  void half_a_character_is_escaped() {
    assertThat(Json.write("\ud83d!")).isEqualTo("\"\\ud83d!\"");
  }
}
