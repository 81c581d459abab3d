package warmfront.control.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.control.publish.FleetFixture.eventually;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.control.publish.FleetFixture.Recorder;
import warmfront.control.publish.ServerStatus.Presence;
import warmfront.distribution.Feature;
import warmfront.distribution.Kind;
import warmfront.distribution.PriceClass;
import warmfront.distribution.Publication;
import warmfront.distribution.Resource;
import warmfront.distribution.Server.Role;
import warmfront.link.Follower;
import warmfront.snapshot.Snapshot;

/** When a change is Deployed, and when what was deleted is gone. */
final class RolloutTest {
  @TempDir private Path folder;

  private FleetFixture fleet;
  private final Recorder shown = new Recorder();

  @BeforeEach
  void start() {
    fleet = new FleetFixture(folder);
    fleet.register("edge-1", Role.EDGE);
  }

  @AfterEach
  void stop() {
    fleet.close();
  }

  @Test
  void what_dns_says_of_a_distribution_changes_after_the_edges_have() {
    fleet.register("dns-1", Role.ROUTING);
    Recorder dnsShown = new Recorder();
    fleet.follow("edge-1", Role.EDGE, shown);
    fleet.follow("dns-1", Role.ROUTING, dnsShown);
    fleet.distribution("E7", "");
    eventually(() -> fleet.status("distribution", "E7").equals("Deployed"));
    shown.refuse("E7");

    long revision = fleet.change("E7", PriceClass.PRICE_CLASS_100);

    eventually(() -> fleet.publisher.status().getLast().revision() == revision);
    assertThat(priceClass(dnsShown)).isEqualTo(PriceClass.PRICE_CLASS_ALL);
    shown.refuse("nothing");
    fleet.change("E7", PriceClass.PRICE_CLASS_200);
    eventually(() -> fleet.status("distribution", "E7").equals("Deployed"));
    assertThat(priceClass(dnsShown)).isEqualTo(PriceClass.PRICE_CLASS_200);
  }

  @Test
  void a_distribution_is_deployed_once_edges_then_dns_obey() {
    fleet.register("dns-1", Role.ROUTING);
    Follower edge = fleet.follow("edge-1", Role.EDGE, shown);
    eventually(() -> edge.state().connected());
    long revision = fleet.distribution("E7", "");

    eventually(() -> published("E7"));
    assertThat(fleet.status("distribution", "E7")).isEqualTo("InProgress");
    Recorder dnsShown = new Recorder();
    Follower dns = fleet.follow("dns-1", Role.ROUTING, dnsShown);

    eventually(() -> fleet.status("distribution", "E7").equals("Deployed"));
    assertThat(dns.state().revision()).isGreaterThan(revision);
    assertThat(dnsShown.last().find(Kind.PUBLICATION, "E7")).isPresent();
  }

  @Test
  void a_streaming_distribution_comes_and_goes_as_others_do() {
    Set<String> features = Set.of(Feature.STREAMING.name(), Feature.SERVICE_RECORDS.name());
    fleet.register("dns-1", Role.ROUTING);
    Recorder dnsShown = new Recorder();
    fleet.follow("edge-1", Role.EDGE, shown, features);
    fleet.follow("dns-1", Role.ROUTING, dnsShown, features);

    fleet.streamingDistribution("E8");

    eventually(() -> fleet.status("streaming-distribution", "E8").equals("Deployed"));
    assertThat(shown.last().find(Kind.STREAMING_DISTRIBUTION, "E8")).isPresent();
    assertThat(dnsShown.last().find(Kind.PUBLICATION, "E8").map(Snapshot.Versioned::resource))
        .contains(
            new Publication(
                "E8",
                "s1.example",
                true,
                List.of("video.example"),
                false,
                new Publication.Terms(
                    false,
                    PriceClass.PRICE_CLASS_200,
                    true,
                    Publication.Spoken.NOTHING,
                    List.of())));

    fleet.store.write(transaction -> {
      transaction.delete("streaming-distribution", "E8");
      return Withdrawal.begin(transaction, "E8", fleet.clock.now());
    });
    eventually(() -> fleet.status(Withdrawal.TYPE, "E8").equals(Withdrawal.FADING));
    assertThat(dnsShown.last().find(Kind.PUBLICATION, "E8")).isEmpty();
    assertThat(shown.last().find(Kind.STREAMING_DISTRIBUTION, "E8")).isPresent();
    fleet.clock.advance(Duration.ofSeconds(21));
    fleet.publisher.moved();
    eventually(() -> shown.last().find(Kind.STREAMING_DISTRIBUTION, "E8").isEmpty());
  }

  @Test
  void with_no_live_edge_a_change_stays_in_progress() {
    fleet.row("invalidation", "I1", "x");
    fleet.clock.advance(Duration.ofDays(1));
    fleet.publisher.moved();

    fleet.follow("edge-1", Role.EDGE, shown);

    eventually(() -> fleet.status("invalidation", "I1").equals("Completed"));
    assertThat(shown.last().find(Kind.PUBLICATION, "x")).isPresent();
  }

  @Test
  void a_silent_edge_counts_until_dns_left_it_and_a_ttl_passed() {
    fleet.register("edge-2", Role.EDGE);
    Follower first = fleet.follow("edge-1", Role.EDGE, shown);
    Follower second = fleet.follow("edge-2", Role.EDGE, new Recorder());
    eventually(() -> first.state().connected() && second.state().connected());
    eventually(() -> fleet.publisher.status().stream().allMatch(s -> s.lag() == 0));
    second.close();
    fleet.pass(Duration.ofSeconds(4), "edge-1");
    assertThat(presence("edge-2")).isEqualTo(Presence.FADING);

    fleet.row("invalidation", "I1", "x");
    eventually(() -> fleet.publisher.status().getFirst().lag() == 0);
    // 12 s of silence and 20 s of a TTL are not over yet, whichever step noticed the first of them
    fleet.pass(Duration.ofSeconds(26), "edge-1");
    assertThat(presence("edge-2")).isEqualTo(Presence.FADING);
    assertThat(fleet.status("invalidation", "I1")).isEqualTo("InProgress");
    fleet.pass(Duration.ofSeconds(8), "edge-1");

    eventually(() -> fleet.status("invalidation", "I1").equals("Completed"));
    assertThat(presence("edge-2")).isEqualTo(Presence.ABSENT);
  }

  @Test
  void a_deleted_distribution_leaves_dns_then_the_edges_also_over_a_restart_of_control() {
    fleet.register("dns-1", Role.ROUTING);
    Follower edge = fleet.follow("edge-1", Role.EDGE, shown);
    Recorder dnsShown = new Recorder();
    fleet.follow("dns-1", Role.ROUTING, dnsShown);
    fleet.distribution("E7", "");
    eventually(() -> fleet.status("distribution", "E7").equals("Deployed"));

    fleet.store.write(transaction -> {
      transaction.delete("distribution", "E7");
      return Withdrawal.begin(transaction, "E7", fleet.clock.now());
    });
    eventually(() -> dnsShown.last().find(Kind.PUBLICATION, "E7").isEmpty());
    eventually(() -> fleet.status(Withdrawal.TYPE, "E7").equals(Withdrawal.FADING));
    fleet.stopControl();
    fleet.startControl();
    assertThat(fleet.status(Withdrawal.TYPE, "E7")).isEqualTo(Withdrawal.FADING);
    fleet.clock.advance(Duration.ofSeconds(21));

    eventually(() -> fleet.status(Withdrawal.TYPE, "E7").equals("gone"));
    eventually(() -> edge.state().revision() == fleet.store.head().revision());
  }

  private static PriceClass priceClass(Recorder told) {
    Publication said =
        (Publication) told.last().find(Kind.PUBLICATION, "E7").orElseThrow().resource();
    return said.terms().priceClass();
  }

  private boolean published(String id) {
    return fleet.store.<Optional<Resource>>read(t -> t.latest(Kind.PUBLICATION, id)).isPresent();
  }

  private Presence presence(String id) {
    return fleet.publisher.status().stream()
        .filter(status -> status.serverId().equals(id))
        .findFirst()
        .orElseThrow()
        .presence();
  }
}
