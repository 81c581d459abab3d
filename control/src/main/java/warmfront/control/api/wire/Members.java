package warmfront.control.api.wire;

import java.util.Optional;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/** Reads and copies members of model classes by their names in the API's description. */
public final class Members {
  private Members() {}

  /** Returns a member's value; empty if it is absent or the class has no such member. */
  public static Optional<Object> value(SdkPojo pojo, String name) {
    return pojo.sdkFields().stream()
        .filter(field -> field.memberName().equals(name))
        .findFirst()
        .flatMap(field -> value(pojo, field));
  }

  /** Returns a member's value; empty if it is absent, as a list that nobody gave is. */
  static Optional<Object> value(SdkPojo pojo, SdkField<?> field) {
    Object value = field.getValueOrDefault(pojo);
    return value == null || value instanceof SdkAutoConstructList
        ? Optional.empty()
        : Optional.of(value);
  }

  /**
   * Copies the members which both classes have by the same name.
   *
   * @param from a built value
   * @param to a builder
   * @return {@code to}
   */
  public static <B extends SdkPojo> B copy(SdkPojo from, B to) {
    for (SdkField<?> field : to.sdkFields()) {
      value(from, field.memberName()).ifPresent(value -> field.set(to, value));
    }
    return to;
  }

  /** Returns what a builder has been told, built. */
  static SdkPojo build(SdkPojo builder) {
    return (SdkPojo) ((SdkBuilder<?, ?>) builder).build();
  }
}
