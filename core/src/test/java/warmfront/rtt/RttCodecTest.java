package warmfront.rtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RttCodecTest {
  private static final Prefix HOME = Prefix.parse("192.0.2.0/24");
  private static final Prefix AWAY = Prefix.parse("2001:db8:7::/48");

  @Test
  void rows_come_back_as_they_were_in_the_order_of_their_ranges() {
    Measured home = new Measured(HOME, 17, Math.log(20_000), 0.5, 18_000);
    Measured away = new Measured(AWAY, 1, 0, 0, 0);
    Measured last = new Measured(Prefix.parse("255.255.255.0/24"), 2, Math.log(1e6), 3, 1_000_000);

    List<Measured> read = decode(encode(List.of(away, last, home)));

    assertThat(read).extracting(Measured::viewers).containsExactly(HOME, last.viewers(), AWAY);
    assertThat(read.getFirst().samples()).isEqualTo(17);
    assertThat(Math.exp(read.getFirst().meanLog())).isCloseTo(20_000, within(3.0));
    assertThat(read.getFirst().squares()).isEqualTo(0.5);
    assertThat(read.getFirst().minMicros()).isEqualTo(18_000);
    assertThat(read.get(1)).isEqualTo(last);
    assertThat(read.getLast()).isEqualTo(away);
  }

  @Test
  void random_rows_are_read_within_the_rounding() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<Measured> rows = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      Family family = random.nextBoolean() ? Family.IPV4 : Family.IPV6;
      int length = family.measuredLength();
      Prefix viewers =
          new Prefix(family, (random.nextLong() >>> (64 - length)) << (64 - length), length);
      if (rows.stream().noneMatch(row -> row.viewers().equals(viewers))) {
        rows.add(
            new Measured(
                viewers,
                random.nextInt(1, Integer.MAX_VALUE),
                random.nextDouble(13.8),
                random.nextDouble(100),
                random.nextInt(Measured.MICROS_MAX)));
      }
    }

    List<Measured> read = decode(encode(rows));

    rows.sort(
        Comparator.comparing((Measured row) -> row.viewers().family())
            .thenComparing((a, b) -> Long.compareUnsigned(a.viewers().bits(), b.viewers().bits())));
    assertThat(read).as("seed %d", seed).hasSameSizeAs(rows);
    for (int i = 0; i < rows.size(); i++) {
      Measured row = rows.get(i);
      assertThat(read.get(i).viewers()).as("seed %d", seed).isEqualTo(row.viewers());
      assertThat(read.get(i).samples()).isEqualTo(row.samples());
      assertThat(read.get(i).minMicros()).isEqualTo(row.minMicros());
      assertThat(read.get(i).meanLog()).isCloseTo(row.meanLog(), within(1.1e-4));
      assertThat(read.get(i).squares()).isCloseTo(row.squares(), within(1e-5));
    }
  }

  @Test
  void a_report_without_rows_says_what_the_server_sends_all_the_same() {
    for (double gbps : new double[] {0, 0.25, RttReport.LOAD_GBPS_MAX}) {
      RttReport report = new RttReport("edge", "FRA", gbps, List.of());

      byte[] bytes = RttCodec.encode(report);

      assertThat(RttCodec.decode("edge", "FRA", ByteBuffer.wrap(bytes))).isEqualTo(report);
    }
  }

  @Test
  void a_load_that_nothing_can_send_is_refused() {
    refused(load(-1), "0 to 10000 Gbps");
    refused(load(Float.NaN), "0 to 10000 Gbps");
    refused(load(Float.POSITIVE_INFINITY), "0 to 10000 Gbps");
    refused(load(Math.nextUp(10_000f)), "0 to 10000 Gbps");
  }

  @Test
  void the_largest_report_fits_into_its_bytes() {
    List<Measured> rows = new ArrayList<>();
    for (long i = 0; i < RttReport.ROWS_MAX; i++) {
      // As far apart as they can be, with the greatest numbers.
      long bits = (i * ((1L << 48) / RttReport.ROWS_MAX)) << 16;
      rows.add(
          new Measured(new Prefix(Family.IPV6, bits, 48), Integer.MAX_VALUE, 13.8, 1e6, 1_000_000));
    }

    byte[] bytes = encode(rows);

    assertThat(bytes.length).isLessThan(RttCodec.BYTES_MAX);
    assertThat(decode(bytes)).hasSize(RttReport.ROWS_MAX);
  }

  @Test
  void what_is_not_a_report_is_refused_and_says_why() {
    refused(new byte[] {}, "ends early");
    refused(new byte[] {1, 0, 0}, "version");
    refused(head(0), "ends early");
    refused(head(0, 0, 0), "after the last row");
    // Two rows of one range.
    refused(twice((byte) 0), "does not follow");
    // A mean is there, its samples are not.
    refused(head(1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0), "samples");
    // More rows than bytes.
    refused(head(0xFF, 0xFF, 0x7F, 0, 0, 0), "more rows");
    refused(head(-1, -1, -1, -1, -1, -1, -1, -1, -1, 0), "does not end");
    // Squares that are not a number.
    refused(row((byte) 1, Float.NaN), "logarithms");
    refused(row((byte) 1, -1), "logarithms");
    refused(new byte[RttCodec.BYTES_MAX + 1], "version");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> {
          Measured one = new Measured(HOME, 1, 1, 0, 1);
          byte[] _ = encode(List.of(one, one));
        })
        .withMessageContaining("two rows");
  }

  @Test
  void a_row_beyond_the_end_of_the_addresses_is_refused() {
    byte[] bytes = encode(List.of(new Measured(HOME, 1, 1, 0, 1)));
    // The distance from before the first: 24 bits are 16777216 at most.
    ByteBuffer far = ByteBuffer.allocate(bytes.length + 1);
    far.put(head(1, -127, -128, -128, 8)).put(bytes, 10, bytes.length - 10);

    refused(exact(far.flip()), "does not follow");
  }

  @Test
  void bytes_changed_at_random_are_refused_or_read_but_break_nothing() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<Measured> rows = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      rows.add(
          new Measured(
              new Prefix(Family.IPV4, (long) i << 56, 24), 1 + i, 1 + i / 3.0, i, 100 * i));
    }
    byte[] good = encode(rows);
    for (int i = 0; i < 20_000; i++) {
      byte[] bad = good.clone();
      for (int change = random.nextInt(1, 4); change > 0; change--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt();
      }
      try {
        assertThat(decode(bad)).hasSizeLessThanOrEqualTo(RttReport.ROWS_MAX);
      } catch (IllegalArgumentException refused) {
        assertThat(refused).as("seed %d", seed).hasMessageMatching("(?s).+");
      }
    }
  }

  private static byte[] row(byte distance, float squares) {
    return exact(
        ByteBuffer.allocate(16)
            .put(head(1, distance, 1))
            .putShort((short) 0)
            .putFloat(squares)
            .put(new byte[] {0, 0})
            .flip());
  }

  private static byte[] twice(byte second) {
    byte[] first = row((byte) 1, 0);
    return exact(
        ByteBuffer.allocate(25)
            .put(first, 0, 15)
            .put(5, (byte) 2)
            .put(second)
            .put(first, 7, 8)
            .put((byte) 0)
            .flip());
  }

  private static byte[] exact(ByteBuffer buffer) {
    byte[] exact = new byte[buffer.remaining()];
    buffer.get(exact);
    return exact;
  }

  private static byte[] encode(List<Measured> rows) {
    return RttCodec.encode(new RttReport("edge", "FRA", 0, rows));
  }

  private static List<Measured> decode(byte[] bytes) {
    return RttCodec.decode("edge", "FRA", ByteBuffer.wrap(bytes)).rows();
  }

  /** The version and a load of 0, and what follows. */
  private static byte[] head(int... following) {
    ByteBuffer head = ByteBuffer.allocate(5 + following.length).put((byte) 2).putFloat(0);
    for (int one : following) {
      head.put((byte) one);
    }
    return head.array();
  }

  private static byte[] load(float gbps) {
    return ByteBuffer.allocate(7).put((byte) 2).putFloat(gbps).array();
  }

  private static void refused(byte[] bytes, String why) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> {
          List<Measured> _ = decode(bytes);
        })
        .withMessageContaining(why);
  }
}
