package warmfront.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

final class OffLoopTest {
  @Test
  void one_exchange_more_than_there_is_room_for_is_turned_away() throws InterruptedException {
    try (var offLoop = new OffLoop(2)) {
      var go = new CountDownLatch(1);
      var done = new CountDownLatch(2);
      Runnable waits =
          () -> {
            try {
              go.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            done.countDown();
          };
      offLoop.execute(waits);
      offLoop.execute(waits);

      assertThatThrownBy(() -> offLoop.execute(waits))
          .isInstanceOf(RejectedExecutionException.class);
      go.countDown();
      done.await();
      assertThat(offLoop.waiting()).isLessThanOrEqualTo(2);
    }
  }

  @Test
  void nothing_begins_after_the_end() {
    var offLoop = new OffLoop(2);
    offLoop.close();

    assertThatThrownBy(() -> offLoop.execute(() -> {}))
        .isInstanceOf(RejectedExecutionException.class);
    assertThat(offLoop.waiting()).isZero();
  }
}
