package warmfront.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TraceTest {
  @Test
  void lines_of_time_id_and_size_are_requests() throws IOException {
    Trace trace = read("1 7 100\n2 8 50\n3 7 120\n");

    assertThat(trace.requests()).isEqualTo(3);
    assertThat(trace.objects()).isEqualTo(2);
    assertThat(trace.objectBytes()).isEqualTo(150);
    assertThat(trace.id(2)).isEqualTo(7);
    assertThat(trace.size(2)).as("of the first request").isEqualTo(100);
  }

  @Test
  void a_heading_says_where_id_and_size_stand() throws IOException {
    Trace trace = read("version,time,op,size,lbn\n1,56,2a,512,42\n1,57,2a,1024,43\n");

    assertThat(trace.requests()).isEqualTo(2);
    assertThat(trace.id(1)).isEqualTo(43);
    assertThat(trace.size(1)).isEqualTo(1024);
  }

  @Test
  void what_is_no_trace_is_refused() {
    assertThatThrownBy(() -> read("a,b,c\n")).hasMessageContaining("heading");
    assertThatThrownBy(() -> read("1 2\n")).hasMessageContaining("not a request");
    assertThatThrownBy(() -> read("1 x 5\n")).isInstanceOf(NumberFormatException.class);
  }

  @Test
  void a_measurement_has_a_row_for_each_size(@TempDir Path folder) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 2000; i++) {
      lines.append(i).append(' ').append(i % 7 == 0 ? 1 : i).append(" 1000\n");
    }
    Path file = Files.writeString(folder.resolve("small.trace"), lines);
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    HitRatio.measure(file, new PrintStream(out, true, StandardCharsets.UTF_8));

    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .contains("small.trace: 2,000 requests, 1,714 objects, 1.7 MB")
        .anyMatch(line -> line.startsWith("| 10.0 % | 0.2 | 0.143 | 0.143 |"));
  }

  private static Trace read(String text) throws IOException {
    return Trace.read(new BufferedReader(new StringReader(text)));
  }
}
