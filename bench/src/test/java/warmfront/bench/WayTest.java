package warmfront.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** A packet that comes back is from where it was sent to, and as right as it was. */
final class WayTest {
  private static final int HEADER_BYTES = 20;
  private static final int SOURCE = 12;
  private static final int DESTINATION = 16;

  @Test
  void addresses_are_exchanged_and_nothing_else() {
    byte[] packet = new byte[60];
    new Random(1).nextBytes(packet);
    byte[] sent = packet.clone();

    Way.exchange(packet);

    for (int i = 0; i < packet.length; i++) {
      int from =
          i >= SOURCE && i < DESTINATION ? i + 4 : i >= DESTINATION && i < HEADER_BYTES ? i - 4 : i;
      assertThat(packet[i]).as("byte %d", i).isEqualTo(sent[from]);
    }
  }

  @Test
  void checksums_stay_right() {
    byte[] packet = new byte[60];
    new Random(2).nextBytes(packet);
    int before = sum(packet);

    Way.exchange(packet);

    assertThat(sum(packet)).isEqualTo(before);
  }

  /** RFC 1071: of the header, and with it of the addresses that TCP and UDP count in. */
  private static int sum(byte[] packet) {
    int sum = 0;
    for (int i = 0; i < HEADER_BYTES; i += 2) {
      sum += (packet[i] & 0xff) << 8 | (packet[i + 1] & 0xff);
    }
    while (sum > 0xffff) {
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return sum;
  }
}
