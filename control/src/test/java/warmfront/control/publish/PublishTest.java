package warmfront.control.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.control.publish.FleetFixture.eventually;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.control.identity.Fleet;
import warmfront.control.publish.FleetFixture.Recorder;
import warmfront.control.store.Kept;
import warmfront.distribution.Distribution;
import warmfront.distribution.HeartbeatKey;
import warmfront.distribution.Invalidation;
import warmfront.distribution.Kind;
import warmfront.distribution.Publication;
import warmfront.distribution.Resource;
import warmfront.distribution.Server.Role;
import warmfront.distribution.ZoneCertificate;
import warmfront.link.Follower;
import warmfront.snapshot.Subscriber;

/** The log from the store to the servers and back, through gRPC. */
final class PublishTest {
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
  void hundreds_of_changes_reach_an_edge_in_their_order() {
    Follower edge = fleet.follow("edge-1", Role.EDGE, shown);

    IntStream.range(0, 300).forEach(i -> fleet.publish("E" + i));

    long head = fleet.store.head().revision();
    eventually(() -> edge.state().revision() == head);
    assertThat(shown.last().versioned(Kind.PUBLICATION)).hasSize(300);
    assertThat(edge.state().ready()).isTrue();
    eventually(() -> fleet.publisher.status().getFirst().lag() == 0);
  }

  @Test
  void an_edge_resumes_where_its_disk_ends() {
    Follower edge = fleet.follow("edge-1", Role.EDGE, shown);
    fleet.publish("E1");
    eventually(() -> edge.state().revision() == fleet.store.head().revision());
    edge.close();
    fleet.publish("E2");
    Recorder again = new Recorder();

    Follower back = fleet.follow("edge-1", Role.EDGE, again);

    eventually(() -> back.state().revision() == fleet.store.head().revision());
    assertThat(again.count()).as("the disk's picture, then one change").isEqualTo(2);
    assertThat(again.last().versioned(Kind.PUBLICATION)).hasSize(2);
  }

  @Test
  void an_edge_that_was_away_for_too_long_takes_the_whole_picture() {
    Follower edge = fleet.follow("edge-1", Role.EDGE, shown);
    fleet.publish("E1");
    eventually(() -> edge.state().revision() == fleet.store.head().revision());
    edge.close();
    fleet.store.write(transaction -> {
      IntStream.rangeClosed(0, Tail.WINDOW_ENTRIES)
          .forEach(i ->
              transaction.append(
                  Kind.PUBLICATION,
                  "E" + i % 10,
                  i % 10 == 1 ? Optional.empty() : publication("E" + i % 10)));
      return true;
    });
    Recorder again = new Recorder();

    Follower back = fleet.follow("edge-1", Role.EDGE, again);

    eventually(() -> back.state().revision() == fleet.store.head().revision());
    assertThat(again.count()).isEqualTo(2);
    assertThat(again.last().find(Kind.PUBLICATION, "E1")).isEmpty();
    assertThat(again.last().versioned(Kind.PUBLICATION)).hasSize(9);
  }

  @Test
  void a_pruned_log_is_followed_from_where_it_has_no_gap() {
    fleet.register("edge-2", Role.EDGE);
    Follower edge = fleet.follow("edge-1", Role.EDGE, shown);
    fleet.publish("E1");
    eventually(() -> edge.state().revision() == fleet.store.head().revision());
    edge.close();
    Follower other = fleet.follow("edge-2", Role.EDGE, new Recorder());
    fleet.append(Kind.PUBLICATION, "E1", Optional.empty());
    fleet.publish("E2");
    eventually(() -> other.state().revision() == fleet.store.head().revision());
    fleet.store.prune(fleet.store.head().revision() - 1);
    fleet.stopControl();
    fleet.startControl();
    fleet.publish("E3");
    Recorder again = new Recorder();

    Follower back = fleet.follow("edge-1", Role.EDGE, again);

    eventually(() -> back.state().revision() == fleet.store.head().revision());
    assertThat(again.count()).as("its disk's picture, then control's").isEqualTo(2);
    assertThat(again.last().find(Kind.PUBLICATION, "E1")).isEmpty();
    assertThat(again.last().versioned(Kind.PUBLICATION)).hasSize(2);
    eventually(() -> other.state().revision() == fleet.store.head().revision());
  }

  @Test
  void after_the_epoch_is_raised_everyone_takes_the_whole_picture() {
    Follower edge = fleet.follow("edge-1", Role.EDGE, shown);
    fleet.publish("E1");
    eventually(() -> edge.state().revision() == fleet.store.head().revision());

    fleet.store.raiseEpoch();
    fleet.publish("E2");

    eventually(() -> edge.state().epoch() == 2 && edge.state().lag() == 0);
    assertThat(shown.last().epoch()).isEqualTo(2);
    eventually(() -> shown.last().find(Kind.PUBLICATION, "E2").isPresent());
  }

  @Test
  void a_log_that_ends_before_what_an_edge_has_is_not_obeyed() throws IOException {
    Follower edge = fleet.follow("edge-1", Role.EDGE, shown);
    fleet.publish("E1");
    eventually(() -> edge.state().revision() == fleet.store.head().revision());
    fleet.stopControl();
    Kept.lose(folder);

    fleet.startControl();
    fleet.register("edge-1", Role.EDGE);

    eventually(() -> fleet.publisher.head().revision() == 2);
    assertThat(edge.state().revision()).isEqualTo(3);
    fleet.store.raiseEpoch();
    fleet.publish("E9");
    eventually(() -> shown.last().find(Kind.PUBLICATION, "E9").isPresent());
    assertThat(shown.last().find(Kind.PUBLICATION, "E1")).isEmpty();
  }

  @Test
  void what_an_edge_cannot_compile_is_held_and_the_rest_moves_on() {
    Follower edge = fleet.follow("edge-1", Role.EDGE, shown);
    fleet.publish("E1");
    eventually(() -> edge.state().revision() == fleet.store.head().revision());
    shown.refuse("E1");
    long before = shown.last().find(Kind.PUBLICATION, "E1").orElseThrow().revision();

    long bad = fleet.row("invalidation", "I1", "E1");
    long good = fleet.row("invalidation", "I2", "E2");

    eventually(() -> edge.state().revision() == good);
    assertThat(shown.last().find(Kind.PUBLICATION, "E1").orElseThrow().revision())
        .isEqualTo(before);
    assertThat(edge.state().held()).hasSize(1);
    eventually(() -> fleet.status("invalidation", "I2").equals("Completed"));
    assertThat(fleet.status("invalidation", "I1")).isEqualTo("InProgress");
    ServerStatus status = fleet.publisher.status().getFirst();
    assertThat(status.held().getFirst().revision()).isEqualTo(bad);
    assertThat(status.held().getFirst().reason()).isEqualTo("cannot be compiled");
  }

  @Test
  void an_edge_whose_code_fails_at_a_change_is_sent_it_again() {
    AtomicInteger failures = new AtomicInteger();
    Subscriber failing =
        (next, changes) -> {
          if (next.find(Kind.PUBLICATION, "E1").isPresent() && failures.incrementAndGet() == 1) {
            throw new NoSuchFieldError("of another version");
          }
          return new Subscriber.Verdict.Applied();
        };
    Follower edge = fleet.follow("edge-1", Role.EDGE, failing);
    eventually(() -> edge.state().revision() == fleet.store.head().revision());

    long revision = fleet.publish("E1");

    eventually(() -> edge.state().revision() == revision);
    assertThat(failures).hasValueGreaterThan(1);
  }

  @Test
  void an_edge_that_lacks_a_feature_says_so_and_a_newer_one_obeys_from_the_same_disk() {
    Follower edge = fleet.follow("edge-1", Role.EDGE, shown);
    Invalidation tagged = new Invalidation("I1", "E1", List.of("#news"));
    long revision = fleet.append(Kind.INVALIDATION, "I1", Optional.of(tagged));
    eventually(() -> edge.state().revision() == revision);

    assertThat(edge.state().held().getFirst().needsFeature()).contains("CACHE_TAGS");
    assertThat(shown.last().find(Kind.INVALIDATION, "I1")).isEmpty();
    edge.close();
    Recorder newer = new Recorder();
    Follower upgraded = fleet.follow("edge-1", Role.EDGE, newer, Set.of("CACHE_TAGS"));

    assertThat(newer.last().find(Kind.INVALIDATION, "I1")).isPresent();
    assertThat(upgraded.state().held()).isEmpty();
  }

  @Test
  void an_edge_starts_from_its_disk_while_control_is_dead() {
    Follower edge = fleet.follow("edge-1", Role.EDGE, shown);
    fleet.publish("E1");
    eventually(() -> edge.state().revision() == fleet.store.head().revision());
    edge.close();
    fleet.server.close();
    Recorder again = new Recorder();

    Follower back = fleet.follow("edge-1", Role.EDGE, again);

    assertThat(again.last().find(Kind.PUBLICATION, "E1")).isPresent();
    assertThat(back.state().ready()).isFalse();
    fleet.clock.advance(Duration.ofSeconds(5));
    assertThat(back.state().ready()).isTrue();
    assertThat(back.state().connected()).isFalse();
  }

  @Test
  void a_server_without_any_state_is_not_ready_while_control_is_dead() {
    fleet.server.close();

    Follower edge = fleet.follow("edge-1", Role.EDGE, shown);
    fleet.clock.advance(Duration.ofSeconds(60));

    assertThat(edge.state().ready()).isFalse();
  }

  @Test
  void a_torn_tail_is_dropped_and_fetched_again() throws IOException {
    Follower edge = fleet.follow("edge-1", Role.EDGE, shown);
    fleet.publish("E1");
    fleet.publish("E2");
    eventually(() -> edge.state().revision() == fleet.store.head().revision());
    edge.close();
    Path log = folder.resolve("edge-1").resolve("log.bin");
    byte[] whole = Files.readAllBytes(log);
    for (int cut = whole.length - 1; cut > whole.length - 60; cut -= 7) {
      Files.write(log, java.util.Arrays.copyOf(whole, cut), StandardOpenOption.TRUNCATE_EXISTING);
      Recorder again = new Recorder();

      Follower back = fleet.follow("edge-1", Role.EDGE, again);

      eventually(() -> back.state().revision() == fleet.store.head().revision());
      assertThat(again.last().versioned(Kind.PUBLICATION)).hasSize(2);
      back.close();
    }
  }

  @Test
  void a_server_that_was_registered_just_before_an_epoch_began_is_known() {
    Tail tail = new Tail(fleet.store);
    fleet.register("edge-2", Role.EDGE);
    fleet.store.raiseEpoch();

    assertThat(tail.move())
        .anyMatch(entry -> entry.getKind().equals("SERVER") && entry.getId().equals("edge-2"));
    assertThat(tail.head()).isEqualTo(fleet.store.head());
  }

  @Test
  void a_broken_picture_is_dropped_and_fetched_again() throws IOException {
    fleet.store.raiseEpoch();
    Follower edge = fleet.follow("edge-1", Role.EDGE, shown);
    fleet.publish("E1");
    eventually(() -> edge.state().revision() == fleet.store.head().revision());
    edge.close();
    Path picture = folder.resolve("edge-1").resolve("picture.bin");
    byte[] bytes = Files.readAllBytes(picture);
    bytes[bytes.length / 2] ^= 0x40;
    Files.write(picture, bytes);
    Recorder again = new Recorder();

    Follower back = fleet.follow("edge-1", Role.EDGE, again);

    eventually(() -> back.state().revision() == fleet.store.head().revision());
    assertThat(again.last().find(Kind.PUBLICATION, "E1")).isPresent();
  }

  @Test
  void secrets_go_to_the_servers_that_serve_them_alone() {
    fleet.register("dns-1", Role.ROUTING);
    byte[] key = new byte[32];
    HeartbeatKey heartbeat = new HeartbeatKey("1", Base64.getEncoder().encodeToString(key));
    ZoneCertificate certificate = new ZoneCertificate("*.zone", "chain", "PRIVATE-KEY-OF-ZONE");
    fleet.append(Kind.HEARTBEAT_KEY, "1", Optional.of(heartbeat));
    fleet.append(Kind.ZONE_CERTIFICATE, "*.zone", Optional.of(certificate));
    Recorder dnsShown = new Recorder();

    Follower edge = fleet.follow("edge-1", Role.EDGE, shown);
    Follower dns = fleet.follow("dns-1", Role.ROUTING, dnsShown);
    long head = fleet.store.head().revision();
    eventually(() -> edge.state().revision() == head && dns.state().revision() == head);

    assertThat(shown.last().find(Kind.ZONE_CERTIFICATE, "*.zone")).isPresent();
    assertThat(shown.last().find(Kind.HEARTBEAT_KEY, "1")).isPresent();
    assertThat(dnsShown.last().find(Kind.ZONE_CERTIFICATE, "*.zone")).isEmpty();
    assertThat(dnsShown.last().find(Kind.HEARTBEAT_KEY, "1")).isPresent();
    assertThat(dnsShown.last().chain()).isEqualTo(shown.last().chain());
    assertThat(folder).satisfies(holdsNowhere("PRIVATE-KEY-OF-ZONE"));
  }

  @Test
  void what_is_added_to_requests_to_an_origin_is_known_to_edges_alone() {
    fleet.register("dns-1", Role.ROUTING);
    Recorder dnsShown = new Recorder();
    Follower edge = fleet.follow("edge-1", Role.EDGE, shown);
    Follower dns = fleet.follow("dns-1", Role.ROUTING, dnsShown);

    fleet.distribution("E7", "VALUE-OF-X-ORIGIN-KEY");
    eventually(() -> fleet.status("distribution", "E7").equals("Deployed"));
    dns.close();
    Recorder whole = new Recorder();
    Follower fresh = fleet.follow("dns-1", Role.ROUTING, whole, folder.resolve("dns-anew"));
    eventually(() -> fresh.state().revision() == fleet.store.head().revision());

    assertThat(edge.state().held()).isEmpty();
    assertThat(shown.last().find(Kind.DISTRIBUTION, "E7").map(one -> headers(one.resource())))
        .contains("X-Origin-Key: VALUE-OF-X-ORIGIN-KEY\n");
    for (Recorder told : List.of(dnsShown, whole)) {
      assertThat(told.last().versioned(Kind.DISTRIBUTION)).isEmpty();
      assertThat(told.last().find(Kind.PUBLICATION, "E7")).isPresent();
    }
    assertThat(folder).satisfies(holdsNowhere("VALUE-OF-X-ORIGIN-KEY"));
    assertThat(folder).as("DNS servers need no origins").satisfies(holdsNowhere("origin.example"));
  }

  @Test
  void a_revoked_server_loses_its_stream_at_once_and_does_not_come_back() {
    Follower edge = fleet.follow("edge-1", Role.EDGE, shown);
    eventually(() -> edge.state().revision() == fleet.store.head().revision());
    int seen = shown.count();

    new Fleet(fleet.store).revoke("edge-1");

    eventually(() -> !edge.state().connected());
    fleet.publish("E1");
    assertThat(fleet.publisher.status()).isEmpty();
    assertThat(shown.last().find(Kind.PUBLICATION, "E1")).isEmpty();
    assertThat(shown.count()).isLessThanOrEqualTo(seen + 1);
  }

  @Test
  void control_may_restart_and_the_edge_goes_on() {
    Follower edge = fleet.follow("edge-1", Role.EDGE, shown);
    fleet.publish("E1");
    eventually(() -> edge.state().revision() == fleet.store.head().revision());

    fleet.stopControl();
    eventually(() -> !edge.state().connected());
    fleet.startControl();
    fleet.publish("E2");

    eventually(() -> shown.last().find(Kind.PUBLICATION, "E2").isPresent());
  }

  private static String headers(Resource distribution) {
    return ((Distribution) distribution).origins().getFirst().headers().toString();
  }

  /** No file of the control plane or of a server has these bytes. */
  private static ThrowingConsumer<Path> holdsNowhere(String secret) {
    return tree -> {
      try (Stream<Path> files = Files.walk(tree)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
              .as(file.toString())
              .doesNotContain(secret);
        }
      }
    };
  }

  private static Optional<Resource> publication(String id) {
    return Optional.of(
        new Publication(id, "d1.example", true, List.of(), false, Publication.Terms.USUAL));
  }
}
