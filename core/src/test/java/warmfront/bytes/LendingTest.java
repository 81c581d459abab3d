package warmfront.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class LendingTest {
  private static final int MIB = 1 << 20;

  /** Memory that can be lent, and remembers what was renewed. */
  private static final class Lending implements Backing {
    final List<Integer> renewed = new ArrayList<>();
    boolean works = true;

    @Override
    public ByteBuffer take(int bytes) {
      return ByteBuffer.allocateDirect(bytes);
    }

    @Override
    public boolean lends() {
      return true;
    }

    @Override
    public boolean renew(ByteBuffer pages) {
      renewed.add(pages.remaining());
      return works;
    }
  }

  private final Lending backing = new Lending();
  private final Memory memory = new Memory(MIB, backing);

  @Test
  void memory_that_was_lent_is_renewed_when_the_last_pin_is_gone() {
    Slice slice = allocate(20_000);
    Slice part = slice.part(5, 10);
    assertThat(part.lend()).isTrue();

    slice.release();
    assertThat(backing.renewed).isEmpty();
    part.release();

    assertThat(backing.renewed).containsExactly(5 * 4096);
    assertThat(memory.used()).isZero();
  }

  @Test
  void memory_that_was_not_lent_is_not_renewed() {
    allocate(20_000).release();

    assertThat(backing.renewed).isEmpty();
  }

  @Test
  void memory_that_cannot_be_renewed_is_never_handed_out_again() {
    backing.works = false;
    Slice slice = allocate(MIB);
    assertThat(slice.lend()).isTrue();

    slice.release();

    assertThat(memory.allocate(1)).isNull();
  }

  @Test
  void short_slices_are_not_lent_because_they_share_pages() {
    assertThat(allocate(15_872).lend()).isFalse();
    assertThat(allocate(16_384).lend()).isTrue();
    assertThat(Slice.of(new byte[20_000]).lend()).isFalse();
  }

  private Slice allocate(int length) {
    return Objects.requireNonNull(memory.allocate(length));
  }
}
