package warmfront.signing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import warmfront.http.Fields;

/** The canonical forms of a request's parts (Signature Version 4, "create a canonical request"). */
final class Canonical {
  private static final String HEX = "0123456789ABCDEF";

  private Canonical() {}

  /**
   * Returns the canonical request.
   *
   * @param query the canonical query, as {@link #query} returns it
   * @param signed names of the signed fields, lower case and sorted
   */
  static String request(
      Flavour flavour, Message message, String query, List<String> signed, String payloadHash) {
    StringBuilder text = new StringBuilder(512);
    text.append(message.method()).append('\n');
    text.append(path(flavour, message.path())).append('\n');
    text.append(query).append('\n');
    for (String name : signed) {
      text.append(name).append(':').append(value(message.fields(), name)).append('\n');
    }
    return text.append('\n')
        .append(String.join(";", signed))
        .append('\n')
        .append(payloadHash)
        .toString();
  }

  static String path(Flavour flavour, String rawPath) {
    return switch (flavour) {
      case S3 -> encode(decode(rawPath), true);
      case ORDINARY -> encode(bytes(normalised(rawPath)), true);
    };
  }

  /** Returns the query with every name and value encoded in the one right way, sorted. */
  static String query(String rawQuery) {
    return parameters(rawQuery).stream()
        .filter(parameter -> !parameter.name().equals("X-Amz-Signature"))
        .sorted(Comparator.comparing(Parameter::encodedName).thenComparing(Parameter::encodedValue))
        .map(parameter -> parameter.encodedName() + "=" + parameter.encodedValue())
        .collect(Collectors.joining("&"));
  }

  /**
   * A parameter of a query, in canonical encoding.
   *
   * @param encodedName its name
   * @param encodedValue its value, empty without one
   */
  record Parameter(String encodedName, String encodedValue) {
    String name() {
      return text(encodedName);
    }

    String value() {
      return text(encodedValue);
    }

    private static String text(String encoded) {
      return new String(decode(encoded), StandardCharsets.UTF_8);
    }
  }

  static List<Parameter> parameters(String rawQuery) {
    List<Parameter> parameters = new ArrayList<>();
    for (String pair : rawQuery.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      if (!pair.isEmpty()) {
        parameters.add(new Parameter(encode(decode(name), false), encode(decode(value), false)));
      }
    }
    return parameters;
  }

  /** Returns the names in lower case, sorted, each once. */
  static List<String> names(Collection<String> names) {
    return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).distinct().sorted().toList();
  }

  private static String value(Fields fields, String name) {
    return fields.all(name).stream().map(Canonical::trimmed).collect(Collectors.joining(","));
  }

  /** Returns the value without outer blanks and with inner runs of blanks as one space. */
  private static String trimmed(String value) {
    StringBuilder text = new StringBuilder(value.length());
    boolean blank = false;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == ' ' || c == '\t') {
        blank = true;
        continue;
      }
      if (blank && !text.isEmpty()) {
        text.append(' ');
      }
      blank = false;
      text.append(c);
    }
    return text.toString();
  }

  /** Resolves dot segments and empty ones; a closing slash stays. */
  private static String normalised(String path) {
    Deque<String> segments = new ArrayDeque<>();
    for (String segment : path.split("/", -1)) {
      if (segment.equals("..")) {
        segments.pollLast();
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        segments.addLast(segment);
      }
    }
    if (segments.isEmpty()) {
      return "/";
    }
    boolean closed = path.endsWith("/") || path.endsWith("/.") || path.endsWith("/..");
    return "/" + String.join("/", segments) + (closed ? "/" : "");
  }

  /** Returns the bytes that percent-encoded text stands for; a {@code %} without digits is one. */
  private static byte[] decode(String text) {
    byte[] raw = bytes(text);
    int length = 0;
    int next = 0;
    while (next < raw.length) {
      int decoded = raw[next] == '%' ? hexPair(raw, next + 1) : -1;
      raw[length++] = decoded < 0 ? raw[next] : (byte) decoded;
      next += decoded < 0 ? 1 : 3;
    }
    return Arrays.copyOf(raw, length);
  }

  private static int hexPair(byte[] raw, int at) {
    if (at + 1 >= raw.length) {
      return -1;
    }
    int high = raw[at] < 0 ? -1 : Character.digit(raw[at], 16);
    int low = raw[at + 1] < 0 ? -1 : Character.digit(raw[at + 1], 16);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }

  /** Returns what was on the wire: a character up to U+00FF is a byte, others are UTF-8. */
  private static byte[] bytes(String text) {
    boolean wide = text.chars().anyMatch(c -> c > 0xFF);
    return text.getBytes(wide ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
  }

  private static String encode(byte[] bytes, boolean keepSlash) {
    StringBuilder text = new StringBuilder(bytes.length + 16);
    for (byte b : bytes) {
      if (isUnreserved(b) || (keepSlash && b == '/')) {
        text.append((char) b);
      } else {
        text.append('%').append(HEX.charAt((b >> 4) & 0xF)).append(HEX.charAt(b & 0xF));
      }
    }
    return text.toString();
  }

  // RFC 3986, 2.3
  private static boolean isUnreserved(byte b) {
    return (b >= 'A' && b <= 'Z')
        || (b >= 'a' && b <= 'z')
        || (b >= '0' && b <= '9')
        || b == '-'
        || b == '.'
        || b == '_'
        || b == '~';
  }
}
