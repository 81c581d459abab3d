package warmfront.streaming.play;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.Test;
import warmfront.bytes.RangedReader.Wanted;
import warmfront.streaming.play.Blocks.Place;

/** The bytes of an object that are at hand. */
final class BlocksTest {
  private static final String PATH = "/object";
  private static final int LENGTH = 1_000_000;
  private static final int BLOCK = 64 << 10;

  private final FakeReader reader = new FakeReader();
  private final Queue<Runnable> loop = new ArrayDeque<>();
  private final byte[] bytes = new byte[LENGTH];
  private int arrivals;
  private final Blocks blocks =
      new Blocks(
          new Stretch.Source(reader, new Wanted("S1", PATH), LENGTH, "v1"),
          BLOCK,
          loop::add,
          () -> arrivals++);

  BlocksTest() {
    new Random(7).nextBytes(bytes);
    reader.put(PATH, bytes, "v1");
  }

  @Test
  void reads_end_where_blocks_do() {
    fetch(Place.VIDEO, 100, 1000);

    assertThat(reader.reads).containsExactly(new FakeReader.Read(PATH, 100, BLOCK - 100));
    assertThat(blocks.want(Place.VIDEO, 2000, BLOCK - 2000)).isTrue();
    assertThat(reader.reads).hasSize(1);
  }

  @Test
  void the_object_ends_where_it_ends() {
    fetch(Place.VIDEO, LENGTH - 10, 10);

    assertThat(blocks.has(LENGTH - 10, 10)).isTrue();
    assertThat(blocks.has(LENGTH - 10, 11)).isFalse();
  }

  @Test
  void sound_far_from_its_pictures_costs_no_byte_twice() {
    int video = 0;
    int audio = 600_000;
    for (int i = 0; i < 500; i++) {
      fetch(Place.VIDEO, video, 1000);
      blocks.ahead(Place.VIDEO);
      fetch(Place.AUDIO, audio, 500);
      blocks.ahead(Place.AUDIO);
      video += 1000;
      audio += 500;
      assertThat(blocks.held()).isLessThanOrEqualTo(4 * BLOCK);
    }

    long read = reader.reads.stream().mapToLong(FakeReader.Read::length).sum();
    assertThat(read).isLessThanOrEqualTo(750_000 + 2 * BLOCK);
  }

  @Test
  void what_lies_ahead_is_fetched_before_it_is_wanted() {
    fetch(Place.VIDEO, 0, 1000);
    blocks.ahead(Place.VIDEO);
    assertThat(reader.reads).hasSize(1);

    fetch(Place.VIDEO, BLOCK - 5000, 1000);
    blocks.ahead(Place.VIDEO);
    run();

    assertThat(reader.reads).hasSize(2);
    assertThat(blocks.want(Place.VIDEO, BLOCK - 4000, 8000)).isTrue();
  }

  @Test
  void what_has_been_passed_is_let_go() {
    fetch(Place.VIDEO, 0, BLOCK);
    fetch(Place.VIDEO, 500_000, 1000);

    assertThat(blocks.has(0, 1)).isFalse();
    assertThat(reader.pinned() * reader.part).isLessThanOrEqualTo(BLOCK + reader.part);
    blocks.close();
    assertThat(reader.pinned()).isZero();
  }

  @Test
  void bytes_across_many_parts_are_one() {
    reader.part = 777;
    fetch(Place.VIDEO, 10, 300_000);

    ByteBuffer target = ByteBuffer.allocate(299_000);
    blocks.copy(500, target);
    assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(bytes, 500, 299_000));
    for (int offset = 10; offset < 300_000; offset += 1009) {
      assertThat(blocks.at(offset)).isEqualTo(bytes[offset] & 0xFF);
    }
  }

  @Test
  void what_comes_late_for_what_is_not_wanted_any_more_is_let_go() {
    reader.slow = true;
    blocks.want(Place.VIDEO, 0, 1000);
    reader.deliver();
    run();
    blocks.want(Place.VIDEO, 500_000, 1000);
    for (int i = 0; i < 50; i++) {
      reader.deliver();
      run();
    }

    assertThat(blocks.has(500_000, 1000)).isTrue();
    assertThat(reader.open).isLessThanOrEqualTo(1);
    blocks.close();
    assertThat(reader.pinned()).isZero();
    assertThat(reader.open).isZero();
  }

  @Test
  void whatever_is_wanted_in_whatever_order_is_what_is_in_the_object() {
    for (int seed = 1; seed <= 200; seed++) {
      Random chance = new Random(seed);
      reader.part = 1 + chance.nextInt(20_000);
      for (int i = 0; i < 30; i++) {
        Place place = List.copyOf(EnumSet.allOf(Place.class)).get(chance.nextInt(3));
        int length = 1 + chance.nextInt(i % 10 == 0 ? 200_000 : 3000);
        int offset = chance.nextInt(LENGTH - length);
        fetch(place, offset, length);
        ByteBuffer target = ByteBuffer.allocate(length);
        blocks.copy(offset, target);
        assertThat(target.flip())
            .as("seed %d, step %d", seed, i)
            .isEqualTo(ByteBuffer.wrap(bytes, offset, length));
        blocks.ahead(place);
        if (chance.nextInt(20) == 0) {
          blocks.rest();
        }
      }
    }
    blocks.close();
    run();
    assertThat(reader.pinned()).isZero();
    assertThat(reader.open).isZero();
    assertThat(arrivals).isPositive();
  }

  private void fetch(Place place, long offset, int length) {
    if (!blocks.want(place, offset, length)) {
      run();
      assertThat(blocks.want(place, offset, length)).isTrue();
    }
  }

  private void run() {
    for (Runnable task = loop.poll(); task != null; task = loop.poll()) {
      task.run();
    }
  }
}
