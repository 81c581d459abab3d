package warmfront.edge.viewer;

import java.util.Arrays;

/**
 * The Huffman code of HPACK (RFC 7541, appendix B). Its codes are canonical: each is the one before
 * it plus one, by length and then by symbol, so that their lengths say all. Immutable.
 */
final class Huffman {
  /** The length of each symbol's code, in bits, as a letter: A is 5, Z is 30; the last is EOS. */
  private static final String LENGTHS =
      "ISXXXXXXXTZXXZXXXXXXXXZXXXXXXXXXBFFHIBDGFFDGDBBBAAABBBBBBBCDKBHF"
          + "IBCCCCCCCCCCCCCCCCCCCCCCDCDIOIJBKABABABBBACCBBBABCBAABCCCCCKGJIX"
          + "PRPPRRRSRSSSSSTSTTRSTSSSSQRSRSSTRQPRRSSQSRRTQRSSQQRQSRSSPRRRSRRS"
          + "VVPORSRUVVVWWVTUOQVWWVWTQQVVXWWWPTPQRQQSRRUUTTVSVWVVWWWWWXWWWWWVZ";

  private static final int SYMBOLS = 257;
  private static final int EOS = 256;
  private static final int LENGTH_MAX = 30;
  private static final int NONE = -1;

  /** A state is an inner node of the code's tree; there are as many as symbols but one. */
  private static final int STATES = SYMBOLS - 1;

  private static final int[] CODES = codes();

  /** By state and four bits: the next state, or {@link #NONE} if EOS was met. */
  private static final short[] NEXT = new short[STATES << 4];

  /** By state and four bits: the symbol that they complete, or {@link #NONE}; at most one does. */
  private static final short[] SYMBOL = new short[STATES << 4];

  /** By state: whether a text may end there, with fewer than eight ones to pad (section 5.2). */
  private static final boolean[] MAY_END = new boolean[STATES];

  static {
    fill(tree());
  }

  private Huffman() {}

  private static int length(int symbol) {
    return LENGTHS.charAt(symbol) - 'A' + 5;
  }

  private static int[] codes() {
    int[] codes = new int[SYMBOLS];
    int code = 0;
    for (int length = 5; length <= LENGTH_MAX; length++) {
      for (int symbol = 0; symbol < SYMBOLS; symbol++) {
        if (length(symbol) == length) {
          codes[symbol] = code++;
        }
      }
      code <<= 1;
    }
    return codes;
  }

  /** Returns the children of each inner node, two by two: a node, or the complement of a symbol. */
  private static int[] tree() {
    int[] children = new int[2 * STATES];
    Arrays.fill(children, Integer.MAX_VALUE);
    int nodes = 1;
    for (int symbol = 0; symbol < SYMBOLS; symbol++) {
      int node = 0;
      for (int bit = length(symbol) - 1; bit > 0; bit--) {
        int child = 2 * node + ((CODES[symbol] >>> bit) & 1);
        if (children[child] == Integer.MAX_VALUE) {
          children[child] = nodes++;
        }
        node = children[child];
      }
      children[2 * node + (CODES[symbol] & 1)] = ~symbol;
    }
    assert nodes == STATES;
    return children;
  }

  private static void fill(int[] children) {
    for (int state = 0; state < STATES; state++) {
      for (int nibble = 0; nibble < 16; nibble++) {
        int node = state;
        int symbol = NONE;
        for (int bit = 3; bit >= 0; bit--) {
          node = children[2 * node + ((nibble >>> bit) & 1)];
          if (node < 0) {
            symbol = ~node;
            node = 0;
          }
        }
        NEXT[(state << 4) | nibble] = (short) (symbol == EOS ? NONE : node);
        SYMBOL[(state << 4) | nibble] = (short) (symbol == EOS ? NONE : symbol);
      }
    }
    int node = 0;
    for (int ones = 0; ones < 8; ones++) {
      MAY_END[node] = true;
      node = children[2 * node + 1];
    }
  }

  /**
   * Decodes a text.
   *
   * @param out has room for 8/5 of its length
   * @return how many bytes it has, from 0 in {@code out}; -1 if the code is wrong
   */
  static int decode(byte[] in, int from, int to, byte[] out) {
    int state = 0;
    int size = 0;
    for (int i = from; i < to; i++) {
      int step = (state << 4) | ((in[i] >>> 4) & 15);
      if (SYMBOL[step] >= 0) {
        out[size++] = (byte) SYMBOL[step];
      }
      state = NEXT[step];
      if (state < 0) {
        return -1;
      }
      step = (state << 4) | (in[i] & 15);
      if (SYMBOL[step] >= 0) {
        out[size++] = (byte) SYMBOL[step];
      }
      state = NEXT[step];
      if (state < 0) {
        return -1;
      }
    }
    return MAY_END[state] ? size : -1;
  }

  /** Returns how many bytes a text takes. */
  static int size(byte[] text) {
    long bits = 7;
    for (byte b : text) {
      bits += length(b & 0xFF);
    }
    return (int) (bits >>> 3);
  }

  /** Encodes a text to {@code out}, from {@code at}; {@link #size} says how much room it takes. */
  static void encode(byte[] text, byte[] out, int at) {
    long bits = 0;
    int count = 0;
    int to = at;
    for (byte b : text) {
      int length = length(b & 0xFF);
      bits = (bits << length) | CODES[b & 0xFF];
      count += length;
      for (; count >= 8; count -= 8) {
        out[to++] = (byte) (bits >>> (count - 8));
      }
    }
    if (count > 0) { // padded with the first bits of EOS, which are ones
      out[to] = (byte) ((bits << (8 - count)) | (0xFF >>> count));
    }
  }
}
