package warmfront.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import warmfront.bench.Processes.Cpu;
import warmfront.bench.Processes.Entry;

final class ProcessesTest {
  @Test
  void a_name_with_brackets_and_blanks_does_not_confuse() {
    Entry entry = Entry.of("7 (a) b (c) S 3 7 7 0 -1 4194560 1 2 3 4 100 20 30 4 20 0 1 0 5 6 7 8");

    assertThat(entry).isEqualTo(new Entry(3, 130, 24));
  }

  @Test
  void a_tree_is_charged_with_all_its_branches_and_nothing_else() {
    Processes processes =
        new Processes(
            Map.of(
                1L, new Entry(0, 10_000, 10_000),
                2L, new Entry(1, 100, 10),
                3L, new Entry(2, 200, 20),
                4L, new Entry(3, 300, 30),
                5L, new Entry(1, 5_000, 5_000)));

    assertThat(processes.tree(2)).containsExactlyInAnyOrder(2L, 3L, 4L);
    assertThat(processes.cpu(2)).isEqualTo(new Cpu(6, 0.6));
  }

  @Test
  void this_process_is_found_with_its_memory() throws IOException {
    long self = ProcessHandle.current().pid();

    assertThat(Processes.now().cpu(self).total()).isPositive();
    assertThat(Processes.now().residentKib(self)).isGreaterThan(10_000);
  }

  @Test
  void a_core_is_busy_for_whoever_uses_it() {
    String stat = "cpu  1 1 1 1\ncpu1 100 20 30 9999 77 5 5 40 0 0\ncpu10 1 1 1 1 1 1 1 1\n";

    assertThat(Core.of(stat, 1)).isEqualTo(new Core(1.6, 0.4));
  }
}
