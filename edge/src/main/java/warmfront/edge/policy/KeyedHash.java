package warmfront.edge.policy;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * SipHash with 128 bits of output: a hash that nobody without its key can steer (Aumasson and
 * Bernstein, "SipHash: a fast short-input PRF"). Mutable; one object hashes one message.
 */
final class KeyedHash {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final int finishing;
  private long v0;
  private long v1;
  private long v2;
  private long v3;
  private long first;
  private long second;

  private KeyedHash(HashKey key, int finishing) {
    this.finishing = finishing;
    v0 = key.first() ^ 0x736f6d6570736575L;
    v1 = key.second() ^ 0x646f72616e646f6dL ^ 0xee;
    v2 = key.first() ^ 0x6c7967656e657261L;
    v3 = key.second() ^ 0x7465646279746573L;
  }

  /** Hashes bytes with one round per word and three at the end, as hash tables commonly do. */
  static KeyedHash of(HashKey key, byte[] bytes) {
    return of(key, bytes, 1, 3);
  }

  /** Hashes bytes with these numbers of rounds. */
  static KeyedHash of(HashKey key, byte[] bytes, int perWord, int finishing) {
    var hash = new KeyedHash(key, finishing);
    hash.take(bytes, perWord);
    hash.finish();
    return hash;
  }

  /** Returns the first 64 bits. */
  long first() {
    return first;
  }

  /** Returns the other 64 bits. */
  long second() {
    return second;
  }

  private void take(byte[] bytes, int perWord) {
    int whole = bytes.length & ~7;
    for (int i = 0; i < whole; i += Long.BYTES) {
      word((long) LONGS.get(bytes, i), perWord);
    }
    long last = (long) bytes.length << 56;
    for (int i = whole; i < bytes.length; i++) {
      last |= (bytes[i] & 0xFFL) << (8 * (i - whole));
    }
    word(last, perWord);
  }

  private void word(long word, int rounds) {
    v3 ^= word;
    rounds(rounds);
    v0 ^= word;
  }

  private void finish() {
    v2 ^= 0xee;
    rounds(finishing);
    first = v0 ^ v1 ^ v2 ^ v3;
    v1 ^= 0xdd;
    rounds(finishing);
    second = v0 ^ v1 ^ v2 ^ v3;
  }

  private void rounds(int count) {
    for (int i = 0; i < count; i++) {
      v0 += v1;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v3;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 += v3;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 += v1;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v2 = Long.rotateLeft(v2, 32);
    }
  }
}
