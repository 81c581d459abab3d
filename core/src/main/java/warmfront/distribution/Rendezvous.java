package warmfront.distribution;

import java.nio.charset.StandardCharsets;

/**
 * Weighted rendezvous hashing: each pair of key and node has a score, the highest wins, and a node
 * that comes or goes moves only its own share. Every server of the fleet computes the same, so
 * nothing here is seeded.
 */
public final class Rendezvous {
  private Rendezvous() {}

  /** Returns a hash of a name. */
  public static long hash(String name) {
    return hash(name.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns a hash of bytes (FNV-1a, 64 bits, mixed). */
  public static long hash(byte[] bytes) {
    long hash = 0xcbf29ce484222325L;
    for (byte one : bytes) {
      hash = (hash ^ (one & 0xff)) * 0x100000001b3L;
    }
    return mix(hash);
  }

  /**
   * Returns the score of a node for a key: shares of keys are in proportion to weights.
   *
   * @param weight above 0
   */
  public static double score(long key, long node, double weight) {
    return weight / -Math.log(uniform(key, node));
  }

  /** Returns a number within (0, 1) for a pair, of 53 bits; uniform over keys and over nodes. */
  public static double uniform(long key, long node) {
    return ((mix(key ^ mix(node)) >>> 11) + 0.5) * 0x1p-53;
  }

  /** Returns a number whose every bit depends on every bit given: the finalizer of SplitMix64. */
  public static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }
}
