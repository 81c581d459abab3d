package warmfront.control.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.control.store.CountingStore;
import warmfront.control.store.CountingStore.Count;
import warmfront.control.store.Row;
import warmfront.control.store.Store;
import warmfront.time.ManualClock;

/** What it costs to move changes on, in rows that are read. */
final class RolloutCostTest {
  private static final int MANY = 2_000;

  @TempDir private Path folder;
  private final ManualClock clock = new ManualClock(Instant.parse("2026-11-30T12:00:00Z"));

  @Test
  void changes_that_edges_have_not_reached_are_not_read() {
    try (CountingStore store = open()) {
      Rollout rollout = rollout(store);
      rollout.advance();
      Count idle = store.take();

      store.write(tx -> {
        for (int i = 0; i < MANY; i++) {
          Instant now = clock.now();
          tx.insert(
              new Row("distribution", "E" + i, "", "InProgress", "E", now, now, i + 1, "body"));
        }
        return MANY;
      });
      store.take();
      clock.advance(FleetFixture.TIMING.poll());
      rollout.advance();

      assertThat(store.take()).isEqualTo(idle);
    }
  }

  @Test
  void nothing_is_looked_for_again_before_a_server_has_come_further() {
    try (CountingStore store = open()) {
      Rollout rollout = rollout(store);
      rollout.advance();
      store.take();

      for (int ack = 0; ack < 1_000; ack++) {
        rollout.advance();
      }
      assertThat(store.take()).isEqualTo(new Count(0, 0));

      clock.advance(FleetFixture.TIMING.poll());
      rollout.advance();
      assertThat(store.take().asked()).isPositive();
    }
  }

  private CountingStore open() {
    return new CountingStore(
        Store.open(folder.resolve("store.db").toString(), new SecretKeySpec(new byte[32], "AES")));
  }

  /** Returns that of a fleet without servers. */
  private Rollout rollout(Store store) {
    Tail tail = new Tail(store);
    Attention attention = new Attention(clock, Duration.ofSeconds(1));
    Members members = new Members(clock, FleetFixture.TIMING, attention, tail::head);
    return new Rollout(store, members, clock, FleetFixture.TIMING);
  }
}
