package warmfront.streaming.rtmp;

import io.netty.buffer.ByteBuf;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The handshake of version 3: with digests if the client's message has one, else plain. What
 * answers goes out in one piece as soon as C1 is in.
 */
final class OpenHandshake implements Handshake {
  static final int VERSION = 3;

  /** What Flash Media Server 4.5 says of itself in S1. */
  private static final byte[] SERVER_VERSION = {4, 5, 0, 1};

  private static final int FIRST = 1 + Digest.MESSAGE;

  private final RandomGenerator chance;
  private boolean hasAnswered;

  OpenHandshake(RandomGenerator chance) {
    this.chance = chance;
  }

  @Override
  public boolean next(ByteBuf in, ByteBuf out) throws ProtocolException {
    if (!hasAnswered) {
      if (in.readableBytes() < FIRST) {
        return false;
      }
      if (in.readByte() != VERSION) {
        throw new ProtocolException("a handshake of another version than 3");
      }
      byte[] c1 = new byte[Digest.MESSAGE];
      in.readBytes(c1);
      out.writeByte(VERSION);
      answer(c1, out);
      hasAnswered = true;
    }
    if (in.readableBytes() < Digest.MESSAGE) {
      return false;
    }
    in.skipBytes(Digest.MESSAGE); // C2: what it repeats is never what it should be everywhere
    return true;
  }

  @Override
  public @Nullable Ciphers ciphers() {
    return null;
  }

  private void answer(byte[] c1, ByteBuf out) {
    byte[] s1 = new byte[Digest.MESSAGE];
    chance.nextBytes(s1);
    boolean isPlain = (c1[4] | c1[5] | c1[6] | c1[7]) == 0;
    OptionalInt schema = isPlain ? OptionalInt.empty() : Digest.schema(c1);
    System.arraycopy(new byte[8], 0, s1, 0, 8);
    if (schema.isEmpty()) {
      out.writeBytes(s1).writeBytes(c1);
      return;
    }
    System.arraycopy(SERVER_VERSION, 0, s1, 4, 4);
    Digest.sign(s1, schema.getAsInt());
    byte[] s2 = new byte[Digest.MESSAGE];
    chance.nextBytes(s2);
    Digest.answer(s2, Digest.of(c1, schema.getAsInt()));
    out.writeBytes(s1).writeBytes(s2);
  }
}
