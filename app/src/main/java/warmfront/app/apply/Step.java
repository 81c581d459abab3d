package warmfront.app.apply;

import java.util.Set;

/** What is to be done with one resource of a stack. */
sealed interface Step {
  /** It is not there. */
  record Create() implements Step {}

  /** It is as the template wants it. */
  record Keep() implements Step {}

  /**
   * It is there, and otherwise.
   *
   * @param paths where
   */
  record Update(Set<String> paths) implements Step {}

  /**
   * Another takes its place.
   *
   * @param paths what cannot be changed of it, and is to be
   */
  record Replace(Set<String> paths) implements Step {}

  /** Returns the sign that plans have for it. */
  default String sign() {
    return switch (this) {
      case Create _ -> "+";
      case Keep _ -> "=";
      case Update _ -> "~";
      case Replace _ -> "±";
    };
  }

  /** Returns the paths that differ. */
  default Set<String> paths() {
    return switch (this) {
      case Create _, Keep _ -> Set.of();
      case Update(Set<String> paths) -> paths;
      case Replace(Set<String> paths) -> paths;
    };
  }
}
