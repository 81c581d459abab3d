package warmfront.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Random;

/**
 * Viewers' networks: /24s in runs of up to 16 that are nearest to the same data centre, strewn over
 * the address space. The same from the same seed.
 */
final class Networks {
  private static final int RUN_MAX = 16;

  private final int[] numbers;
  private final byte[] centres;
  private final int centreCount;

  private Networks(int[] numbers, byte[] centres, int centreCount) {
    this.numbers = numbers;
    this.centres = centres;
    this.centreCount = centreCount;
  }

  /** Makes so many networks around so many data centres, at most 127. */
  static Networks of(int count, int centreCount, long seed) {
    Random random = new Random(seed);
    BitSet taken = new BitSet(1 << 24);
    int[] numbers = new int[count];
    byte[] centres = new byte[count];
    int made = 0;
    while (made < count) {
      int first = random.nextInt(1 << 24);
      int run = 1 + random.nextInt(RUN_MAX);
      byte centre = (byte) random.nextInt(centreCount);
      for (int i = first; i < first + run && made < count && isOrdinary(i); i++) {
        if (!taken.get(i)) {
          taken.set(i);
          numbers[made] = i;
          centres[made++] = centre;
        }
      }
    }
    return new Networks(numbers, centres, centreCount);
  }

  /** Networks that are private, loopback or multicast would be an odd load. */
  private static boolean isOrdinary(int number) {
    int first = number >> 16;
    return first > 0 && first != 10 && first != 127 && first < 224;
  }

  int size() {
    return numbers.length;
  }

  int centreCount() {
    return centreCount;
  }

  /** Returns the first three bytes of a network's addresses. */
  int number(int index) {
    return numbers[index];
  }

  /** Writes them as other servers' files are made from: a prefix and its centre's number. */
  void writePlain(Path file) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (int i = 0; i < numbers.length; i++) {
        out.write(prefix(i) + " " + centres[i] + "\n");
      }
    }
  }

  /** Writes them as our latency table: a millisecond to the nearest location. */
  void writeTable(Path file) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (int i = 0; i < numbers.length; i++) {
        int centre = centres[i];
        out.write("%s,A%c%c=1\n".formatted(prefix(i), 'A' + centre / 26, 'A' + centre % 26));
      }
    }
  }

  private String prefix(int index) {
    int number = numbers[index];
    return (number >> 16) + "." + (number >> 8 & 0xff) + "." + (number & 0xff) + ".0/24";
  }
}
