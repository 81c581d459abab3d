package warmfront.control.maps;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import warmfront.rtt.Measured;
import warmfront.rtt.Prefix;
import warmfront.rtt.RttReport;

final class ReportQueueTest {
  private static final Measured ROW =
      new Measured(Prefix.parse("192.0.2.0/24"), 3, Math.log(8000), 0, 7000);

  @Test
  void so_many_rows_wait_and_no_more_until_they_are_taken() {
    ReportQueue queue = new ReportQueue(3);

    assertThat(queue.offer(report("a", ROW, ROW))).isTrue();
    assertThat(queue.offer(report("b", ROW, ROW))).isFalse();
    assertThat(queue.offer(report("c", ROW))).isTrue();
    assertThat(queue.offer(report("nothing"))).as("has a load to say").isFalse();

    assertThat(queue.drain()).extracting(RttReport::serverId).containsExactly("a", "c");
    assertThat(queue.drain()).isEmpty();
    assertThat(queue.offer(report("b", ROW, ROW))).isTrue();
    assertThat(queue.offer(report("nothing"))).isTrue();
    assertThat(queue.offer(report("nothing, too"))).isFalse();
  }

  private static RttReport report(String server, Measured... rows) {
    return new RttReport(server, "FRA", 0, List.of(rows));
  }
}
