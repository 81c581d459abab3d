package warmfront.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class MemoryTest {
  private static final int MIB = 1 << 20;

  /** A slice and the byte it was filled with. */
  private record Filled(Slice slice, byte with) {
    boolean holds() {
      ByteBuffer bytes = slice.buffer();
      while (bytes.hasRemaining()) {
        if (bytes.get() != with) {
          return false;
        }
      }
      return true;
    }
  }

  @Test
  void slices_never_overlap_and_all_memory_comes_back() {
    Random random = new Random(3);
    Memory memory = new Memory(4 * MIB);
    List<Filled> held = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      if (!held.isEmpty() && random.nextInt(100) < 48) {
        Filled one = held.remove(random.nextInt(held.size()));
        assertThat(one.holds()).isTrue();
        one.slice().release();
        continue;
      }
      @Nullable Slice slice =
          memory.allocate(1 + random.nextInt(random.nextBoolean() ? 3000 : 90_000));
      if (slice != null) {
        held.add(new Filled(slice, fill(slice, (byte) i)));
      }
    }

    assertThat(held).allMatch(Filled::holds);
    held.forEach(one -> one.slice().release());
    assertThat(memory.used()).isZero();
    for (int i = 0; i < 4; i++) {
      assertThat(memory.allocate(MIB)).isNotNull();
    }
    assertThat(memory.allocate(1)).isNull();
  }

  @Test
  void an_allocation_costs_its_length_and_less_than_a_unit() {
    Memory memory = new Memory(MIB);

    Slice slice = Objects.requireNonNull(memory.allocate(5 * 1024 + 1));

    assertThat(slice.length()).isEqualTo(5 * 1024 + 1);
    assertThat(memory.used()).isEqualTo(5 * 1024 + 512);
  }

  @Test
  void a_long_allocation_consists_of_whole_pages() {
    Memory memory = new Memory(MIB);

    Slice slice = Objects.requireNonNull(memory.allocate(16_385));

    assertThat(slice.length()).isEqualTo(16_385);
    assertThat(memory.used()).isEqualTo(5 * 4096);
  }

  @Test
  void a_part_keeps_the_whole_until_it_is_released() {
    Memory memory = new Memory(MIB);
    Slice whole = Objects.requireNonNull(memory.allocate(1000));
    fill(whole, (byte) 7);

    Slice part = whole.part(10, 20);
    whole.release();

    assertThat(part.length()).isEqualTo(20);
    assertThat(part.buffer().get(19)).isEqualTo((byte) 7);
    assertThat(memory.used()).isEqualTo(1024);
    part.release();
    assertThat(memory.used()).isZero();
  }

  @Test
  void lengths_out_of_range_are_refused() {
    Memory memory = new Memory(MIB);

    assertThatThrownBy(() -> memory.allocate(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> memory.allocate(MIB + 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Memory(MIB - 1)).isInstanceOf(IllegalArgumentException.class);
  }

  private static byte fill(Slice slice, byte with) {
    ByteBuffer bytes = slice.memory();
    while (bytes.hasRemaining()) {
      bytes.put(with);
    }
    return with;
  }
}
