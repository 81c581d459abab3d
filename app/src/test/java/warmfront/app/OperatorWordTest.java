package warmfront.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.app.config.Config;
import warmfront.routing.map.Rules;

final class OperatorWordTest {
  @TempDir private Path folder;

  @Test
  void files_are_read_again_when_they_change_and_while_they_are_wrong_nothing_is_new()
      throws Exception {
    write("prefixes", "10.0.0.0/8,pin,FRA\n");
    OperatorWord word = word("prefixes: " + folder.resolve("prefixes"));

    assertThat(word.isGiven()).isTrue();
    assertThat(word.changed())
        .map(Rules::rules)
        .map(Object::toString)
        .get()
        .asString()
        .contains("10.0.0.0/8", "PIN", "FRA");
    assertThat(word.changed()).isEmpty();

    write("prefixes", "10.0.0.0/8,pin,FRA\n\n192.0.2.0/24,push,NRT\n");
    assertThat(word.changed()).isEmpty();
    assertThat(word.fault().orElseThrow()).contains("prefixes, line 3").contains("push");

    write("prefixes", "192.0.2.0/24,prefer,NRT\n");
    assertThat(word.changed()).isPresent();
    assertThat(word.fault()).isEmpty();
  }

  @Test
  void prefixes_count_before_a_coverage_zone_file() throws Exception {
    write("prefixes", "192.0.2.0/24,forbid,NRT\n");
    write("names", "west=FRA\n");
    write(
        "zones",
        """
        {"coverageZones": {"west": {"network": ["192.0.2.0/24", "198.51.100.0/24"]}}}
        """);
    OperatorWord word =
        word(
            "prefixes: %s, coverageZone: %s, coverageNames: %s"
                .formatted(
                    folder.resolve("prefixes"), folder.resolve("zones"), folder.resolve("names")));

    Rules rules = word.changed().orElseThrow();

    assertThat(rules.rules())
        .extracting(rule -> rule.viewers() + " " + rule.action())
        .containsExactlyInAnyOrder("192.0.2.0/24 FORBID", "198.51.100.0/24 PREFER");
  }

  @Test
  void a_coverage_zone_file_that_is_not_json_is_named_with_the_line() throws Exception {
    write("zones", "{\n\"coverageZones\"\n: tru}");
    OperatorWord word = word("coverageZone: " + folder.resolve("zones"));

    assertThat(word.changed()).isEmpty();
    assertThat(word.fault().orElseThrow()).contains("zones: line 3");
  }

  @Test
  void a_file_that_is_not_there_is_named() throws Exception {
    OperatorWord word = word("coverageZone: " + folder.resolve("nowhere"));

    assertThat(word.changed()).isEmpty();
    assertThat(word.fault().orElseThrow()).contains("nowhere");
  }

  private OperatorWord word(String map) throws Exception {
    return new OperatorWord(Config.parse("routing: {map: {" + map + "}}").maps());
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }
}
