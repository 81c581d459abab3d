package warmfront.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class OptionsTest {
  @Test
  void nothing_said_is_everything_with_five_rounds() throws UsageException {
    Options options = Options.of(List.of());

    assertThat(options.workloads()).isEqualTo(Workload.ALL);
    assertThat(options.peers()).containsExactly(Peer.values());
    assertThat(options.rounds()).isEqualTo(5);
    assertThat(options.quick()).isFalse();
  }

  @Test
  void words_choose_and_options_set_in_any_order() throws UsageException {
    Options options =
        Options.of(List.of("--quick", "w1,L5", "--secs", "9", "warmfront,nginx", "--log", "both"));

    assertThat(options.workloads()).extracting(Workload::name).containsExactly("W1", "L5");
    assertThat(options.peers()).containsExactly(Peer.WARMFRONT, Peer.NGINX);
    assertThat(options.seconds()).isEqualTo(9);
    assertThat(options.rounds()).isEqualTo(3);
    assertThat(options.logs()).containsExactly(false, true);
  }

  @Test
  void what_is_not_there_is_named() {
    assertThatThrownBy(() -> Options.of(List.of("W99"))).hasMessageContaining("W99");
    assertThatThrownBy(() -> Options.of(List.of("all", "apache"))).hasMessageContaining("apache");
    assertThatThrownBy(() -> Options.of(List.of("--fast"))).hasMessageContaining("--fast");
    assertThatThrownBy(() -> Options.of(List.of("--rounds", "0"))).hasMessageContaining("--rounds");
  }
}
