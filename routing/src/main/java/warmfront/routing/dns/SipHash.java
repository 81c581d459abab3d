package warmfront.routing.dns;

/**
 * SipHash-2-4 of a message given in words of 64 bits, little-endian (Aumasson and Bernstein,
 * "SipHash: a fast short-input PRF", 2012). Used again and again; owned by one thread.
 */
final class SipHash {
  private long v0;
  private long v1;
  private long v2;
  private long v3;

  /** Begins a message under a key. */
  void begin(long key0, long key1) {
    v0 = key0 ^ 0x736f6d6570736575L;
    v1 = key1 ^ 0x646f72616e646f6dL;
    v2 = key0 ^ 0x6c7967656e657261L;
    v3 = key1 ^ 0x7465646279746573L;
  }

  /** Takes the next 8 bytes. */
  void take(long word) {
    v3 ^= word;
    round();
    round();
    v0 ^= word;
  }

  /**
   * Ends the message.
   *
   * @param rest the bytes after the last whole word, fewer than 8
   * @param bytes the message's length, these included
   */
  long end(long rest, int bytes) {
    take((long) bytes << 56 | rest);
    v2 ^= 0xff;
    for (int i = 0; i < 4; i++) {
      round();
    }
    return v0 ^ v1 ^ v2 ^ v3;
  }

  private void round() {
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
