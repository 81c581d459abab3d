package warmfront.control.api;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import warmfront.control.api.Family.Name;
import warmfront.control.api.wire.Refused;
import warmfront.distribution.Behavior;
import warmfront.distribution.Distribution;
import warmfront.distribution.Resource;

/** What is the same for all policies that a behavior may name. */
final class Policies {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,128}");

  private Policies() {}

  /**
   * Checks a policy's name and comment.
   *
   * @param config the structure they are in
   * @throws Refused {@code InvalidArgument}
   */
  static void check(String config, String name, String comment) {
    if (!NAME.matcher(name).matches()) {
      throw invalid(config, "Name", "has 1 to 128 letters, digits, - and _: '%s'".formatted(name));
    }
    Comments.check(config, comment);
  }

  /**
   * Returns the name that only one policy of a type may have.
   *
   * @param type the type of its rows
   * @param taken the error if another has it
   */
  static List<Name> names(String type, String name, String taken) {
    return List.of(
        new Name(
            type + "-name",
            name,
            taken,
            "A %s with the name %s exists already".formatted(type.replace('-', ' '), name)));
  }

  /**
   * Returns whether a behavior of a resource names a policy.
   *
   * @param reference what a behavior names
   */
  static boolean uses(Resource user, String id, Function<Behavior, Optional<String>> reference) {
    return user instanceof Distribution distribution
        && (names(distribution.defaultBehavior(), id, reference)
            || distribution.behaviors().stream()
                .anyMatch(behavior -> names(behavior, id, reference)));
  }

  private static boolean names(
      Behavior behavior, String id, Function<Behavior, Optional<String>> reference) {
    return reference.apply(behavior).filter(id::equals).isPresent();
  }

  static Refused invalid(String config, String field, String what) {
    return new Refused("InvalidArgument", "The parameter %s.%s %s.".formatted(config, field, what));
  }
}
