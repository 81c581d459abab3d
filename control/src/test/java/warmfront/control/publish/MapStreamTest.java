package warmfront.control.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.control.publish.FleetFixture.eventually;

import io.grpc.Status;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.control.publish.FleetFixture.Recorder;
import warmfront.control.publish.MapShelf.Taker;
import warmfront.distribution.Server;
import warmfront.distribution.Server.Role;
import warmfront.link.Follower;
import warmfront.link.wire.FromControl;
import warmfront.rtt.MapEdition;
import warmfront.rtt.Measured;
import warmfront.rtt.Prefix;
import warmfront.rtt.RttReport;

/** Maps go down to servers, and measurements up. */
final class MapStreamTest {
  private static final Measured ROW =
      new Measured(Prefix.parse("192.0.2.0/24"), 3, Math.log(8000), 0, 7000);

  @TempDir Path folder;
  private FleetFixture fleet;

  @BeforeEach
  void open() {
    fleet = new FleetFixture(folder);
  }

  @AfterEach
  void close() {
    fleet.close();
  }

  @Test
  void a_dns_server_gets_the_whole_map_and_then_what_changes() {
    fleet.register("dns", Role.ROUTING);
    MapEdition published = fleet.shelf.publish(3 << 20);
    Taker taker = new Taker();
    fleet.follow("dns", Role.ROUTING, taker);

    eventually(() -> taker.version() == 1);
    assertThat(taker.last().content()).isEqualTo(published.content());

    fleet.shelf.publish(3 << 20);
    eventually(() -> taker.version() == 2);
    assertThat(taker.taken()).containsExactly("1 on 0", "2 on 1");
    eventually(() -> fleet.publisher.mapCounts().held().equals(Map.of("dns", 2L)));
  }

  @Test
  void what_is_refused_as_a_change_comes_whole() {
    fleet.register("dns", Role.ROUTING);
    fleet.shelf.publish(1000);
    Taker taker = new Taker();
    fleet.follow("dns", Role.ROUTING, taker);
    eventually(() -> taker.version() == 1);

    taker.refuseChange();
    fleet.shelf.publish(1000);

    eventually(() -> taker.version() == 2);
    assertThat(taker.refused()).containsExactly("2 on 1");
    assertThat(taker.taken()).containsExactly("1 on 0", "2 on 0");
  }

  @Test
  void a_map_that_is_refused_for_good_is_offered_once_and_the_stream_stays() {
    fleet.register("dns", Role.ROUTING);
    Taker taker = new Taker();
    taker.refuseAll(true);
    Follower follower = fleet.follow("dns", Role.ROUTING, taker);
    fleet.shelf.publish(1000);
    eventually(() -> !taker.refused().isEmpty());
    fleet.publish("E1");
    long head = fleet.store.head().revision();
    eventually(() -> follower.state().revision() == head);

    taker.refuseAll(false);
    fleet.shelf.publish(1000);

    eventually(() -> taker.version() == 2);
    assertThat(taker.refused()).containsExactly("1 on 0");
    assertThat(taker.taken()).containsExactly("2 on 0");
  }

  @Test
  void after_control_comes_back_only_the_change_is_sent() {
    fleet.register("dns", Role.ROUTING);
    fleet.shelf.publish(1000);
    Taker taker = new Taker();
    fleet.follow("dns", Role.ROUTING, taker);
    eventually(() -> taker.version() == 1);

    fleet.stopControl();
    fleet.shelf.publish(1000);
    fleet.startControl();

    eventually(() -> taker.version() == 2);
    assertThat(taker.taken()).containsExactly("1 on 0", "2 on 1");
    assertThat(fleet.versions).containsExactly(0L, 1L);
  }

  @Test
  void a_server_that_takes_no_maps_is_sent_none() {
    fleet.register("edge", Role.EDGE);
    fleet.register("dns", Role.ROUTING);
    fleet.shelf.publish(1000);
    Follower edge = fleet.follow("edge", Role.EDGE, new Recorder());
    Taker taker = new Taker();
    fleet.follow("dns", Role.ROUTING, taker);

    eventually(() -> taker.version() == 1);
    fleet.publish("E1");
    long head = fleet.store.head().revision();
    // A map that came unasked for would have broken the stream.
    eventually(() -> edge.state().revision() == head && edge.state().connected());
    assertThat(fleet.publisher.mapCounts().held()).containsOnlyKeys("dns");
  }

  @Test
  void an_edge_gets_maps_too_if_it_asks() {
    fleet.register("edge", Role.EDGE);
    fleet.shelf.publish(1000);
    Taker taker = new Taker();
    fleet.follow("edge", Role.EDGE, taker);

    eventually(() -> taker.version() == 1);
  }

  @Test
  void an_edge_gets_maps_only_while_it_has_a_use_for_them() {
    fleet.register("edge", Role.EDGE);
    fleet.shelf.publish(1000);
    Taker taker = new Taker();
    taker.wants(false);
    Follower edge = fleet.follow("edge", Role.EDGE, taker);
    obeyed(edge, "E1");
    assertThat(fleet.versions).isEmpty();

    taker.wants(true);
    obeyed(edge, "E2");
    eventually(() -> taker.version() == 1);

    taker.wants(false);
    obeyed(edge, "E3");
    eventually(() -> fleet.publisher.mapCounts().held().isEmpty());
    fleet.shelf.publish(1000);
    obeyed(edge, "E4");
    assertThat(taker.taken()).containsExactly("1 on 0");
    assertThat(fleet.versions).containsExactly(0L);
  }

  private void obeyed(Follower edge, String distribution) {
    fleet.publish(distribution);
    long head = fleet.store.head().revision();
    eventually(() -> edge.state().revision() == head && edge.state().connected());
  }

  @Test
  void what_an_edge_measured_comes_up_with_its_name() {
    fleet.register("edge", Role.EDGE);
    Follower edge = fleet.follow("edge", Role.EDGE, new Recorder());
    eventually(() -> edge.state().connected());

    edge.report(new RttReport("whoever", "FRA", 0, List.of(ROW)));

    eventually(() -> !fleet.reports.isEmpty());
    assertThat(fleet.reports.getFirst().serverId()).isEqualTo("edge");
    assertThat(fleet.reports.getFirst().location()).isEqualTo("FRA");
    assertThat(fleet.reports.getFirst().rows().getFirst().samples()).isEqualTo(3);
    assertThat(edge.reportsSent()).isEqualTo(1);
    assertThat(edge.reportsSkipped()).isZero();
  }

  @Test
  void a_report_without_control_is_dropped_and_counted() {
    fleet.register("edge", Role.EDGE);
    Follower edge = fleet.follow("edge", Role.EDGE, new Recorder());
    eventually(() -> edge.state().connected());
    fleet.stopControl();
    eventually(() -> !edge.state().connected());

    edge.report(new RttReport("edge", "FRA", 0, List.of(ROW)));

    eventually(() -> edge.reportsSkipped() == 1);
    assertThat(edge.reportsSent()).isZero();
    fleet.startControl();
  }

  @Test
  void an_entry_of_the_log_waits_for_one_part_of_a_map_at_most() throws InterruptedException {
    fleet.register("dns", Role.ROUTING);
    fleet.shelf.publish(40 * MapFeed.CHUNK_BYTES);
    fleet.publisher.look();
    Slow out = new Slow();
    Server server = fleet.publisher.members().find("dns").orElseThrow();
    Session session =
        new Session(
            server,
            fleet.publisher.tailOfLog(),
            FleetFixture.TIMING,
            out,
            List.of(),
            fleet.publisher.mapsFrom(0));
    session.start(1, fleet.store.head().revision(), false);
    List<FromControl> before = out.readUntil(session, FromControl::hasMap);
    assertThat(before).filteredOn(FromControl::hasMap).hasSize(1);

    fleet.publish("E1");
    fleet.publisher.look();
    List<FromControl> after = out.readUntil(session, FromControl::hasEntry);

    assertThat(after).filteredOn(FromControl::hasMap).hasSizeLessThanOrEqualTo(1);
    session.end(Status.CANCELLED);
  }

  @Test
  void a_server_that_reads_nothing_holds_no_other_up() {
    fleet.register("slow", Role.ROUTING);
    fleet.register("quick", Role.ROUTING);
    fleet.publisher.look();
    Slow out = new Slow();
    Session slow =
        new Session(
            fleet.publisher.members().find("slow").orElseThrow(),
            fleet.publisher.tailOfLog(),
            FleetFixture.TIMING,
            out,
            List.of(),
            fleet.publisher.mapsFrom(0));
    slow.start(1, fleet.store.head().revision(), false);
    Taker taker = new Taker();
    Follower quick = fleet.follow("quick", Role.ROUTING, taker);
    fleet.shelf.publish(3 << 20);
    fleet.publish("E1");
    long head = fleet.store.head().revision();

    eventually(() -> taker.version() == 1 && quick.state().revision() == head);

    assertThat(out.words()).isEmpty();
    slow.end(Status.CANCELLED);
  }
}
