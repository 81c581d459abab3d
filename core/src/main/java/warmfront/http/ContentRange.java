package warmfront.http;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a 206 of one part says it holds (RFC 9110, section 14.4).
 *
 * @param range which bytes
 * @param length of the whole representation, in bytes
 */
public record ContentRange(ByteRange range, long length) {
  private static final String UNIT = "bytes ";

  public ContentRange {
    if (range.last() >= length) {
      throw new IllegalArgumentException("%s of %d bytes".formatted(range, length));
    }
  }

  /** Returns the value of Content-Range; empty if there is none, or not of a known length. */
  public static Optional<ContentRange> parse(Fields fields) {
    @Nullable String value = fields.value("Content-Range");
    if (value == null || !value.regionMatches(true, 0, UNIT, 0, UNIT.length())) {
      return Optional.empty();
    }
    int dash = value.indexOf('-');
    int slash = value.indexOf('/');
    if (dash < UNIT.length() || slash < dash) {
      return Optional.empty();
    }
    try {
      long first = number(value.substring(UNIT.length(), dash));
      long last = number(value.substring(dash + 1, slash));
      return Optional.of(
          new ContentRange(new ByteRange(first, last), number(value.substring(slash + 1))));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static long number(String digits) {
    if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new IllegalArgumentException("not a number: " + digits);
    }
    return Long.parseLong(digits);
  }

  /** Returns the value of the field. */
  @Override
  public String toString() {
    return UNIT + range.first() + "-" + range.last() + "/" + length;
  }
}
