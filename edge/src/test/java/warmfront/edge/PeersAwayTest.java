package warmfront.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.LiveLocation.IDS;
import static warmfront.edge.Pictures.policy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.distribution.Invalidation;
import warmfront.distribution.Server;
import warmfront.edge.peer.Limits;
import warmfront.edge.peer.Outcome;
import warmfront.snapshot.Entry;

/** Servers of a location of which one is dead, silent, behind or on its way out. */
final class PeersAwayTest {
  @TempDir private Path folder;
  private final LiveLocation location;

  PeersAwayTest() throws IOException {
    location = new LiveLocation();
  }

  @AfterEach
  void close() {
    location.close();
  }

  @Test
  void an_owner_that_stays_behind_is_passed_by_and_not_asked_for_a_while() throws IOException {
    location
        .open(folder, LiveLocation.limits(Duration.ofMillis(1), 1000), policy("P"))
        .origin
        .says("/a", 200, "hello", "Cache-Control", "max-age=60");
    List<String> ranked = location.ranking("/a", policy("P"));
    location.visitor(ranked.getLast()).get("/a");
    location.change(
        new Invalidation("I1", "EA", List.of("/*")), List.of(ranked.get(1), ranked.getLast()));

    Visitor.Answer answer = location.visitor(ranked.getLast()).get("/a");
    location.visitor(ranked.getLast()).get("/a");

    assertThat(answer.field("X-Cache")).as("not what was invalidated").startsWith("Miss");
    assertThat(answer.field("Cache-Status")).startsWith("Warmfront; fwd=miss; peer=");
    assertThat(location.objects(ranked.get(1))).as("the second owner has it now").isEqualTo(1);
    assertThat(location.peers(ranked.getLast()).asked())
        .containsEntry(Outcome.DECLINED, 1L)
        .containsEntry(Outcome.MISS, 2L)
        .containsEntry(Outcome.HIT, 1L);
    assertThat(location.peers(ranked.getLast()).skipped()).isEqualTo(1);
  }

  @Test
  void an_owner_waits_for_the_changes_that_the_asking_server_knows_of() throws Exception {
    location
        .open(folder, LiveLocation.CALM, policy("P"))
        .origin
        .says("/a", 200, "hello", "Cache-Control", "max-age=60");
    List<String> ranked = location.ranking("/a", policy("P"));
    location.visitor(ranked.getLast()).get("/a");
    Invalidation all = new Invalidation("I1", "EA", List.of("/*"));
    Entry entry = location.entry(all);
    location.change(all, List.of(ranked.getLast()));

    try (ExecutorService viewer = Executors.newSingleThreadExecutor()) {
      Future<Visitor.Answer> answer =
          viewer.submit(() -> location.visitor(ranked.getLast()).get("/a"));
      LiveEdge.eventually(() -> location.edge(ranked.getFirst()).counters().exchanges() == 1);
      location.take(ranked.getFirst(), entry);

      assertThat(answer.get().field("X-Cache")).isEqualTo("Miss from cloudfront");
    }
    assertThat(location.origin.asked).hasSize(2);
    assertThat(location.peers(ranked.getLast()).asked()).containsEntry(Outcome.DECLINED, 0L);
  }

  @Test
  void a_dead_owner_is_passed_by_tried_again_later_and_counted() throws IOException {
    location
        .open(folder, LiveLocation.CALM, policy("P"))
        .origin
        .says("/a", 200, "hello", "Cache-Control", "max-age=60");
    List<String> ranked = location.ranking("/a", policy("P"));
    location.edge(ranked.getFirst()).close();
    Visitor other = location.visitor(ranked.getLast());

    assertThat(other.get("/a").body()).isEqualTo("hello");
    assertThat(other.get("/a").field("X-Cache")).isEqualTo("Hit from cloudfront");
    assertThat(location.peers(ranked.getLast()).asked())
        .containsEntry(Outcome.FAILED, 1L)
        .containsEntry(Outcome.MISS, 1L)
        .containsEntry(Outcome.HIT, 1L);
    assertThat(location.peers(ranked.getLast()).skipped()).isEqualTo(1);
    assertThat(location.origin.asked).hasSize(1);

    location.clock.advance(Duration.ofSeconds(3));
    assertThat(other.get("/a").body()).isEqualTo("hello");
    assertThat(location.peers(ranked.getLast()).asked()).containsEntry(Outcome.FAILED, 2L);
  }

  @Test
  void a_server_that_accepts_and_says_nothing_is_given_up_after_the_connect_limit()
      throws IOException {
    Limits impatient =
        new Limits(
            Duration.ofMillis(50),
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(3),
            Duration.ZERO,
            1000,
            Duration.ofSeconds(10));
    location
        .open(folder, impatient, policy("P"))
        .origin
        .says("/", 200, "hello", "Cache-Control", "max-age=60");
    try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      location.change(
          new Server(
              "fra-9",
              Server.Role.EDGE,
              "FRA",
              List.of("peer://127.0.0.1:" + mute.getLocalPort()),
              List.of(),
              List.of(),
              255,
              Server.State.ACTIVE),
          IDS);
      for (int i = 0; location.peers("fra-1").skipped() == 0; i++) {
        assertThat(location.visitor("fra-1").get("/" + i).body()).isEqualTo("hello");
      }
    }
    assertThat(location.peers("fra-1").asked()).containsEntry(Outcome.FAILED, 1L);
  }

  @Test
  void a_server_whose_others_are_all_dead_is_its_own() throws IOException {
    location
        .open(folder, LiveLocation.CALM, policy("P"))
        .origin
        .says("/a", 200, "hello", "Cache-Control", "max-age=60");
    List<String> ranked = location.ranking("/a", policy("P"));
    location.edge(ranked.getFirst()).close();
    location.edge(ranked.get(1)).close();
    Visitor other = location.visitor(ranked.getLast());

    Visitor.Answer first = other.get("/a");
    Visitor.Answer second = other.get("/a");

    assertThat(first.field("Cache-Status"))
        .isEqualTo("Warmfront; fwd=miss; stored; detail=peers-away");
    assertThat(second.field("Cache-Status")).isEqualTo("Warmfront; hit");
    assertThat(location.peers(ranked.getLast()).alone()).isEqualTo(1);
    assertThat(location.origin.asked).hasSize(1);
  }

  @Test
  void a_server_that_drains_or_was_revoked_owns_nothing_and_a_revoked_one_may_not_ask()
      throws IOException {
    location
        .open(folder, LiveLocation.CALM, policy("P"))
        .origin
        .says("/a", 200, "hello", "Cache-Control", "max-age=60");
    List<String> ranked = location.ranking("/a", policy("P"));
    Server first = location.server(ranked.getFirst());

    location.change(first.withState(Server.State.DRAINING), IDS);
    assertThat(location.visitor(ranked.getFirst()).get("/a").field("Cache-Status"))
        .startsWith("Warmfront; fwd=miss; peer=");
    assertThat(location.objects(ranked.get(1))).isEqualTo(1);

    location.change(first.withState(Server.State.REVOKED), IDS);
    Visitor.Answer revoked = location.visitor(ranked.getFirst()).get("/a");
    assertThat(revoked.field("Cache-Status"))
        .isEqualTo("Warmfront; fwd=miss; stored; detail=peers-away");
    assertThat(location.peers(ranked.getFirst()).asked()).containsEntry(Outcome.DECLINED, 2L);
  }
}
