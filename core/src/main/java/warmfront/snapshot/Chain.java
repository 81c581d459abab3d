package warmfront.snapshot;

import java.util.HexFormat;

/**
 * A SHA-256 over a log up to one of its entries: two logs with equal chains are the same log.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record Chain(String hex) {
  /** The chain of an empty log. */
  public static final Chain EMPTY = new Chain("0".repeat(64));

  public Chain {
    if (HexFormat.of().parseHex(hex).length != 32) {
      throw new IllegalArgumentException("a chain has 32 bytes: " + hex);
    }
  }
}
