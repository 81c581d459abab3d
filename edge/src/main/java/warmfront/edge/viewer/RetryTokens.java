package warmfront.edge.viewer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.quic.QuicTokenHandler;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import warmfront.time.Clock;

/**
 * Has viewers over QUIC prove their address before anything is kept for them, when many are in the
 * midst of their handshake: they are sent a token that only their address receives (RFC 9000,
 * section 8.1.2). A token is a time, a code over all that it stands for, and the connection id that
 * the viewer began with. Without a crowd it would cost each viewer a round trip.
 */
final class RetryTokens implements QuicTokenHandler {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int CODE_BYTES = 16;
  private static final int HEAD_BYTES = Long.BYTES + CODE_BYTES;
  private static final int ID_BYTES_MAX = 20; // RFC 9000, 17.2
  private static final int KEY_BYTES = 32;

  /** A token is answered at once: within a round trip, and a few packets that are lost. */
  private static final long NANOS_MAX = 10_000_000_000L;

  private final Clock clock;
  private final BooleanSupplier isCrowded;
  private final Mac mac;

  /**
   * Makes tokens for one event loop, with a key of its own.
   *
   * @param isCrowded whether addresses have to be proved now
   */
  RetryTokens(Clock clock, RandomGenerator chance, BooleanSupplier isCrowded) {
    this.clock = clock;
    this.isCrowded = isCrowded;
    byte[] key = new byte[KEY_BYTES];
    chance.nextBytes(key);
    try {
      mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }

  @Override
  public boolean writeToken(ByteBuf out, ByteBuf id, InetSocketAddress viewer) {
    if (!isCrowded.getAsBoolean()) {
      return false;
    }
    byte[] original = ByteBufUtil.getBytes(id);
    long now = clock.nanos();
    out.writeLong(now).writeBytes(code(now, original, viewer)).writeBytes(original);
    return true;
  }

  @Override
  public int validateToken(ByteBuf token, InetSocketAddress viewer) {
    int idBytes = token.readableBytes() - HEAD_BYTES;
    if (idBytes < 0 || idBytes > ID_BYTES_MAX) {
      return -1;
    }
    int at = token.readerIndex();
    long made = token.getLong(at);
    byte[] said = ByteBufUtil.getBytes(token, at + Long.BYTES, CODE_BYTES);
    byte[] original = ByteBufUtil.getBytes(token, at + HEAD_BYTES, idBytes);
    long age = clock.nanos() - made;
    boolean isRight =
        age >= 0 && age <= NANOS_MAX && MessageDigest.isEqual(said, code(made, original, viewer));
    return isRight ? HEAD_BYTES : -1;
  }

  @Override
  public int maxTokenLength() {
    return HEAD_BYTES + ID_BYTES_MAX;
  }

  private byte[] code(long made, byte[] original, InetSocketAddress viewer) {
    mac.update(ByteBuffer.allocate(Long.BYTES).putLong(made).array());
    mac.update(viewer.getAddress().getAddress());
    mac.update((byte) (viewer.getPort() >>> Byte.SIZE));
    mac.update((byte) viewer.getPort());
    return Arrays.copyOf(mac.doFinal(original), CODE_BYTES);
  }
}
