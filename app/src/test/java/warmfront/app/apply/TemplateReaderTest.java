package warmfront.app.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The text of a template, and what is no such text. */
final class TemplateReaderTest {
  @TempDir private static Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          !Ref A                      | {"Ref": "A"}
          !GetAtt A.B                 | {"Fn::GetAtt": "A.B"}
          !Sub '${A}/x'               | {"Fn::Sub": "${A}/x"}
          !Join ['', [!Ref A, b]]     | {"Fn::Join": ["", [{"Ref": "A"}, "b"]]}
          !If [C, !Ref A, !Ref B]     | {"Fn::If": ["C", {"Ref": "A"}, {"Ref": "B"}]}
          !Not [!Condition C]         | {"Fn::Not": [{"Condition": "C"}]}
          !Equals [!Ref A, true]      | {"Fn::Equals": [{"Ref": "A"}, "true"]}
          !FindInMap [M, !Ref A, b]   | {"Fn::FindInMap": ["M", {"Ref": "A"}, "b"]}
          !Select [0, !Split [',', x]]| {"Fn::Select": ["0", {"Fn::Split": [",", "x"]}]}
          !Base64 x                   | {"Fn::Base64": "x"}
          """)
  void a_short_form_is_its_long_one(String yaml, String json) throws ApplyException {
    assertThat(TemplateReader.read("x: " + yaml))
        .isEqualTo(TemplateReader.read("{\"x\":" + json + "}"));
  }

  @Test
  void numbers_dates_and_truth_values_stay_as_they_were_written() throws ApplyException {
    Value.Fields read =
        TemplateReader.read("a: 080\nb: 1.50\nc: true\nd: 2012-10-17\ne: [yes, \"x\", 0x1F]\n");

    assertThat(read.plain())
        .isEqualTo(
            Map.of(
                "a",
                "080",
                "b",
                "1.50",
                "c",
                "true",
                "d",
                "2012-10-17",
                "e",
                List.of("yes", "x", "0x1F")));
  }

  @Test
  void an_anchor_stands_for_what_it_names() throws ApplyException {
    assertThat(TemplateReader.read("a: &x {b: [c]}\nd: *x\n").plain())
        .isEqualTo(Map.of("a", Map.of("b", List.of("c")), "d", Map.of("b", List.of("c"))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          a:\\n  b: !Reff x            | line 2: there is no function !Reff
          a:\\n  b:                    | line 2: there is no value here
          a: 1\\na: 2                  | the key a comes twice
          a: [                        | line 1: not YAML
          ? [a]\\n: b                  | line 1: a key is a text
          - a                         | the template is a list where a map is wanted
          # nothing                   | the template is empty
          """)
  void what_is_wrong_is_named_with_its_line(String text, String message) {
    assertThatThrownBy(() -> TemplateReader.read(text.replace("\\n", "\n")))
        .isInstanceOf(ApplyException.class)
        .hasMessageContaining(message);
  }

  @Test
  void a_foreign_tag_makes_nothing() throws ApplyException {
    assertThat(TemplateReader.read("a: !!java.lang.Runtime x").plain()).isEqualTo(Map.of("a", "x"));
  }

  @Test
  void aliases_of_aliases_do_not_fill_the_memory() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 9; i++) {
      List<String> six = Collections.nCopies(6, "*a" + (i - 1));
      bomb.append("a%d: &a%d [%s]\n".formatted(i, i, String.join(", ", six)));
    }

    assertThatThrownBy(() -> TemplateReader.read(bomb.toString()))
        .isInstanceOf(ApplyException.class)
        .hasMessageContaining("more than 100000 values");
  }

  @Test
  void what_holds_itself_is_refused() {
    assertThatThrownBy(() -> TemplateReader.read("a: &x [*x]")).isInstanceOf(ApplyException.class);
  }

  @Test
  void depth_has_an_end() throws ApplyException {
    assertThat(TemplateReader.read("a: " + "[".repeat(60) + "]".repeat(60))).isNotNull();
    assertThatThrownBy(() -> TemplateReader.read("a: " + "[".repeat(70) + "]".repeat(70)))
        .hasMessageContaining("more than 64 deep");
  }

  @Test
  void a_file_that_is_too_large_is_not_read() throws Exception {
    Path file = Files.write(folder.resolve("large.yaml"), new byte[(1 << 20) + 1]);

    assertThatThrownBy(() -> TemplateReader.read(file))
        .hasMessageContaining(file + " has more than 1048576 bytes");
    assertThatThrownBy(() -> TemplateReader.read(folder.resolve("none.yaml")))
        .hasMessageContaining("none.yaml cannot be read");
  }
}
