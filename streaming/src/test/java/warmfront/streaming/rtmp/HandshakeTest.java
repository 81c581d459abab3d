package warmfront.streaming.rtmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.SplittableRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RTMP 1.0, section 5.2, and the digests of Flash. */
final class HandshakeTest {
  private static final String COMMON =
      "f0eec24a8068bee82e00d0d1029e7e576eec5d2d29806fab93b8e636cfeb31ae";

  private final OpenHandshake handshake = new OpenHandshake(new SplittableRandom(1));
  private final ByteBuf out = Unpooled.buffer();

  @Test
  void a_plain_client_gets_its_own_bytes_back() throws Exception {
    byte[] c1 = random();
    Arrays.fill(c1, 4, 8, (byte) 0);

    assertThat(handshake.next(first(c1), out)).isFalse();

    assertThat(out.readableBytes()).isEqualTo(3073);
    assertThat(out.readByte()).isEqualTo((byte) 3);
    assertThat(bytes(1536)).startsWith(0, 0, 0, 0, 0, 0, 0, 0);
    assertThat(bytes(1536)).isEqualTo(c1);
  }

  @Test
  void nothing_is_said_before_the_client_has_and_nothing_twice() throws Exception {
    ByteBuf in = first(random());
    byte[] all = new byte[1537];
    in.readBytes(all);

    assertThat(handshake.next(in.clear().writeBytes(all, 0, 1536), out)).isFalse();
    assertThat(out.isReadable()).isFalse();
    assertThat(handshake.next(in.writeByte(all[1536]), out)).isFalse();
    assertThat(handshake.next(in.writeBytes(new byte[1535]), out)).isFalse();
    assertThat(handshake.next(in.writeBytes(new byte[3]), out)).isTrue();

    assertThat(out.readableBytes()).isEqualTo(3073);
    assertThat(in.readableBytes()).as("of the first chunk").isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 772})
  void a_client_with_a_digest_gets_two(int schema) throws Exception {
    byte[] c1 = random();
    int at = at(c1, schema);
    byte[] digest =
        hmac("Genuine Adobe Flash Player 001".getBytes(StandardCharsets.US_ASCII), without(c1, at));
    System.arraycopy(digest, 0, c1, at, 32);

    handshake.next(first(c1), out);

    out.readByte();
    byte[] s1 = bytes(1536);
    byte[] s2 = bytes(1536);
    byte[] server = "Genuine Adobe Flash Media Server 001".getBytes(StandardCharsets.US_ASCII);
    int serverAt = at(s1, schema);
    assertThat(Arrays.copyOfRange(s1, serverAt, serverAt + 32))
        .isEqualTo(hmac(server, without(s1, serverAt)));
    byte[] whole = joined(server, HexFormat.of().parseHex(COMMON));
    assertThat(Arrays.copyOfRange(s2, 1504, 1536))
        .isEqualTo(hmac(hmac(whole, digest), Arrays.copyOf(s2, 1504)));
  }

  @Test
  void a_wrong_digest_is_taken_for_none() throws Exception {
    byte[] c1 = random();

    handshake.next(first(c1), out);

    assertThat(bytes(3073)).endsWith(c1);
  }

  @Test
  void another_version_is_refused() {
    ByteBuf in = first(random()).setByte(0, 6);

    assertThatThrownBy(() -> handshake.next(in, out)).isInstanceOf(ProtocolException.class);
  }

  private static byte[] random() {
    byte[] bytes = new byte[1536];
    new Random(5).nextBytes(bytes);
    return bytes;
  }

  private static ByteBuf first(byte[] c1) {
    return Unpooled.buffer(4096).writeByte(3).writeBytes(c1);
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    out.readBytes(bytes);
    return bytes;
  }

  private static int at(byte[] message, int from) {
    int sum = 0;
    for (int i = from; i < from + 4; i++) {
      sum += message[i] & 0xFF;
    }
    return sum % 728 + from + 4;
  }

  private static byte[] without(byte[] message, int at) {
    return joined(Arrays.copyOf(message, at), Arrays.copyOfRange(message, at + 32, 1536));
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static byte[] hmac(byte[] key, byte[] text) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text);
  }
}
