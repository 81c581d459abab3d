package warmfront.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ReportTest {
  private static final Workload W1 = Workload.named("W1").orElseThrow();
  private static final Workload W8 = Workload.named("W8").orElseThrow();
  private static final Workload W11 = Workload.named("W11").orElseThrow();

  private final Results results = new Results();
  private final Report report = new Report("2026-01-02", List.of("one core"), results);

  @Test
  void we_are_compared_with_the_best_of_the_others() {
    cpu(W1, Peer.WARMFRONT, 7, 9, 8);
    cpu(W1, Peer.NGINX, 20, 22, 21);
    cpu(W1, Peer.HAPROXY, 15, 17, 16);

    assertThat(report.document())
        .contains("| 8 (7–9) | HAProxy 16 (15–17) | 0.5 | ≤ 0.75 × best | met |")
        .contains("| Warmfront | 3 | 8 (7–9) |\n| HAProxy | 3 | 16 (15–17) |\n| nginx | 3 |");
  }

  @Test
  void a_bar_that_is_missed_stands_out_and_one_without_its_peer_is_not_judged() {
    cpu(W8, Peer.WARMFRONT, 120);
    cpu(W8, Peer.NGINX, 200);

    assertThat(report.document())
        .contains("| ≤ 0.5 × nginx; ≤ 1 × Traffic Server | **not met**; not measured |");
  }

  @Test
  void a_bar_of_every_round_is_broken_by_one() {
    for (double asked : new double[] {1, 1, 2}) {
      Map<Figure, Double> round = Map.of(Figure.ORIGIN_REQUESTS, asked, Figure.TOTAL_SECONDS, 1.1);
      results.add(new Results.Series(W11, false), Peer.WARMFRONT, round);
    }

    assertThat(report.document()).contains("| **not met**; met |");
  }

  @Test
  void what_a_log_line_costs_is_judged_too() {
    cpu(W1, Peer.WARMFRONT, 10);
    results.add(new Results.Series(W1, true), Peer.WARMFRONT, Map.of(Figure.CPU_MICROS, 11.5));

    assertThat(report.document())
        .contains("| W1 with access log |")
        .contains("| 11.5 | 10 | 1.15 | ≤ 1.1 | **not met** |");
  }

  @Test
  void the_readme_gets_a_table_only_of_all_that_it_shows() {
    cpu(W1, Peer.WARMFRONT, 8);
    cpu(W1, Peer.NGINX, 20);

    assertThat(report.summary(List.of(W1, W8))).isEmpty();
    assertThat(report.summary(List.of(W1)).orElseThrow())
        .contains("| 1 KiB hit, HTTP/1.1 keep-alive | 8 | nginx 20 | 0.4 |");
  }

  @Test
  void the_readme_changes_between_its_marks_alone() {
    String readme =
        "above\n<!-- figures: ./warmfront bench side-by-side -->\nold\n<!-- end of figures -->\nbelow\n";

    String once = Readme.with(readme, "new\n");

    assertThat(once).startsWith("above\n").endsWith("below\n").contains("\nnew\n");
    assertThat(once).doesNotContain("old");
    assertThat(Readme.with(once, "new\n")).isEqualTo(once);
    assertThat(Readme.with("no marks", "new\n")).isEqualTo("no marks");
  }

  @Test
  void numbers_have_the_digits_that_mean_something() {
    assertThat(Report.number(12345.6)).isEqualTo("12,346");
    assertThat(Report.number(17.46)).isEqualTo("17.5");
    assertThat(Report.number(0.75)).isEqualTo("0.75");
    assertThat(Report.number(100)).isEqualTo("100");
    assertThat(Report.number(20)).isEqualTo("20");
  }

  private void cpu(Workload workload, Peer peer, double... micros) {
    for (double value : micros) {
      results.add(new Results.Series(workload, false), peer, Map.of(Figure.CPU_MICROS, value));
    }
  }
}
