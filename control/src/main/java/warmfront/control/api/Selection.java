package warmfront.control.api;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import warmfront.control.api.wire.Refused;
import warmfront.distribution.NameSet;
import warmfront.distribution.NameSet.Mode;
import warmfront.http.Fields;

/**
 * Headers, cookies or query strings that a policy selects.
 *
 * @param field where they are named
 * @param names the selection
 */
record Selection(String field, NameSet names) {
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
    List<String> names = Objects.requireNonNullElse(items, List.of());
    boolean lists = mode == Mode.WHITELIST || mode == Mode.ALL_EXCEPT;
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
    return new Selection(field, new NameSet(mode, names));
  }

  boolean selects() {
    return names.mode() != Mode.NONE;
  }

  /** Refuses names that are no header's (RFC 9110, section 5.1). */
  void requireTokens() {
    for (String name : names.names()) {
      if (!Fields.isToken(name)) {
        throw invalid(field, "names a header that cannot be one: '%s'".formatted(name));
      }
    }
  }

  void limit(int max, String code) {
    if (names.names().size() > max) {
      throw new Refused(
          code, "%s has %d names; %d are allowed.".formatted(field, names.names().size(), max));
    }
  }

  private static Refused invalid(String field, String what) {
    return new Refused("InvalidArgument", "The parameter %s %s.".formatted(field, what));
  }
}
