package warmfront.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class HeadedTest {
  private final List<String> said = new ArrayList<>();

  /** Writes down what comes and keeps no pin. */
  private final Flow.Receiver receiver =
      new Flow.Receiver() {
        @Override
        public void part(Slice part) {
          said.add(StandardCharsets.US_ASCII.decode(part.buffer()).toString());
          part.release();
        }

        @Override
        public void end() {
          said.add("end");
        }

        @Override
        public void broken(String reason) {
          said.add("broken: " + reason);
        }
      };

  /** A flow that answers when the test says so. */
  private static final class Late implements Flow {
    private @Nullable Receiver asked;
    private boolean cancelled;

    @Override
    public void next(Receiver receiver) {
      asked = receiver;
    }

    @Override
    public void cancel() {
      cancelled = true;
    }

    Receiver asked() {
      if (asked == null) {
        throw new AssertionError("not asked");
      }
      return asked;
    }
  }

  @Test
  void the_head_comes_before_the_parts() {
    Flow flow = new Headed(ascii("head"), Flow.of(ascii("body")));

    for (int i = 0; i < 3; i++) {
      flow.next(receiver);
    }

    assertThat(said).containsExactly("head", "body", "end");
  }

  @Test
  void nothing_comes_before_the_first_part_does() {
    Late late = new Late();
    Flow flow = new Headed(ascii("head"), late);

    flow.next(receiver);
    assertThat(said).isEmpty();
    late.asked().broken("another version");

    assertThat(said).containsExactly("broken: another version");
  }

  @Test
  void a_part_that_is_held_back_is_let_go_with_the_flow() {
    Late late = new Late();
    AtomicInteger released = new AtomicInteger();
    Flow flow = new Headed(ascii("head"), late);
    flow.next(receiver);
    late.asked().part(new Slice(ByteBuffer.wrap(ascii("body")), released::incrementAndGet));

    flow.cancel();

    assertThat(said).containsExactly("head");
    assertThat(released).hasValue(1);
    assertThat(late.cancelled).isTrue();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
