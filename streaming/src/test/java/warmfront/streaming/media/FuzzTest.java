package warmfront.streaming.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Files that are damaged in every way chance finds. Each comes again from its seed. */
final class FuzzTest {
  private static final int FILES = 100_000;
  private static final int FILES_FULL = 10_000_000;

  /** Numbers that readers of tables get wrong. */
  private static final int[] NUMBERS = {
    0,
    1,
    2,
    -1,
    -2,
    0x7f,
    0x80,
    0xff,
    0x100,
    0xffff,
    0x1_0000,
    0x7fff_ffff,
    0x8000_0000,
    0x4000_0000
  };

  private final List<byte[]> seeds = new ArrayList<>();
  private final LongAdder played = new LongAdder();

  FuzzTest() throws IOException {
    for (String name : Samples.NAMES) {
      seeds.add(Samples.read(name));
    }
  }

  @Test
  void no_damage_makes_a_reader_fail_or_turn_in_circles_or_fill_the_memory() {
    for (int seed = 0; seed < FILES; seed++) {
      play(seed);
    }
    assertThat(played.sum()).isBetween(FILES / 20L, (long) FILES);
  }

  @Test
  @org.junit.jupiter.api.Tag("full")
  void no_damage_of_ten_million_does() {
    IntStream.range(FILES, FILES + FILES_FULL).parallel().forEach(this::play);
    assertThat(played.sum()).isGreaterThan(FILES_FULL / 20L);
  }

  private void play(int seed) {
    Random random = new Random(seed);
    byte[] file = damaged(random);
    try {
      Bytes bytes = Bytes.asked(file);
      if (Played.open(bytes, seed % 8 == 0 ? "a.mp3" : "a")
          instanceof Opening.Opened(Medium medium)) {
        played.increment();
        if (medium.weight() > 32L * file.length + 4096) {
          throw new AssertionError("it takes %d bytes".formatted(medium.weight()));
        }
        long millis = random.nextBoolean() ? 0 : random.nextInt(1300);
        play(medium, bytes, millis, random.nextInt(8) == 0 ? Integer.MAX_VALUE : 24);
      }
    } catch (RuntimeException | AssertionError | OutOfMemoryError broken) {
      throw new AssertionError("seed " + seed, broken);
    }
  }

  /** Plays some frames, or all: of these a file has no more than bytes. */
  private static void play(Medium medium, Bytes file, long millis, int framesMax) {
    long length = file.objectLength();
    Reel reel = medium.from(millis);
    int frames = 0;
    for (int turns = 0; turns <= 8 * length + 64; turns++) {
      switch (reel.next(file)) {
        case Reel.Needs(long offset, int needed) -> file.give(offset, needed);
        case Reel.Frame frame -> {
          check(frame, length);
          if (++frames == framesMax) {
            return;
          }
        }
        case Reel.End _ -> {
          return;
        }
      }
    }
    throw new AssertionError("it never ends");
  }

  private static void check(Reel.Frame frame, long length) {
    boolean inside =
        frame.length() > 0
            && frame.offset() >= 0
            && frame.offset() <= length - frame.length()
            && frame.prefixLength() >= 0
            && frame.prefixLength() <= 8
            && frame.millis() >= 0;
    if (!inside) {
      throw new AssertionError(frame + " of " + length);
    }
  }

  private byte[] damaged(Random random) {
    byte[] file = seeds.get(random.nextInt(seeds.size())).clone();
    if (random.nextInt(8) == 0) {
      file = Arrays.copyOf(file, 1 + random.nextInt(file.length));
    }
    int times = 1 + random.nextInt(6);
    for (int i = 0; i < times; i++) {
      damage(file, random);
    }
    return file;
  }

  /** Damages a place, more often near the ends, where tables are. */
  private static void damage(byte[] file, Random random) {
    int span = Math.min(file.length, 4096);
    int at = random.nextInt(span);
    at = random.nextBoolean() ? at : file.length - 1 - at;
    switch (random.nextInt(4)) {
      case 0 -> file[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> file[at] = (byte) random.nextInt();
      case 2 -> number(file, at & ~3, NUMBERS[random.nextInt(NUMBERS.length)]);
      default -> number(file, at, random.nextInt(2 * file.length));
    }
  }

  private static void number(byte[] file, int at, int number) {
    for (int i = 0; i < 4 && at + i < file.length; i++) {
      file[at + i] = (byte) (number >>> (24 - 8 * i));
    }
  }
}
