package warmfront.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DocumentTest {
  @TempDir private Path folder;

  @Test
  void json_is_read() throws Exception {
    assertThat(Document.read(file("{\"a\": [\"2001:db8::/32\", 1.5e0, -2, true], \"b\": {}}")))
        .isEqualTo(Map.of("a", List.of("2001:db8::/32", 1.5, -2, true), "b", Map.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{; line 1",
        "{} x; line 1",
        "{\"a\": \"\\x\"}; line 1",
        "{\"a\": 1, \"a\": 2}; duplicate key a",
        "{\"a\": &all [1], \"b\": *all}; aliases",
      })
  void what_is_not_json_is_told(String text, String reason) throws IOException {
    refused(file(text), reason);
  }

  @Test
  void the_line_of_a_fault_and_the_file_are_told() throws IOException {
    Path file = file("{\n\"coverageZones\"\n: tru}");

    refused(file, "line 3");
    refused(file, "file.json");
  }

  @Test
  void it_is_not_endlessly_deep() throws Exception {
    int most = Document.DEPTH_MAX;

    assertThat(Document.read(file("[".repeat(most) + "]".repeat(most)))).isNotNull();
    refused(file("[".repeat(most + 1) + "]".repeat(most + 1)), "more than 32 deep");
    refused(file("[".repeat(100_000)), "more than 32 deep");
  }

  @Test
  void it_is_not_endlessly_long() throws IOException {
    Path file = folder.resolve("file.json");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(Document.BYTES_MAX + 1L);
    }

    refused(file, "more than 33554432 bytes");
  }

  private static void refused(Path file, String reason) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> Document.read(file))
        .withMessageContaining(reason);
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("file.json"), text);
  }
}
