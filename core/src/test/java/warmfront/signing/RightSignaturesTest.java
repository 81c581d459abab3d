package warmfront.signing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import warmfront.signing.RightSignatures.Seen;

final class RightSignaturesTest {
  @Test
  void what_is_seen_again_and_again_is_kept_and_the_number_is_bounded() {
    RightSignatures right = new RightSignatures(100);
    Seen often = seen(-1);
    right.add(often);

    for (int i = 0; i < 10_000; i++) {
      right.add(seen(i));
      assertThat(right.has(seen(i))).isTrue();
      assertThat(right.has(often)).as("after " + i).isTrue();
      assertThat(right.size()).isLessThanOrEqualTo(200);
    }
    assertThat(right.has(seen(5))).isFalse();
  }

  @Test
  void parts_do_not_run_into_one_another() {
    assertThat(Seen.of(new byte[] {1}, new byte[] {2, 3}))
        .isNotEqualTo(Seen.of(new byte[] {1, 2}, new byte[] {3}))
        .isEqualTo(Seen.of(new byte[] {1}, new byte[] {2, 3}));
  }

  @Test
  void many_threads_keep_it_bounded() throws Exception {
    RightSignatures right = new RightSignatures(50);
    CountDownLatch done = new CountDownLatch(4);
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int thread = 0; thread < 4; thread++) {
        Random random = new Random(thread);
        threads.execute(() -> {
          for (int i = 0; i < 20_000; i++) {
            right.has(seen(random.nextInt(300)));
            right.add(seen(random.nextInt(300)));
          }
          done.countDown();
        });
      }
      done.await();
    }

    assertThat(right.size()).isLessThanOrEqualTo(2 * (50 + 4));
  }

  private static Seen seen(int number) {
    return new Seen(number, 7L * number);
  }
}
