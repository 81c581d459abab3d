package warmfront.routing.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import warmfront.rtt.Family;
import warmfront.rtt.Prefix;

final class LatencyTableTest {
  @Test
  void a_table_with_comments_and_empty_lines_is_read() throws IOException {
    String text = "# viewers\n\n192.0.2.0/24,FRA=8.5, CMH=98\n2001:db8::/32,NRT=4\n";

    LatencyTable.Read read = LatencyTable.read(new StringReader(text), LatencyLimits.DEFAULT);

    assertThat(read).isInstanceOf(LatencyTable.Read.Loaded.class);
    LatencyTable table = ((LatencyTable.Read.Loaded) read).table();
    assertThat(table.rows()).hasSize(2);
    assertThat(table.rows().getFirst().millis())
        .containsEntry("FRA", 8.5)
        .containsEntry("CMH", 98.0);
    assertThat(table.ranges(Family.IPV6).value(0x20010db8_12345678L)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "192.0.2.0/25,FRA=1",
        "2001:db8::/57,FRA=1",
        "192.0.2.1/24,FRA=1",
        "192.0.2.0,FRA=1",
        "192.0.2.0/24",
        "192.0.2.0/33,FRA=1",
        "192.0.2/24,FRA=1",
        "example.com/24,FRA=1",
        "::ffff:192.0.2.0/24,FRA=1",
        "fe80::1%lo/10,FRA=1",
        "192.0.2.0/24,fra=1",
        "192.0.2.0/24,FRA=-1",
        "192.0.2.0/24,FRA=NaN",
        "192.0.2.0/24,FRA=10001",
        "192.0.2.0/24,FRA=1,FRA=2",
        "192.0.2.0/24,FRA=1\n192.0.2.0/24,FRA=2"
      })
  void a_malformed_line_is_named(String text) throws IOException {
    LatencyTable.Read read =
        LatencyTable.read(new StringReader("# first\n" + text), LatencyLimits.DEFAULT);

    assertThat(read).isInstanceOf(LatencyTable.Read.Malformed.class);
    int lines = (int) text.lines().count();
    assertThat(((LatencyTable.Read.Malformed) read).line()).isEqualTo(1 + lines);
  }

  @Test
  void rows_and_lines_have_limits() throws IOException {
    LatencyLimits limits = new LatencyLimits(2, 24, 100);
    String two = "10.0.0.0/8,FRA=1\n11.0.0.0/8,FRA=1\n";

    assertThat(LatencyTable.read(new StringReader(two), limits))
        .isInstanceOf(LatencyTable.Read.Loaded.class);
    assertThat(LatencyTable.read(new StringReader(two + "12.0.0.0/8,FRA=1"), limits))
        .isInstanceOf(LatencyTable.Read.Malformed.class);
    assertThat(LatencyTable.read(new StringReader("#" + "x".repeat(24)), limits))
        .isInstanceOf(LatencyTable.Read.Malformed.class);
  }

  @Test
  void bits_beyond_the_length_are_no_prefix() {
    assertThatThrownBy(() -> new Prefix(Family.IPV4, 1L << 32, 8))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
