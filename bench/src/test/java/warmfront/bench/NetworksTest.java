package warmfront.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NetworksTest {
  private static final int COUNT = 5_000;

  @Test
  void networks_are_distinct_ordinary_and_the_same_from_the_same_seed() {
    Networks networks = Networks.of(COUNT, 20, 1);
    Networks again = Networks.of(COUNT, 20, 1);
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < networks.size(); i++) {
      int number = networks.number(i);
      assertThat(seen.add(number)).isTrue();
      assertThat(number >> 16).isBetween(1, 223).isNotIn(10, 127);
      assertThat(again.number(i)).isEqualTo(number);
    }
    assertThat(seen).hasSize(COUNT);
  }

  @Test
  void both_files_say_the_same(@TempDir Path folder) throws IOException {
    Networks networks = Networks.of(COUNT, 30, 1);
    networks.writePlain(folder.resolve("plain"));
    networks.writeTable(folder.resolve("table"));

    List<String> plain = Files.readAllLines(folder.resolve("plain"));
    List<String> table = Files.readAllLines(folder.resolve("table"));
    assertThat(plain).hasSize(COUNT);
    for (int i = 0; i < COUNT; i++) {
      String[] parts = plain.get(i).split(" ", -1);
      int centre = Integer.parseInt(parts[1]);
      String location = "A" + (char) ('A' + centre / 26) + (char) ('A' + centre % 26);
      assertThat(table.get(i)).isEqualTo(parts[0] + "," + location + "=1");
    }
  }

  @Test
  void the_question_is_of_the_name_and_ends_with_the_network() {
    byte[] question = DnsLoad.question();

    assertThat(question).hasSize(12 + DnsLoad.NAME.length() + 2 + 4 + 11 + 11);
    assertThat(question).endsWith(0, 8, 0, 7, 0, 1, 24, 0, 0, 0, 0);
  }
}
