package warmfront.control.identity;

import java.util.List;
import java.util.Locale;
import warmfront.signing.Glob;

/**
 * What a user may do: statements, of which one that denies beats all that allow (IAM, "Policy
 * evaluation logic"). Immutable.
 *
 * @param statements in their order, which does not count
 */
record Policy(List<Statement> statements) {
  Policy {
    statements = List.copyOf(statements);
  }

  /** What a policy says of a deed. */
  enum Word {
    ALLOWED,
    DENIED,
    SILENT
  }

  /**
   * A statement.
   *
   * @param allows whether what it is about is allowed, or else denied
   * @param actions which actions it is about
   * @param resources which resources it is about
   */
  record Statement(boolean allows, Actions actions, Resources resources) {}

  /**
   * Which actions.
   *
   * @param others whether all others are meant ({@code NotAction})
   * @param patterns with wildcards; upper and lower case are the same
   */
  record Actions(boolean others, List<String> patterns) {
    Actions {
      patterns = patterns.stream().map(one -> one.toLowerCase(Locale.ROOT)).toList();
    }

    boolean cover(String action) {
      String lower = action.toLowerCase(Locale.ROOT);
      return others != patterns.stream().anyMatch(pattern -> Glob.matches(pattern, lower));
    }
  }

  /**
   * Which resources.
   *
   * @param others whether all others are meant ({@code NotResource})
   * @param patterns {@code *}, or ARNs with wildcards
   */
  record Resources(boolean others, List<ArnPattern> patterns) {
    Resources {
      patterns = List.copyOf(patterns);
    }

    boolean cover(String resource) {
      return others != patterns.stream().anyMatch(pattern -> pattern.covers(resource));
    }

    /** Returns whether it could be one of these; {@code resources} stands for several. */
    boolean meet(String resources) {
      return others || patterns.stream().anyMatch(pattern -> pattern.meets(resources));
    }
  }

  /** Returns what this policy says of a deed. */
  Word judge(Deed deed) {
    Word word = Word.SILENT;
    for (Statement statement : statements) {
      if (!statement.actions().cover(deed.action())) {
        continue;
      }
      if (!statement.allows() && denies(statement, deed)) {
        return Word.DENIED;
      }
      if (statement.allows() && statement.resources().cover(deed.resource())) {
        word = Word.ALLOWED;
      }
    }
    return word;
  }

  private static boolean denies(Statement statement, Deed deed) {
    return statement.resources().cover(deed.resource())
        || (deed.somewhere() && statement.resources().meet(deed.resource()));
  }
}
