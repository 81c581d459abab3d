package warmfront.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class HeartbeatCodecTest {
  private final HeartbeatCodec codec = new HeartbeatCodec(new byte[32]);

  @Test
  void what_was_said_is_what_is_heard() {
    Random random = new Random(7);
    for (int i = 0; i < 1000; i++) {
      Heartbeat said =
          new Heartbeat(
              "edge-" + random.nextInt(100_000),
              "FRA",
              random.nextLong(Long.MAX_VALUE),
              1 + random.nextLong(1_000_000),
              random.nextLong(Long.MAX_VALUE),
              random.nextBoolean(),
              random.nextBoolean(),
              random.nextInt(101));

      byte[] datagram = codec.encode(said);

      assertThat(codec.decode(datagram, 0, datagram.length)).contains(said);
    }
  }

  @Test
  void the_longest_id_fits_the_largest_datagram() {
    Heartbeat said = new Heartbeat("a".repeat(63), "FRA", 1, 1, 1, true, false);

    assertThat(codec.encode(said)).hasSize(HeartbeatCodec.DATAGRAM_MAX);
  }

  @Test
  void a_changed_bit_anywhere_is_refused() {
    byte[] datagram = codec.encode(new Heartbeat("edge-1", "FRA", 5, 9, 3, true, false));

    for (int bit = 0; bit < datagram.length * 8; bit++) {
      byte[] changed = datagram.clone();
      changed[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThat(codec.decode(changed, 0, changed.length)).isEmpty();
    }
  }

  @Test
  void another_key_a_cut_and_an_overlong_datagram_are_refused() {
    byte[] datagram = codec.encode(new Heartbeat("edge-1", "FRA", 5, 9, 3, true, false));
    byte[] otherKey = new byte[32];
    otherKey[31] = 1;

    assertThat(new HeartbeatCodec(otherKey).decode(datagram, 0, datagram.length)).isEmpty();
    for (int length = 0; length < datagram.length; length++) {
      assertThat(codec.decode(datagram, 0, length)).isEmpty();
    }
    byte[] longer = Arrays.copyOf(datagram, 500);
    assertThat(codec.decode(longer, 0, longer.length)).isEmpty();
  }

  @Test
  void a_later_incarnation_is_after_any_sequence_of_an_earlier_one() {
    Heartbeat before = new Heartbeat("edge-1", "FRA", 5, 900, 3, true, false);
    Heartbeat restarted = new Heartbeat("edge-1", "FRA", 6, 1, 3, true, false);

    assertThat(restarted.isAfter(before)).isTrue();
    assertThat(before.isAfter(restarted)).isFalse();
    assertThat(before.isAfter(before)).isFalse();
  }
}
