package warmfront.control.api;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import warmfront.control.api.wire.Refused;
import warmfront.distribution.NameSet;
import warmfront.distribution.NameSet.Mode;

/**
 * Headers, cookies or query strings that a policy selects.
 *
 * @param field where they are named
 * @param names the selection
 */
record Selection(String field, NameSet names) {
  /** CloudFront's quota of the combined length of what one policy names, of each. */
  private static final int CHARACTERS_MAX = 1_024;

  /**
   * Reads a selection.
   *
   * @param behavior {@code none}, {@code whitelist}, {@code allExcept} or {@code all}
   * @throws Refused if names are missing, not expected, empty or given twice
   */
  static Selection of(String field, String behavior, @Nullable List<String> items) {
    Mode mode =
        switch (behavior) {
          case "none" -> Mode.NONE;
          case "whitelist" -> Mode.WHITELIST;
          case "allExcept" -> Mode.ALL_EXCEPT;
          case "all" -> Mode.ALL;
          default -> throw new IllegalArgumentException("no such behavior: " + behavior);
        };
    boolean lists = mode == Mode.WHITELIST || mode == Mode.ALL_EXCEPT;
    return new Selection(field, new NameSet(mode, names(field, behavior, lists, items)));
  }

  /**
   * Reads the names of a selection.
   *
   * @param lists whether the behavior asks for names
   * @throws Refused if names are missing, not expected, empty or given twice
   */
  static List<String> names(
      String field, String behavior, boolean lists, @Nullable List<String> items) {
    List<String> names = Objects.requireNonNullElse(items, List.of());
    if (lists == names.isEmpty()) {
      throw invalid(
          field,
          lists
              ? "must have names for the behavior " + behavior
              : "must not have names for the behavior " + behavior);
    }
    long distinct = names.stream().map(name -> name.toLowerCase(Locale.ROOT)).distinct().count();
    if (field.startsWith("Headers") && distinct < names.size()) {
      throw invalid(field, "has a name twice");
    }
    if (names.stream().anyMatch(String::isEmpty)
        || names.stream().distinct().count() < names.size()) {
      throw invalid(field, "has an empty name, or one twice");
    }
    return names;
  }

  boolean selects() {
    return names.mode() != Mode.NONE;
  }

  void limit(int max, String code) {
    limit(field, names.names(), max, code);
  }

  /**
   * Checks how many names there are, and how long they are together.
   *
   * @param code the error for too many
   * @throws Refused if they are too many, or {@code InvalidArgument} if they are too long
   */
  static void limit(String field, List<String> names, int max, String code) {
    if (names.size() > max) {
      throw new Refused(
          code, "%s has %d names; %d are allowed.".formatted(field, names.size(), max));
    }
    int characters = names.stream().mapToInt(String::length).sum();
    if (characters > CHARACTERS_MAX) {
      throw invalid(
          field,
          "has names of %d characters together; %d are allowed"
              .formatted(characters, CHARACTERS_MAX));
    }
  }

  private static Refused invalid(String field, String what) {
    return new Refused("InvalidArgument", "The parameter %s %s.".formatted(field, what));
  }
}
