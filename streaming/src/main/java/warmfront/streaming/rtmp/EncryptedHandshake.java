package warmfront.streaming.rtmp;

import io.netty.buffer.ByteBuf;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The handshake of version 6, RTMPE: that with digests, and within its messages the public keys of
 * a Diffie-Hellman exchange, of which the keys of two streams of RC4 come. The handshake itself is
 * in clear.
 */
final class EncryptedHandshake implements Handshake {
  static final int VERSION = 6;

  private static final byte[] SERVER_VERSION = {4, 5, 0, 1};
  private static final int FIRST = 1 + Digest.MESSAGE;

  private final RandomGenerator chance;
  private @Nullable Ciphers ciphers;

  EncryptedHandshake(RandomGenerator chance) {
    this.chance = chance;
  }

  @Override
  public boolean next(ByteBuf in, ByteBuf out) throws ProtocolException {
    if (ciphers == null) {
      if (in.readableBytes() < FIRST) {
        return false;
      }
      if (in.readByte() != VERSION) {
        throw new ProtocolException("a handshake of another version than 6");
      }
      byte[] c1 = new byte[Digest.MESSAGE];
      in.readBytes(c1);
      ciphers = answer(c1, out);
    }
    if (in.readableBytes() < Digest.MESSAGE) {
      return false;
    }
    in.skipBytes(Digest.MESSAGE); // C2, for what it is worth
    return true;
  }

  @Override
  public @Nullable Ciphers ciphers() {
    return ciphers;
  }

  private Ciphers answer(byte[] c1, ByteBuf out) throws ProtocolException {
    OptionalInt found = Digest.schema(c1);
    if (found.isEmpty()) {
      throw new ProtocolException("a handshake of version 6 without a digest");
    }
    int schema = found.getAsInt();
    byte[] theirs = KeyExchange.publicKey(c1, schema);
    KeyExchange exchange = KeyExchange.with(theirs);
    byte[] s1 = new byte[Digest.MESSAGE];
    chance.nextBytes(s1);
    System.arraycopy(new byte[4], 0, s1, 0, 4);
    System.arraycopy(SERVER_VERSION, 0, s1, 4, 4);
    KeyExchange.place(exchange.publicKey(), s1, schema);
    Digest.sign(s1, schema);
    byte[] s2 = new byte[Digest.MESSAGE];
    chance.nextBytes(s2);
    Digest.answer(s2, Digest.of(c1, schema));
    out.writeByte(VERSION).writeBytes(s1).writeBytes(s2);
    byte[] inward = Digest.hmac(exchange.secret(), exchange.publicKey());
    byte[] outward = Digest.hmac(exchange.secret(), theirs);
    return new Rc4(inward, outward);
  }
}
