package warmfront.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import warmfront.link.wire.FromServer;
import warmfront.link.wire.Wrote;

/** What waits to be told of writes. */
final class WrittenOutboxTest {
  private final WrittenOutbox outbox = new WrittenOutbox();

  private Wrote next() {
    return outbox.take().map(FromServer::getWrote).orElseThrow();
  }

  @Test
  void paths_of_a_distribution_go_together_and_each_once() {
    outbox.put("E1", "/a");
    outbox.put("E2", "/b");
    outbox.put("E1", "/c");
    outbox.put("E1", "/a");

    Wrote first = next();
    assertThat(first.getDistribution()).isEqualTo("E1");
    assertThat(first.getPathsList()).isEqualTo(List.of("/a", "/c"));
    assertThat(next().getPathsList()).isEqualTo(List.of("/b"));
    assertThat(outbox.take()).isEqualTo(Optional.empty());
  }

  @Test
  void one_that_stands_for_all_takes_the_place_of_too_many() {
    for (int i = 0; i < WrittenOutbox.PATHS_MAX; i++) {
      outbox.put("E1", "/" + i);
    }
    assertThat(next().getPathsCount()).isEqualTo(WrittenOutbox.PATHS_MAX);

    for (int i = 0; i < WrittenOutbox.PATHS_MAX + 10; i++) {
      outbox.put("E1", "/" + i);
    }
    assertThat(next().getPathsList()).isEqualTo(List.of("/*"));
  }

  @Test
  void one_that_stands_for_all_takes_the_place_of_long_ones() {
    String half = "/" + "x".repeat(WrittenOutbox.CHARACTERS_MAX / 2);
    outbox.put("E1", half);
    outbox.put("E1", half + "y");

    assertThat(next().getPathsList()).isEqualTo(List.of("/*"));
  }
}
