package warmfront.control.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import warmfront.distribution.Server;
import warmfront.link.wire.Rtt;
import warmfront.rtt.Measured;
import warmfront.rtt.Prefix;
import warmfront.rtt.RttCodec;
import warmfront.rtt.RttReport;
import warmfront.time.ManualClock;

final class RttIntakeTest {
  private static final Measured ROW =
      new Measured(Prefix.parse("192.0.2.0/24"), 3, Math.log(8000), 0, 7000);

  private final ManualClock clock = new ManualClock(Instant.EPOCH);
  private final List<RttReport> reports = new ArrayList<>();
  private final RttIntake intake = new RttIntake(reports::add, clock);

  @Test
  void an_edge_speaks_for_its_own_location() {
    intake.take(server("a", Server.Role.EDGE), word("FRA", ROW));
    intake.take(server("b", Server.Role.EDGE), word("GRU", ROW));
    intake.take(server("dns", Server.Role.ROUTING), word("FRA", ROW));

    assertThat(reports).hasSize(1);
    assertThat(reports.getFirst().serverId()).isEqualTo("a");
    assertThat(reports.getFirst().location()).isEqualTo("FRA");
    assertThat(reports.getFirst().loadGbps()).isEqualTo(0.5);
    assertThat(reports.getFirst().rows()).extracting(Measured::samples).containsExactly(3);
    assertThat(intake.taken()).isEqualTo(1);
    assertThat(intake.refused()).contains(entry("OTHER_LOCATION", 1L), entry("NO_EDGE", 1L));
  }

  @Test
  void reports_that_come_too_soon_are_dropped_server_by_server() {
    intake.take(server("a", Server.Role.EDGE), word("FRA", ROW));
    intake.take(server("b", Server.Role.EDGE), word("FRA", ROW));
    clock.advance(RttIntake.APART_MIN.minus(Duration.ofNanos(1)));
    intake.take(server("a", Server.Role.EDGE), word("FRA", ROW));
    clock.advance(Duration.ofNanos(1));
    intake.take(server("a", Server.Role.EDGE), word("FRA", ROW));

    assertThat(reports).extracting(RttReport::serverId).containsExactly("a", "b", "a");
    assertThat(intake.refused()).contains(entry("TOO_SOON", 1L));
  }

  @Test
  void rows_that_are_none_are_dropped_and_count_as_a_report() {
    Rtt bad = Rtt.newBuilder().setLocation("FRA").setRows(ByteString.copyFromUtf8("rows")).build();
    intake.take(server("a", Server.Role.EDGE), bad);
    intake.take(server("a", Server.Role.EDGE), bad);

    assertThat(reports).isEmpty();
    assertThat(intake.refused()).contains(entry("MALFORMED", 1L), entry("TOO_SOON", 1L));
  }

  private static Rtt word(String location, Measured... rows) {
    return Rtt.newBuilder()
        .setLocation(location)
        .setRows(
            ByteString.copyFrom(RttCodec.encode(new RttReport("", location, 0.5, List.of(rows)))))
        .build();
  }

  private static Server server(String id, Server.Role role) {
    return new Server(id, role, "FRA", List.of(), List.of(), List.of(), 1, Server.State.ACTIVE);
  }
}
