package warmfront.streaming.rtmp;

import io.netty.buffer.ByteBuf;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;

/**
 * The ciphers of RTMPE, one each way. RC4 with keys that anybody between the two can have protects
 * from nobody determined; it is what old players ask for.
 */
final class Rc4 implements Ciphers {
  private static final int KEY = 16;
  private static final int STRETCH = 4096;

  private final Cipher inward;
  private final Cipher outward;
  private final byte[] stretch = new byte[STRETCH];

  /**
   * Makes ciphers that have passed the bytes which both sides throw away first.
   *
   * @param inwardKey its first 16 bytes count, as those of the other
   */
  Rc4(byte[] inwardKey, byte[] outwardKey) {
    inward = cipher(inwardKey);
    outward = cipher(outwardKey);
  }

  private static Cipher cipher(byte[] key) {
    try {
      Cipher cipher = Cipher.getInstance("ARCFOUR");
      cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(Arrays.copyOf(key, KEY), "ARCFOUR"));
      cipher.update(new byte[Digest.MESSAGE]);
      return cipher;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no RC4; turn RTMPE off", e);
    }
  }

  @Override
  public void received(ByteBuf bytes) {
    apply(inward, bytes);
  }

  @Override
  public void sent(ByteBuf bytes) {
    apply(outward, bytes);
  }

  private void apply(Cipher cipher, ByteBuf bytes) {
    int end = bytes.writerIndex();
    for (int at = bytes.readerIndex(); at < end; at += STRETCH) {
      int length = Math.min(STRETCH, end - at);
      bytes.getBytes(at, stretch, 0, length);
      try {
        cipher.update(stretch, 0, length, stretch, 0);
      } catch (ShortBufferException e) {
        throw new IllegalStateException("a stream cipher that adds bytes", e);
      }
      bytes.setBytes(at, stretch, 0, length);
    }
  }
}
