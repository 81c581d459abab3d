package warmfront.edge.behavior;

/**
 * A path pattern: {@code *} stands for any characters, {@code /} included, {@code ?} for exactly
 * one; everything else for itself, case-sensitive; a leading slash may be left out (CloudFront,
 * "Path pattern"). Immutable.
 *
 * <p>State i means that i tokens are behind us; a star before token i lets state i stay where it
 * is. All states move at once, as bits: time is the path's length times the words, at most four.
 */
final class PathPattern {
  private static final int LATIN_1 = 256;

  private final String text;
  private final int words;
  private final long[] stays;
  private final byte[] classOf = new byte[LATIN_1];
  private final long[] moves;
  private final int last;

  /**
   * Compiles a pattern.
   *
   * @throws IllegalArgumentException if it is empty, longer than 255 characters, or has characters
   *     above U+00FF
   */
  PathPattern(String text) {
    if (text.isEmpty() || text.length() > 255) {
      throw new IllegalArgumentException("a path pattern has 1 to 255 characters: " + text);
    }
    if (text.chars().anyMatch(c -> c >= LATIN_1)) {
      throw new IllegalArgumentException("a path pattern has ASCII characters only: " + text);
    }
    this.text = text;
    String full = text.startsWith("/") || text.startsWith("*") ? text : "/" + text;
    last = (int) full.chars().filter(c -> c != '*').count();
    words = last / Long.SIZE + 1;
    stays = new long[words];
    moves = new long[words * (classes(full) + 1)];
    compile(full);
  }

  private int classes(String full) {
    int classes = 0;
    for (int i = 0; i < full.length(); i++) {
      char c = full.charAt(i);
      if (c != '*' && c != '?' && classOf[c] == 0) {
        classOf[c] = (byte) ++classes;
      }
    }
    return classes;
  }

  private void compile(String full) {
    int state = 0;
    for (int i = 0; i < full.length(); i++) {
      char c = full.charAt(i);
      int word = state / Long.SIZE;
      long bit = 1L << state;
      if (c == '*') {
        stays[word] |= bit;
        continue;
      }
      for (int k = 0; k < moves.length / words; k++) {
        if (c == '?' || k == (classOf[c] & 0xFF)) {
          moves[k * words + word] |= bit;
        }
      }
      state++;
    }
  }

  /** Returns whether it stands for a whole path. */
  boolean matches(String path) {
    return words == 1 ? matchesNarrow(path) : matchesWide(path);
  }

  private boolean matchesNarrow(String path) {
    long stay = stays[0];
    long accept = 1L << last;
    long states = 1;
    for (int i = 0; i < path.length(); i++) {
      if (states == 0 || (states & accept & stay) != 0) {
        break;
      }
      states = (states & moves[classOf(path.charAt(i))]) << 1 | (states & stay);
    }
    return (states & accept) != 0;
  }

  private boolean matchesWide(String path) {
    long[] states = new long[words];
    states[0] = 1;
    for (int i = 0; i < path.length(); i++) {
      int from = classOf(path.charAt(i)) * words;
      long carry = 0;
      for (int w = 0; w < words; w++) {
        long moved = states[w] & moves[from + w];
        states[w] = moved << 1 | carry | (states[w] & stays[w]);
        carry = moved >>> (Long.SIZE - 1);
      }
    }
    return (states[last / Long.SIZE] & 1L << last) != 0;
  }

  private int classOf(char c) {
    return c < LATIN_1 ? classOf[c] & 0xFF : 0;
  }

  /** Returns the pattern as it was written. */
  @Override
  public String toString() {
    return text;
  }
}
