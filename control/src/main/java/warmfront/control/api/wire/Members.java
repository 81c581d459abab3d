package warmfront.control.api.wire;

import java.util.Optional;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/** Reads and copies members of model classes by their names in the API's description. */
public final class Members {
  private Members() {}

  /** Returns a member's value; empty if it is absent or the class has no such member. */
  public static Optional<Object> value(SdkPojo pojo, String name) {
    // Called for each member of each item of a list.
    for (SdkField<?> field : pojo.sdkFields()) {
      if (field.memberName().equals(name)) {
        return value(pojo, field);
      }
    }
    return Optional.empty();
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

  /** Returns a member's value as text; empty if it is absent. */
  public static Optional<String> text(SdkPojo pojo, String name) {
    return value(pojo, name).map(Object::toString);
  }

  /**
   * Sets a member.
   *
   * @throws IllegalArgumentException if the class has none of this name
   */
  public static void set(SdkPojo builder, String name, Object value) {
    field(builder, name).set(builder, value);
  }

  /** Sets a member if the class has one of this name. */
  public static void setIfThere(SdkPojo builder, String name, Object value) {
    builder.sdkFields().stream()
        .filter(field -> field.memberName().equals(name))
        .forEach(field -> field.set(builder, value));
  }

  /** Returns an empty builder of a structure that is a member. */
  public static SdkPojo blank(SdkPojo pojo, String name) {
    return field(pojo, name).constructor().get();
  }

  /** Returns an empty builder of the elements of a list that is a member. */
  public static SdkPojo blankItem(SdkPojo pojo, String name) {
    SdkField<?> items = field(pojo, name).getTrait(ListTrait.class).memberFieldInfo();
    return items.constructor().get();
  }

  /** Returns whether a class has a member. */
  public static boolean has(SdkPojo pojo, String name) {
    return pojo.sdkFields().stream().anyMatch(field -> field.memberName().equals(name));
  }

  /** Returns whether the elements of a list that is a member are texts. */
  public static boolean itemsAreTexts(SdkPojo pojo, String name) {
    SdkField<?> items = field(pojo, name).getTrait(ListTrait.class).memberFieldInfo();
    return items.marshallingType().equals(MarshallingType.STRING);
  }

  private static SdkField<?> field(SdkPojo pojo, String name) {
    return pojo.sdkFields().stream()
        .filter(field -> field.memberName().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "%s has no member %s".formatted(pojo.getClass().getSimpleName(), name)));
  }

  /** Returns what a builder has been told, built. */
  public static SdkPojo build(SdkPojo builder) {
    return (SdkPojo) ((SdkBuilder<?, ?>) builder).build();
  }
}
