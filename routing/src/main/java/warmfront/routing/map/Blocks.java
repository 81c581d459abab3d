package warmfront.routing.map;

import java.util.function.Consumer;

/**
 * Joins neighbours for which one list is good enough, as widely as possible: the answer for a range
 * is kept by resolvers for all of it (RFC 7871, section 7.2.1). Takes blocks in ascending order and
 * gives the widest ones that are as good. Owned by one thread.
 *
 * <p>What lies on the stack waits for its right half. When two halves do not go together, nothing
 * around them can, so all that waits is as wide as it gets.
 */
final class Blocks {
  private static final int DEPTH = Long.SIZE;

  private final Consumer<Block> wide;
  private final Block[] stack = new Block[DEPTH];
  private int depth;

  Blocks(Consumer<Block> wide) {
    this.wide = wide;
    for (int i = 0; i < DEPTH; i++) {
      stack[i] = new Block();
    }
  }

  /** Adds units up to {@code end}, all alike; {@code like} is copied. */
  void add(long start, long end, Block like) {
    long at = start;
    while (at < end) {
      int aligned = at == 0 ? Long.SIZE - 2 : Long.numberOfTrailingZeros(at);
      int fits = Long.SIZE - 1 - Long.numberOfLeadingZeros(end - at);
      int bits = Math.min(aligned, fits);
      push(at, bits, like);
      at += 1L << bits;
    }
  }

  private void push(long start, int bits, Block like) {
    if (depth == DEPTH) {
      flush();
    }
    stack[depth].copy(like);
    stack[depth++].lie(start, bits);
    while (depth > 1 && areHalves(stack[depth - 2], stack[depth - 1])) {
      if (!stack[depth - 2].merge(stack[depth - 1])) {
        flush();
        return;
      }
      depth--;
    }
  }

  private static boolean areHalves(Block left, Block right) {
    return left.bits() == right.bits()
        && left.start() + (1L << left.bits()) == right.start()
        && (left.start() >>> left.bits() & 1) == 0;
  }

  /** Gives what is left. */
  void flush() {
    for (int i = 0; i < depth; i++) {
      wide.accept(stack[i]);
    }
    depth = 0;
  }
}
