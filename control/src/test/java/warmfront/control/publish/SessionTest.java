package warmfront.control.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.distribution.Server.Role;
import warmfront.link.wire.FromControl;

/** What is said to a server over its stream, and what need not be. */
final class SessionTest {
  private static final Duration LONG = Duration.ofHours(1);

  /** Times in which no head is due for its own sake. */
  private static final Timing RARE = new Timing(LONG, LONG, LONG, LONG, LONG);

  @TempDir private Path folder;
  private FleetFixture fleet;
  private final Slow out = new Slow();
  private Session session;

  @BeforeEach
  void start() throws InterruptedException {
    fleet = new FleetFixture(folder);
    fleet.register("edge", Role.EDGE);
    fleet.publisher.look();
    session =
        new Session(
            fleet.publisher.members().find("edge").orElseThrow(),
            fleet.publisher.tailOfLog(),
            RARE,
            out,
            List.of(),
            Optional.empty());
    session.start(1, fleet.store.head().revision(), false);
    assertThat(out.readUntil(session, FromControl::hasHead)).hasSize(1);
  }

  @AfterEach
  void stop() {
    session.end(Status.CANCELLED);
    fleet.close();
  }

  @Test
  void a_change_is_one_word_without_a_head() throws InterruptedException {
    List<FromControl> words = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      words.addAll(said("E" + i));
    }

    assertThat(words).hasSize(5).allMatch(FromControl::hasEntry);
  }

  @Test
  void a_sign_of_life_is_answered_once_by_the_next_look_at_the_log() throws InterruptedException {
    session.alive(7);
    session.looking();
    session.looked();

    List<FromControl> first = said("first");
    assertThat(first).hasSize(2);
    assertThat(first.getFirst().getHead().getEcho()).isEqualTo(7);

    session.looking();
    session.looked();
    assertThat(said("second")).hasSize(1);

    session.alive(8);
    session.looking();
    session.looked();
    assertThat(said("third").getFirst().getHead().getEcho()).isEqualTo(8);
  }

  /** Returns what is said of a change. */
  private List<FromControl> said(String id) throws InterruptedException {
    fleet.publish(id);
    fleet.publisher.look();
    return out.readUntil(session, FromControl::hasEntry);
  }
}
