package warmfront.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import warmfront.control.publish.ServerStatus;
import warmfront.distribution.Server;
import warmfront.link.Held;

/** What the operator is told of a server. */
final class ControlPartTest {
  private static Map<String, Object> shown(Held... held) {
    return ControlPart.shown(
        new ServerStatus(
            "nrt-1",
            Server.Role.EDGE,
            "NRT",
            ServerStatus.Presence.LIVE,
            false,
            12,
            0,
            Optional.of(Duration.ZERO),
            List.of(held)));
  }

  @Test
  void a_server_that_does_not_obey_a_change_is_named_with_the_change_and_the_reason() {
    Held held = new Held(9, "DISTRIBUTION", "E1", "policy P is not there", Optional.empty());

    assertThat(shown(held))
        .containsEntry("server", "nrt-1")
        .containsEntry("is", "live")
        .containsEntry("held", List.of("revision 9 (DISTRIBUTION E1): policy P is not there"));
  }

  @Test
  void one_that_obeys_everything_has_nothing_of_it() {
    assertThat(shown()).doesNotContainKey("held");
  }
}
