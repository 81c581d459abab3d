package warmfront.streaming.rtmp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;

/** Writes chunks by hand, in every form that a peer may choose, right or wrong. */
final class Chunks {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** Adds bytes as they are, in hexadecimal. */
  Chunks raw(String hex) {
    return bytes(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  Chunks bytes(byte[] bytes) {
    try {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** Adds a header of the first kind. */
  Chunks full(int chunkStream, long field, int length, int type, int streamId) {
    return basic(0, chunkStream).medium(field).medium(length).number(type, 1).streamId(streamId);
  }

  /** Adds a header of the second kind. */
  Chunks shorter(int chunkStream, long delta, int length, int type) {
    return basic(1, chunkStream).medium(delta).medium(length).number(type, 1);
  }

  /** Adds a header of the third kind. */
  Chunks delta(int chunkStream, long delta) {
    return basic(2, chunkStream).medium(delta);
  }

  /** Adds a header of the last kind. */
  Chunks bare(int chunkStream) {
    return basic(3, chunkStream);
  }

  /** Adds a number, its most significant byte first. */
  Chunks number(long value, int length) {
    for (int i = length - 1; i >= 0; i--) {
      out.write((int) (value >>> (8 * i)));
    }
    return this;
  }

  /** Adds as many bytes that count up from {@code first}. */
  Chunks payload(int first, int length) {
    return bytes(counting(first, length));
  }

  static byte[] counting(int first, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (first + i);
    }
    return bytes;
  }

  byte[] toBytes() {
    return out.toByteArray();
  }

  private Chunks basic(int kind, int chunkStream) {
    if (chunkStream < 64) {
      return number(kind << 6 | chunkStream, 1);
    }
    int over = chunkStream - 64;
    if (over < 256) {
      return number(kind << 6, 1).number(over, 1);
    }
    return number(kind << 6 | 1, 1).number(over & 0xFF, 1).number(over >> 8, 1);
  }

  private Chunks medium(long value) {
    return number(Math.min(value, 0xFFFFFF), 3);
  }

  private Chunks streamId(int id) {
    return number(Integer.reverseBytes(id) & 0xFFFF_FFFFL, 4);
  }
}
