package warmfront.distribution;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/**
 * Texts that others ask to see at a name of the zone: the proofs of ACME's dns-01 challenge (RFC
 * 8555, section 8.4) and the like.
 *
 * @param id the name, in lower case, without a dot at its end; its first label begins with an
 *     underscore (RFC 8552)
 * @param values 1 to {@value #VALUES_MAX} texts of at most {@value #VALUE_BYTES_MAX} bytes in
 *     UTF-8, without control characters
 */
public record TextRecord(String id, List<String> values) implements Resource {
  /** Most texts of a name: all of them stand in one reply. */
  public static final int VALUES_MAX = 8;

  /** Longest text, in bytes (RFC 1035, section 3.3). */
  public static final int VALUE_BYTES_MAX = 255;

  /** Most names with texts. */
  public static final int NAMES_MAX = 10_000;

  private static final int NAME_LENGTH_MAX = 253;

  public TextRecord {
    if (!id.matches("_[a-z0-9_-]{0,62}(\\.[a-z0-9_-]{1,63})+") || id.length() > NAME_LENGTH_MAX) {
      throw new IllegalArgumentException(
          "a name with texts is a domain name that begins with an underscore: " + id);
    }
    values = List.copyOf(values);
    if (values.isEmpty() || values.size() > VALUES_MAX) {
      throw new IllegalArgumentException(
          "%s has 1 to %d texts: %d".formatted(id, VALUES_MAX, values.size()));
    }
    values.forEach(TextRecord::requireText);
  }

  private static void requireText(String text) {
    if (text.getBytes(StandardCharsets.UTF_8).length > VALUE_BYTES_MAX
        || text.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "a text has at most %d bytes and no control characters: %s"
              .formatted(VALUE_BYTES_MAX, text));
    }
  }

  @Override
  public Set<Feature> features() {
    return Set.of(Feature.TEXT_RECORDS);
  }
}
