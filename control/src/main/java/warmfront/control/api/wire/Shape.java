package warmfront.control.api.wire;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What a value of a request must be like. */
public sealed interface Shape {
  /**
   * A structure.
   *
   * @param members its members by name, in the order of the API's description
   */
  record Structure(Map<String, Member> members) implements Shape {}

  /**
   * A member of a structure.
   *
   * @param shape the name of its shape
   * @param required whether it must be there
   */
  record Member(String shape, boolean required) {}

  /**
   * A list.
   *
   * @param member the name of its members' shape
   * @param range how many there may be
   */
  record Items(String member, Range range) implements Shape {}

  /**
   * A text, number, flag or bytes.
   *
   * @param choices the allowed values, none for any
   * @param range length of a text or bytes, value of a number
   * @param pattern what the whole text must match
   */
  record Simple(Set<String> choices, Range range, Optional<Pattern> pattern) implements Shape {
    static final Simple ANY = new Simple(Set.of(), Range.ANY, Optional.empty());
  }

  /** Bounds, inclusive. */
  record Range(double min, double max) {
    static final Range ANY = new Range(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

    boolean holds(double value) {
      return value >= min && value <= max;
    }

    @Override
    public String toString() {
      if (min == Double.NEGATIVE_INFINITY) {
        return "at most " + plain(max);
      }
      return max == Double.POSITIVE_INFINITY
          ? "at least " + plain(min)
          : plain(min) + " to " + plain(max);
    }

    private static String plain(double bound) {
      return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
    }
  }

  /** The names of shapes that have no constraints. */
  List<String> PLAIN =
      List.of("string", "integer", "long", "boolean", "float", "double", "timestamp", "blob");
}
