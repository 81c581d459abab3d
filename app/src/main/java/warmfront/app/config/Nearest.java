package warmfront.app.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Guesses which of the known words was meant. */
final class Nearest {
  private Nearest() {}

  /** Returns the known word with the fewest edits from {@code typed}. */
  static Optional<String> to(String typed, Collection<String> known) {
    return known.stream()
        .min(
            Comparator.<String>comparingInt(word -> edits(typed, word))
                .thenComparing(word -> word));
  }

  /** The Levenshtein distance: inserted, deleted and replaced letters. */
  static int edits(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[to.length()];
  }
}
