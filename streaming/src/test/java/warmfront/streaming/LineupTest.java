package warmfront.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import warmfront.distribution.Channel;
import warmfront.distribution.Resource;
import warmfront.distribution.Server;
import warmfront.snapshot.Chain;
import warmfront.snapshot.Snapshot;

/** What channels a server has, of those of a fleet. */
final class LineupTest {
  private static final Channel.Recording BUCKET =
      new Channel.Recording("shows.s3.amazonaws.com", "live");

  private static final Channel HERE = channel("here", "FRA", true, Optional.of(BUCKET));
  private static final Channel AWAY = channel("away", "NRT", true, Optional.empty());
  private static final Channel OFF = channel("off", "FRA", false, Optional.of(BUCKET));

  private final Lineup lineup =
      lineup(
          HERE,
          AWAY,
          OFF,
          server("fra-1", "FRA", Server.State.ACTIVE, "live://10.0.0.1:7404", "203.0.113.1"),
          server("fra-2", "FRA", Server.State.DRAINING, "live://10.0.0.2:7404", "203.0.113.2"),
          server("nrt-1", "NRT", Server.State.ACTIVE, "live://10.1.0.1:7404"),
          server("nrt-2", "NRT", Server.State.REVOKED, "live://10.1.0.2:7404", "203.0.113.4"),
          server("nrt-3", "NRT", Server.State.ACTIVE, "http://10.1.0.3:80", "203.0.113.5"));

  private static Lineup lineup(Resource... all) {
    Snapshot snapshot =
        Snapshot.of(
            1, 1, Chain.EMPTY, Stream.of(all).map(one -> new Snapshot.Versioned(one, 1)).toList());
    return Lineup.of(snapshot, Set.of("FRA"), Set.of("fra-1"));
  }

  private static Channel channel(
      String name, String location, boolean enabled, Optional<Channel.Recording> recording) {
    return new Channel(
        name,
        Channel.hash("key-" + name),
        location,
        enabled,
        recording,
        Channel.PART,
        Duration.ofSeconds(4));
  }

  private static Server server(
      String id, String location, Server.State state, String listen, String... advertise) {
    return new Server(
        id, Server.Role.EDGE, location, List.of(listen), List.of(advertise), List.of(), 1, state);
  }

  private static InetSocketAddress at(String address) {
    return new InetSocketAddress(InetAddress.ofLiteral(address), 7404);
  }

  @Test
  void channels_that_are_on_play_and_are_published_at_home() {
    assertThat(List.of("here", "away", "off", "other"))
        .filteredOn(lineup::isOn)
        .containsExactly("here", "away");
    assertThat(lineup.ofKey("key-here")).contains("here");
    assertThat(lineup.ofKey("key-away")).isEmpty();
    assertThat(lineup.ofKey("key-off")).isEmpty();
    assertThat(lineup.cadence("here").segment()).isEqualTo(Duration.ofSeconds(4));
    assertThat(lineup.recordings()).containsOnlyKeys("here").containsValue(BUCKET);
  }

  @Test
  void they_are_brought_from_other_servers_at_home_by_the_addresses_that_viewers_are_told() {
    assertThat(lineup.homes("here")).containsExactly(at("203.0.113.2"));
    assertThat(lineup.homes("away")).containsExactly(at("10.1.0.1"));
    assertThat(lineup.homes("off")).isEmpty();
  }
}
