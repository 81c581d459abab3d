package warmfront.control.api.wire;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;

/**
 * Checks requests against the table of facts: required members, choices, ranges, patterns, and the
 * rule that {@code Quantity} is the number of {@code Items}. Names the field that is wrong.
 * Thread-safe.
 */
public final class Constraints {
  private final Facts facts;

  /** Makes the checker of a table. */
  public Constraints(Facts facts) {
    this.facts = facts;
  }

  /**
   * Checks a request.
   *
   * @throws Refused {@code InvalidArgument} or {@code InconsistentQuantities}
   */
  public void check(Operation operation, SdkPojo request) {
    structure(request, facts.request(operation.name()), "");
  }

  private void structure(SdkPojo value, Shape.Structure shape, String path) {
    for (Map.Entry<String, Shape.Member> entry : shape.members().entrySet()) {
      String inner = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
      Optional<Object> member = Members.value(value, entry.getKey());
      if (member.isPresent()) {
        check(member.get(), facts.shape(entry.getValue().shape()), inner);
      } else if (entry.getValue().required() && !excused(value, entry.getKey())) {
        throw new Refused("InvalidArgument", "The parameter %s is required.".formatted(inner));
      }
    }
    if (shape.members().containsKey("Quantity") && shape.members().containsKey("Items")) {
      quantity(value, path);
    }
  }

  /**
   * Items may be left out where the quantity says that there are none. A version that is missing
   * has an error of its own, whether the model requires it or not.
   */
  private static boolean excused(SdkPojo value, String name) {
    return name.equals("IfMatch")
        || (name.equals("Items")
            && Members.value(value, "Quantity").map(Integer.valueOf(0)::equals).orElse(false));
  }

  private static void quantity(SdkPojo value, String path) {
    int quantity = Members.value(value, "Quantity").map(Integer.class::cast).orElse(0);
    int items = Members.value(value, "Items").map(list -> ((List<?>) list).size()).orElse(0);
    if (quantity != items) {
      throw new Refused(
          "InconsistentQuantities",
          "The value of Quantity and the number of Items of %s do not match: %d and %d."
              .formatted(path, quantity, items));
    }
  }

  private void check(Object value, Shape shape, String path) {
    switch (shape) {
      case Shape.Structure structure -> structure((SdkPojo) value, structure, path);
      case Shape.Items(String member, Shape.Range range) -> {
        List<?> items = (List<?>) value;
        within(range, items.size(), path, "number of items");
        for (int i = 0; i < items.size(); i++) {
          check(items.get(i), facts.shape(member), path + "[" + i + "]");
        }
      }
      case Shape.Simple simple -> simple(value, simple, path);
    }
  }

  private static void simple(Object value, Shape.Simple shape, String path) {
    switch (value) {
      case Number number -> within(shape.range(), number.doubleValue(), path, "value");
      case SdkBytes bytes ->
          within(shape.range(), bytes.asByteArrayUnsafe().length, path, "number of bytes");
      case String text -> text(text, shape, path);
      default -> {}
    }
  }

  private static void text(String text, Shape.Simple shape, String path) {
    if (!shape.choices().isEmpty() && !shape.choices().contains(text)) {
      throw new Refused(
          "InvalidArgument",
          "The parameter %s has the value '%s'; allowed are %s."
              .formatted(path, text, String.join(", ", shape.choices())));
    }
    within(shape.range(), text.codePointCount(0, text.length()), path, "length");
    if (shape.pattern().isPresent() && !shape.pattern().get().matcher(text).matches()) {
      throw new Refused(
          "InvalidArgument",
          "The parameter %s has the value '%s', which does not match %s."
              .formatted(path, text, shape.pattern().get()));
    }
  }

  private static void within(Shape.Range range, double value, String path, String what) {
    if (!range.holds(value)) {
      throw new Refused(
          "InvalidArgument",
          "The %s of %s is %s; it must be %s."
              .formatted(
                  what, path, new Shape.Range(value, value).toString().split(" ", 2)[0], range));
    }
  }
}
