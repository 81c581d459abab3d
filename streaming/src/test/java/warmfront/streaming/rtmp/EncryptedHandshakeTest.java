package warmfront.streaming.rtmp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RTMPE against a client whose arithmetic is its own. */
final class EncryptedHandshakeTest {
  private static final BigInteger PRIME =
      new BigInteger(
          "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74"
              + "020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437"
              + "4FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
              + "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381FFFFFFFFFFFFFFFF",
          16);

  private final Random random = new Random(3);
  private final BigInteger privateKey = new BigInteger(1000, random);
  private final EncryptedHandshake handshake = new EncryptedHandshake(new SplittableRandom(1));
  private final ByteBuf out = Unpooled.buffer();

  @ParameterizedTest
  @CsvSource({"8, 1532, 772", "772, 768, 8"})
  void both_sides_come_to_the_same_keys(int digestAt, int keyAt, int keyFrom) throws Exception {
    byte[] c1 = message(BigInteger.TWO.modPow(privateKey, PRIME), digestAt, keyAt, keyFrom);

    boolean isOver = handshake.next(first(c1).writeBytes(new byte[1540]), out);

    assertThat(isOver).isTrue();
    byte[] answer = ByteBufUtil.getBytes(out);
    assertThat(answer).hasSize(3073).startsWith(6);
    byte[] s1 = Arrays.copyOfRange(answer, 1, 1537);
    int at = offset(s1, keyAt, 632) + keyFrom;
    byte[] theirs = Arrays.copyOfRange(s1, at, at + 128);
    byte[] secret = bytes(new BigInteger(1, theirs).modPow(privateKey, PRIME));
    int ours = offset(c1, keyAt, 632) + keyFrom;
    byte[] inward = Digest.hmac(secret, Arrays.copyOfRange(c1, ours, ours + 128));
    byte[] outward = Digest.hmac(secret, theirs);
    Ciphers client = new Rc4(inward, outward);
    Ciphers server = Objects.requireNonNull(handshake.ciphers());
    ByteBuf said = Unpooled.copiedBuffer("connect".repeat(2000), US_ASCII);
    client.sent(said);
    assertThat(said.toString(US_ASCII)).doesNotContain("connect");
    server.received(said);
    assertThat(said.toString(US_ASCII)).isEqualTo("connect".repeat(2000));
    server.sent(said);
    client.received(said);
    assertThat(said.toString(US_ASCII)).isEqualTo("connect".repeat(2000));
  }

  @Test
  void the_stream_is_that_of_rc4_behind_its_first_1536_bytes() {
    byte[] key = HexFormat.of().parseHex("0102030405060708090a0b0c0d0e0f10");
    ByteBuf zeros = Unpooled.buffer().writeZero(16);

    new Rc4(key, key).sent(zeros);

    // RFC 6229, section 2: this key's stream from offset 1536 on
    assertThat(ByteBufUtil.hexDump(zeros)).isEqualTo("ffa0b514647ec04f6306b892ae661181");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void a_public_key_that_gives_the_secret_away_is_refused(int key) {
    byte[] c1 = message(BigInteger.valueOf(key), 8, 1532, 772);

    assertThatThrownBy(() -> handshake.next(first(c1), out))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("a public key that is none");
  }

  @Test
  void without_a_digest_it_is_refused() {
    byte[] c1 = new byte[1536];
    random.nextBytes(c1);

    assertThatThrownBy(() -> handshake.next(first(c1), out)).isInstanceOf(ProtocolException.class);
  }

  private static ByteBuf first(byte[] c1) {
    return Unpooled.buffer(4096).writeByte(6).writeBytes(c1);
  }

  private byte[] message(BigInteger publicKey, int digestAt, int keyAt, int keyFrom) {
    byte[] message = new byte[1536];
    random.nextBytes(message);
    int key = offset(message, keyAt, 632) + keyFrom;
    System.arraycopy(bytes(publicKey), 0, message, key, 128);
    int at = offset(message, digestAt, 728) + digestAt + 4;
    byte[] digest =
        Digest.hmac(
            "Genuine Adobe Flash Player 001".getBytes(US_ASCII),
            Arrays.copyOf(message, at),
            Arrays.copyOfRange(message, at + 32, 1536));
    System.arraycopy(digest, 0, message, at, 32);
    return message;
  }

  private static int offset(byte[] message, int from, int modulus) {
    int sum = 0;
    for (int i = from; i < from + 4; i++) {
      sum += message[i] & 0xFF;
    }
    return sum % modulus;
  }

  private static byte[] bytes(BigInteger number) {
    return HexFormat.of().parseHex("%0256x".formatted(number));
  }
}
