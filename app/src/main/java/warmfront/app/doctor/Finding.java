package warmfront.app.doctor;

import org.jspecify.annotations.Nullable;

/**
 * What a check found.
 *
 * @param grade how bad it is
 * @param text a line: what was found and, if it is wrong, what to do
 */
@SuppressWarnings("AnnotateFormatMethod") // the annotation would be one more library
public record Finding(Grade grade, String text) {
  /** How bad it is. */
  public enum Grade {
    /** As it should be. */
    OK("ok"),
    /** Worth knowing; right or wrong depending on what this machine is for. */
    NOTE("note"),
    /** Viewers would notice. */
    WRONG("WRONG");

    private final String word;

    Grade(String word) {
      this.word = word;
    }
  }

  static Finding ok(String text, @Nullable Object... arguments) {
    return new Finding(Grade.OK, text.formatted(arguments));
  }

  static Finding note(String text, @Nullable Object... arguments) {
    return new Finding(Grade.NOTE, text.formatted(arguments));
  }

  static Finding wrong(String text, @Nullable Object... arguments) {
    return new Finding(Grade.WRONG, text.formatted(arguments));
  }

  /** Returns the line as people read it. */
  @Override
  public String toString() {
    return "%-6s %s".formatted(grade.word, text);
  }
}
