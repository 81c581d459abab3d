package warmfront.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a Range field asks for, resolved against the length of the representation (RFC 9110, section
 * 14.2). A list that is not ascending, overlaps, or has anything invalid in it asks for the whole,
 * as CloudFront has it.
 */
public sealed interface Ranges {
  /** The most parts of one request; a list with more asks for the whole (RFC 9110, 14.2). */
  int PARTS_MAX = 100;

  /** No part, or none that is to be obeyed: all of it, status 200. */
  record Whole() implements Ranges {}

  /** One part: status 206. */
  record Part(ByteRange range) implements Ranges {}

  /** At least two parts, ascending, without overlap. */
  record Parts(List<ByteRange> ranges) implements Ranges {
    public Parts {
      ranges = List.copyOf(ranges);
    }
  }

  /** All of it lies behind the end: status 416. */
  record Unsatisfiable() implements Ranges {}

  /**
   * Resolves a Range field.
   *
   * @param value the field's value
   * @param length of the representation, in bytes
   */
  static Ranges of(String value, long length) {
    if (!value.regionMatches(true, 0, "bytes=", 0, 6)) {
      return new Whole();
    }
    String[] specs = value.substring(6).split(",", PARTS_MAX + 1);
    if (specs.length > PARTS_MAX) {
      return new Whole();
    }
    List<ByteRange> ranges = new ArrayList<>(specs.length);
    long end = -1;
    for (String spec : specs) {
      @Nullable Spec read = Spec.of(spec.strip());
      if (read == null) {
        return new Whole();
      }
      if (!read.isIn(length)) {
        continue;
      }
      ByteRange range = read.in(length);
      if (range.first() <= end) {
        return new Whole();
      }
      end = range.last();
      ranges.add(range);
    }
    return switch (ranges.size()) {
      case 0 -> new Unsatisfiable();
      case 1 -> new Part(ranges.getFirst());
      default -> new Parts(ranges);
    };
  }

  /**
   * Returns the first range of a field that asks for parts, as it was written; empty if the field
   * is not one to be obeyed, whatever the length.
   */
  static Optional<Spec> firstOf(String value) {
    if (of(value, Long.MAX_VALUE) instanceof Whole) {
      return Optional.empty();
    }
    int comma = value.indexOf(',');
    String first = comma < 0 ? value.substring(6) : value.substring(6, comma);
    return Optional.ofNullable(Spec.of(first.strip()));
  }

  /**
   * One range as it was written.
   *
   * @param first offset of the first byte; -1 for the last {@code last} bytes
   * @param last offset of the last byte; {@link Long#MAX_VALUE} for the end
   */
  record Spec(long first, long last) {
    /** The most digits of a number that fits; longer ones are not taken. */
    private static final int DIGITS_MAX = 18;

    private static @Nullable Spec of(String text) {
      int dash = text.indexOf('-');
      if (dash < 0) {
        return null;
      }
      String left = text.substring(0, dash);
      String right = text.substring(dash + 1);
      long first = left.isEmpty() ? -1 : number(left);
      long last = right.isEmpty() ? Long.MAX_VALUE : number(right);
      boolean isSuffix = left.isEmpty() && !right.isEmpty() && last >= 0;
      boolean isRange = !left.isEmpty() && first >= 0 && last >= first;
      return isSuffix || isRange ? new Spec(first, last) : null;
    }

    private static long number(String digits) {
      if (digits.length() > DIGITS_MAX) {
        return -2;
      }
      long number = 0;
      for (int i = 0; i < digits.length(); i++) {
        char c = digits.charAt(i);
        if (c < '0' || c > '9') {
          return -2;
        }
        number = number * 10 + (c - '0');
      }
      return number;
    }

    private boolean isIn(long length) {
      return first < 0 ? last > 0 && length > 0 : first < length;
    }

    private ByteRange in(long length) {
      return first < 0
          ? new ByteRange(Math.max(0, length - last), length - 1)
          : new ByteRange(first, Math.min(last, length - 1));
    }
  }
}
