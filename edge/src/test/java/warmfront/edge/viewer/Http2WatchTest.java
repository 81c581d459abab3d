package warmfront.edge.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What was written to a viewer waits for it, as long as it takes some. */
final class Http2WatchTest {
  private static final long SECOND = 1_000_000_000;

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final Limits.Times times = Limits.standard().times();
  private final Http2Watch watch = new Http2Watch(times, new Stall(channel, times, 0), 0);
  private long handed;

  @AfterEach
  void end() {
    channel.finishAndReleaseAll();
  }

  @Test
  void a_connection_that_ends_lingers_once_its_last_bytes_are_taken() {
    hand(5000);
    assertThat(watch.isDone(handed, 20 * SECOND)).isFalse();
    channel.flush(); // the viewer took them
    assertThat(watch.isDone(handed, 22 * SECOND)).isFalse();

    assertThat(watch.isDone(handed, 22 * SECOND + 1)).isTrue();
  }

  @Test
  void a_connection_that_ends_is_left_when_its_last_bytes_are_not_taken() {
    hand(5000);
    assertThat(watch.isDone(handed, 30 * SECOND)).isFalse();

    assertThat(watch.isDone(handed, 30 * SECOND + 1)).isTrue();
  }

  @Test
  void a_viewer_that_takes_enough_now_and_then_is_waited_for() {
    hand(1);
    assertThat(watch.isDone(handed, 0)).isFalse();
    for (int i = 1; i <= 10; i++) {
      takes(7200);
      assertThat(watch.isDone(handed, 30L * i * SECOND)).isFalse();
    }

    takes(7199);
    assertThat(watch.isDone(handed, 330 * SECOND + 1)).isTrue();
  }

  /** So many bytes are taken while one is left. */
  private void takes(int bytes) {
    hand(bytes - 1);
    channel.flush();
    hand(1);
  }

  private void hand(int bytes) {
    handed += bytes;
    var _ = channel.write(Unpooled.wrappedBuffer(new byte[bytes]));
  }
}
