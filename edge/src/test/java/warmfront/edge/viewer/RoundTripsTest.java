package warmfront.edge.viewer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import warmfront.rtt.Family;
import warmfront.rtt.Measured;
import warmfront.rtt.RttReport;

final class RoundTripsTest {
  private static final InetAddress VIEWER = InetAddress.ofLiteral("203.0.113.9");

  private final Tally tally = new Tally();

  @Test
  void what_is_no_distance_is_not_counted_and_says_why() {
    RoundTrips trips = new RoundTrips(1, new SplittableRandom(1), tally);

    trips.take("FRA", VIEWER, 0, 0);
    trips.take("FRA", VIEWER, 20_000, 1);
    trips.take("FRA", VIEWER, 1_000_001, 0);
    trips.take("FRA", VIEWER, 1_000_000, 0);
    trips.take("FRA", InetAddress.ofLiteral("203.0.114.9"), 20_000, 0);
    trips.take("GRU", InetAddress.ofLiteral("2001:db8::1"), 20_000, 0);

    assertThat(tally.counters().measured()).isEqualTo(2);
    assertThat(tally.counters().unmeasured())
        .containsOnly(
            entry("NO_TIME", 1L),
            entry("SENT_AGAIN", 1L),
            entry("TOO_LONG", 1L),
            entry("NO_ROOM", 1L));
    Map<String, RttTable> window = trips.swap();
    assertThat(there(window, "FRA").rows())
        .extracting(row -> row.viewers() + " " + row.minMicros())
        .containsExactly("203.0.113.0/24 1000000");
    assertThat(there(window, "GRU").rows())
        .extracting(row -> row.viewers() + " " + row.minMicros())
        .containsExactly("2001:db8:0:0:0:0:0:0/48 20000");
    assertThat(trips.swap()).isEmpty();
  }

  @Test
  void a_report_has_the_ranges_with_the_most_samples() {
    RttTable full = new RttTable(RttReport.ROWS_MAX + 10, 3);
    RttTable other = new RttTable(RttReport.ROWS_MAX + 10, 4);
    for (long range = 0; range < RttReport.ROWS_MAX + 2; range++) {
      full.add(Family.IPV4, range << 40, 1000);
    }
    for (long range = 3; range < RttReport.ROWS_MAX; range++) {
      other.add(Family.IPV4, range << 40, 1000);
    }
    other.add(Family.IPV4, 0, 500);
    RttMerge merge = new RttMerge();
    merge.add(Map.of("FRA", full));
    merge.add(Map.of("FRA", other));

    List<Measured> rows = there(merge.rows(tally), "FRA");

    assertThat(rows).hasSize(RttReport.ROWS_MAX);
    assertThat(rows.stream().filter(row -> row.samples() == 2)).hasSize(RttReport.ROWS_MAX - 2);
    assertThat(rows)
        .filteredOn(row -> row.viewers().bits() == 0)
        .extracting(row -> row.samples() + " " + row.minMicros())
        .containsExactly("2 500");
    assertThat(tally.counters().unmeasured()).containsEntry("NO_ROOM", 2L);
  }

  @Test
  void connections_over_loopback_are_measured_once_each() throws Exception {
    try (Edge edge = Edge.trusted()) {
      List<Socket> viewers = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        viewers.add(new Socket(edge.plain.getAddress(), edge.plain.getPort()));
      }
      viewers.add(edge.socket());
      Edge.await(() -> edge.viewers.counters().accepted() == 11);
      try (Wire asking = new Wire(viewers.getFirst())) {
        asking.send("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n").answer();
        asking.send("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n").answer();

        Measured row = onlyRow(edge.viewers.roundTrips());

        assertThat(row.viewers()).hasToString("127.0.0.0/24");
        assertThat(row.samples()).isEqualTo(11);
        assertThat(row.minMicros()).isBetween(1, 1_000_000);
        assertThat(edge.viewers.counters().measured()).isEqualTo(11);
        assertThat(edge.viewers.roundTrips().getOrDefault("FRA", List.of())).isEmpty();
      }
      close(viewers);
    }
  }

  @Test
  void with_no_room_for_ranges_nothing_is_measured() throws Exception {
    try (Edge edge = new Edge(Limits.standard().withoutMeasuring(), true);
        Wire wire = edge.wire()) {
      wire.send("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n").answer();

      assertThat(edge.viewers.roundTrips()).isEmpty();
      assertThat(edge.viewers.counters().measured()).isZero();
      assertThat(edge.viewers.counters().unmeasured().values()).containsOnly(0L);
    }
  }

  private static Measured onlyRow(Map<String, List<Measured>> window) {
    assertThat(window).containsOnlyKeys("FRA");
    assertThat(there(window, "FRA")).hasSize(1);
    return there(window, "FRA").getFirst();
  }

  private static <T> T there(Map<String, T> all, String location) {
    return Optional.ofNullable(all.get(location)).orElseThrow();
  }

  private static void close(List<Socket> sockets) throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
