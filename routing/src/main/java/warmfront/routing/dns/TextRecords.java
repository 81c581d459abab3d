package warmfront.routing.dns;

import static java.util.stream.Collectors.toUnmodifiableMap;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * TXT records of the zone that others ask to see in it: the proofs of ACME's dns-01 challenge (RFC
 * 8555, section 8.4) and the like. Immutable.
 *
 * @param values the texts of each name. A name begins with an underscore (RFC 8552), as {@code
 *     _acme-challenge.d1.cdn.example.net}, or is the zone's own; at most {@value #NAMES_MAX} names,
 *     {@value #VALUES_MAX} texts to a name and {@value #VALUE_BYTES_MAX} bytes to a text
 */
public record TextRecords(Map<WireName, List<String>> values) {
  /** Most names with texts. */
  public static final int NAMES_MAX = 10_000;

  /** Most texts of a name: all of them stand in one reply. */
  public static final int VALUES_MAX = 8;

  /** Longest text, in bytes (RFC 1035, section 3.3). */
  public static final int VALUE_BYTES_MAX = 255;

  /** No texts. */
  public static final TextRecords NONE = new TextRecords(Map.of());

  public TextRecords {
    if (values.size() > NAMES_MAX) {
      throw new IllegalArgumentException(
          "at most %d names have texts: %d".formatted(NAMES_MAX, values.size()));
    }
    values =
        values.entrySet().stream()
            .collect(toUnmodifiableMap(Map.Entry::getKey, entry -> checked(entry)));
  }

  private static List<String> checked(Map.Entry<WireName, List<String>> entry) {
    List<String> texts = List.copyOf(entry.getValue());
    if (texts.isEmpty() || texts.size() > VALUES_MAX) {
      throw new IllegalArgumentException(
          "%s has 1 to %d texts: %d".formatted(entry.getKey(), VALUES_MAX, texts.size()));
    }
    for (String text : texts) {
      if (bytes(text).length > VALUE_BYTES_MAX) {
        throw new IllegalArgumentException(
            "a text has at most %d bytes: %s".formatted(VALUE_BYTES_MAX, text));
      }
    }
    return texts;
  }

  /** Returns the data of a name's records. */
  static List<byte[]> data(List<String> texts) {
    return texts.stream()
        .map(text -> {
          byte[] bytes = bytes(text);
          byte[] data = new byte[1 + bytes.length];
          data[0] = (byte) bytes.length;
          System.arraycopy(bytes, 0, data, 1, bytes.length);
          return data;
        })
        .toList();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
