package warmfront.control.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.control.publish.FleetFixture.eventually;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.control.publish.FleetFixture.Recorder;
import warmfront.control.publish.ServerStatus.Presence;
import warmfront.control.store.Lead;
import warmfront.control.store.LogHead;
import warmfront.control.store.Store;
import warmfront.control.store.Transaction;
import warmfront.distribution.Kind;
import warmfront.distribution.Resource;
import warmfront.distribution.Server.Role;
import warmfront.link.Follower;
import warmfront.snapshot.wire.LogEntry;

/** Which edges may not know the latest changes, and what waits for them. */
final class LeasesTest {
  private static final Duration LEASE = FleetFixture.TIMING.lease();
  private static final Duration TTL = FleetFixture.TIMING.ttl();
  private static final Duration STEP = Duration.ofSeconds(2);

  @TempDir private Path folder;

  private FleetFixture fleet;

  @BeforeEach
  void start() {
    fleet = new FleetFixture(folder);
    fleet.register("edge-1", Role.EDGE);
    fleet.register("edge-2", Role.EDGE);
  }

  @AfterEach
  void stop() {
    fleet.close();
  }

  @Test
  void a_lease_lapses_in_silence_and_comes_back_with_the_end_of_the_log() {
    Follower first = fleet.follow("edge-1", Role.EDGE, new Recorder());
    Follower second = fleet.follow("edge-2", Role.EDGE, new Recorder());
    eventually(() -> first.lease().held() && second.lease().held());
    second.close();

    fleet.pass(LEASE, "edge-1");
    assertThat(lapsed()).isEmpty();
    fleet.pass(STEP, "edge-1");
    assertThat(lapsed()).containsExactly("edge-2");

    fleet.publish("meanwhile");
    Recorder shown = new Recorder();
    fleet.follow("edge-2", Role.EDGE, shown);
    eventually(() -> {
      fleet.publisher.judge();
      return lapsed().isEmpty();
    });
    assertThat(shown.last().find(Kind.PUBLICATION, "meanwhile")).isPresent();
  }

  @Test
  void an_edge_knows_by_itself_when_its_lease_is_over() {
    Follower edge = fleet.follow("edge-1", Role.EDGE, new Recorder());
    eventually(() -> edge.lease().held());

    fleet.stopControl();
    fleet.clock.advance(LEASE);

    assertThat(edge.lease().held()).isFalse();
    assertThat(edge.state().leased()).isFalse();
    fleet.startControl();
    eventually(() -> edge.lease().held());
  }

  @Test
  void while_control_is_dead_nothing_lapses_and_then_all_have_time_to_come_back() {
    Follower edge = fleet.follow("edge-1", Role.EDGE, new Recorder());
    eventually(() -> edge.lease().held());
    edge.close();

    fleet.stopControl();
    fleet.clock.advance(Duration.ofHours(1));
    fleet.startControl();
    fleet.pass(LEASE);
    assertThat(lapsed()).isEmpty();

    fleet.pass(STEP);
    assertThat(lapsed()).containsExactly("edge-1", "edge-2");
  }

  @Test
  void an_hour_in_which_control_did_not_run_is_held_against_nobody() {
    Follower edge = fleet.follow("edge-1", Role.EDGE, new Recorder());
    eventually(() -> edge.lease().held());
    edge.close();

    fleet.clock.advance(Duration.ofHours(1));
    fleet.publisher.look();
    fleet.publisher.judge();

    assertThat(lapsed()).isEmpty();
  }

  @Test
  void a_change_waits_for_an_edge_as_long_as_a_dns_server_sends_viewers_there() {
    AtomicReference<Set<String>> kept = new AtomicReference<>(Set.of("edge-2"));
    fleet.register("dns-1", Role.ROUTING);
    Follower dns = fleet.followDns("dns-1", kept::get);
    Follower first = fleet.follow("edge-1", Role.EDGE, new Recorder());
    Follower second = fleet.follow("edge-2", Role.EDGE, new Recorder());
    eventually(() -> first.lease().held() && second.lease().held() && dns.lease().held());
    second.close();
    fleet.row("invalidation", "I1", "x");

    fleet.pass(LEASE.plus(TTL).plus(TTL), "edge-1", "dns-1");
    assertThat(lapsed()).containsExactly("edge-2");
    assertThat(fleet.status("invalidation", "I1")).isEqualTo("InProgress");

    kept.set(Set.of());
    fleet.pass(STEP, "edge-1", "dns-1");
    fleet.pass(TTL.minus(STEP), "edge-1", "dns-1");
    assertThat(fleet.status("invalidation", "I1")).isEqualTo("InProgress");
    fleet.pass(STEP.multipliedBy(2), "edge-1", "dns-1");
    eventually(() -> fleet.status("invalidation", "I1").equals("Completed"));
  }

  @Test
  void a_server_that_is_removed_leaves_no_lapse_behind() {
    fleet.pass(LEASE.plus(STEP));
    assertThat(lapsed()).isEmpty();
    fleet.stopControl();
    fleet.startControl();
    fleet.pass(LEASE.plus(STEP));
    assertThat(lapsed()).as("it may have been in DNS before").contains("edge-2");

    new warmfront.control.identity.Fleet(fleet.store).removeServer("edge-2");

    assertThat(lapsed()).doesNotContain("edge-2");
  }

  @Test
  void control_processes_over_one_database_judge_the_whole_fleet_alike() {
    fleet.stopControl();
    Store store = shared(fleet);
    Publisher one = Publisher.start(store, fleet.clock, FleetFixture.TIMING, Optional.empty());
    Publisher other = Publisher.start(store, fleet.clock, FleetFixture.TIMING, Optional.empty());
    FleetServer at = FleetServer.inProcess("one", one, new FleetFixture.Closed());
    FleetServer there = FleetServer.inProcess("other", other, new FleetFixture.Closed());
    try {
      Follower first = fleet.followAt("one", "edge-1");
      Follower second = fleet.followAt("other", "edge-2");
      eventually(() -> first.lease().held() && second.lease().held());
      pass(LEASE.multipliedBy(2), List.of(one, other));
      assertThat(lapsed(store)).isEmpty();
      assertThat(presences(one)).containsExactly(Presence.LIVE, Presence.LIVE);
      assertThat(presences(other)).containsExactly(Presence.LIVE, Presence.LIVE);

      there.close();
      other.close();
      pass(LEASE.plus(STEP), List.of(one));

      assertThat(lapsed(store)).containsExactly("edge-2");
      assertThat(presences(one)).first().isEqualTo(Presence.LIVE);
    } finally {
      at.close();
      one.close();
      store.close();
      fleet.startControl();
    }
  }

  private void pass(Duration time, List<Publisher> processes) {
    for (Duration left = time; left.isPositive(); left = left.minus(STEP)) {
      fleet.clock.advance(STEP);
      processes.forEach(Publisher::look);
      for (int i = 0; i < processes.size(); i++) {
        Set<String> own = Set.of("edge-" + (i + 1));
        Publisher process = processes.get(i);
        eventually(() -> FleetFixture.hears(process, own));
      }
      processes.forEach(Publisher::judge);
      processes.forEach(Publisher::judge);
    }
  }

  private static List<Presence> presences(Publisher process) {
    return process.status().stream().map(ServerStatus::presence).toList();
  }

  private List<String> lapsed() {
    return lapsed(fleet.store);
  }

  private static List<String> lapsed(Store store) {
    return store.read(
        transaction -> transaction.latest(Kind.LAPSE).stream().map(Resource::id).sorted().toList());
  }

  /** The fleet's database, opened anew, as if other processes used it too. */
  private static Store shared(FleetFixture fleet) {
    Store store = fleet.openStore();
    return new Store() {
      @Override
      public boolean isShared() {
        return true;
      }

      @Override
      public <T> T write(Function<Transaction, T> work) {
        return store.write(work);
      }

      @Override
      public <T> T read(Function<Transaction, T> work) {
        return store.read(work);
      }

      @Override
      public LogHead head() {
        return store.head();
      }

      @Override
      public List<LogEntry> after(long revision, int max) {
        return store.after(revision, max);
      }

      @Override
      public Picture picture() {
        return store.picture();
      }

      @Override
      public long raiseEpoch() {
        return store.raiseEpoch();
      }

      @Override
      public int prune(long upTo) {
        return store.prune(upTo);
      }

      @Override
      public void onAppend(Runnable listener) {
        store.onAppend(listener);
      }

      @Override
      public Lead lead(String task) {
        return store.lead(task);
      }

      @Override
      public void close() {
        store.close();
      }
    };
  }
}
