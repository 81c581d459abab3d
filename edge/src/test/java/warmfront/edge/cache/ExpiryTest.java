package warmfront.edge.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ExpiryTest {
  private static long record(long freshUntil, int length) {
    return freshUntil << Integer.SIZE | length;
  }

  @Test
  void tenths_are_of_bytes() {
    Expiry expiry = Expiry.of(new long[] {record(300, 600), record(100, 100), record(200, 300)});

    assertThat(expiry.expired(99)).isZero();
    assertThat(expiry.expired(100)).isEqualTo(1);
    assertThat(expiry.expired(299)).isEqualTo(4);
    assertThat(expiry.expired(300)).isEqualTo(10);
  }

  @Test
  void seconds_are_unsigned() {
    long after2038 = 3_000_000_000L;
    Expiry expiry =
        Expiry.of(new long[] {record(0xFFFF_FFFFL, 50), record(1000, 20), record(after2038, 30)});

    assertThat(expiry.expired(1000)).isEqualTo(2);
    assertThat(expiry.expired((int) after2038)).isEqualTo(5);
    assertThat(expiry.expired(-2)).isEqualTo(5);
  }

  @Test
  void nothing_expires_where_nothing_is() {
    assertThat(Expiry.of(new long[0]).expired(-1)).isZero();
  }

  @Test
  void the_table_of_a_segment_knows_it_from_a_sample() {
    SegmentTable table = new SegmentTable();
    IntStream.range(0, 10_000)
        .forEach(i ->
            table.add(
                new RecordKey(i, i),
                new Entry(Place.of(0, 1, i), 100, Entry.Kind.OBJECT, new Since(1, 1), 1000 + i)));

    assertThat(table.expiry().expired(5999)).isBetween(4, 5);
    assertThat(table.expiry().expired(10_999)).isEqualTo(10);
  }
}
