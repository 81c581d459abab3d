package warmfront.signing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON as far as policies have it: objects, arrays, texts, and whole numbers from 0 up (RFC 8259).
 * Also {@code \?} within a text, which stays as it is: CloudFront's guide writes it so.
 */
public final class Json {
  private static final int DEPTH_MAX = 8;

  private final String text;
  private int at;

  private Json(String text) {
    this.text = text;
  }

  /**
   * Returns a value: a {@link Map} without a name twice, a {@link List}, a {@link String} or a
   * {@link Long}.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Object parse(String text) {
    Json json = new Json(text);
    Object value = json.value(0);
    json.space();
    if (json.at < text.length()) {
      throw json.wrong("nothing more");
    }
    return value;
  }

  private Object value(int depth) {
    if (depth > DEPTH_MAX) {
      throw wrong("fewer levels");
    }
    space();
    char c = peek();
    return switch (c) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> string();
      default -> number();
    };
  }

  private Map<String, Object> object(int depth) {
    Map<String, Object> members = new LinkedHashMap<>();
    expect('{');
    if (next('}')) {
      return members;
    }
    do {
      space();
      String name = string();
      space();
      expect(':');
      if (members.put(name, value(depth + 1)) != null) {
        throw wrong("each member once");
      }
    } while (next(','));
    space();
    expect('}');
    return members;
  }

  private List<Object> array(int depth) {
    List<Object> items = new ArrayList<>();
    expect('[');
    if (next(']')) {
      return items;
    }
    do {
      items.add(value(depth + 1));
    } while (next(','));
    space();
    expect(']');
    return items;
  }

  private String string() {
    expect('"');
    StringBuilder out = new StringBuilder();
    for (char c = take(); c != '"'; c = take()) {
      if (c < ' ') {
        throw wrong("no control character");
      }
      if (c == '\\') {
        out.append(escaped());
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  private String escaped() {
    char c = take();
    return switch (c) {
      case '"', '\\', '/' -> String.valueOf(c);
      case '?' -> "\\?";
      case 'b' -> "\b";
      case 'f' -> "\f";
      case 'n' -> "\n";
      case 'r' -> "\r";
      case 't' -> "\t";
      case 'u' -> {
        String digits = text.substring(at, Math.min(at + 4, text.length()));
        if (!digits.matches("[0-9A-Fa-f]{4}")) {
          throw wrong("four hexadecimal digits");
        }
        at += 4;
        yield String.valueOf((char) Integer.parseInt(digits, 16));
      }
      default -> throw wrong("an escape");
    };
  }

  private Long number() {
    int begin = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    String digits = text.substring(begin, at);
    if (digits.isEmpty() || (digits.length() > 1 && digits.startsWith("0"))) {
      throw wrong("a value");
    }
    return Long.valueOf(digits);
  }

  private void space() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private boolean next(char wanted) {
    space();
    if (at < text.length() && text.charAt(at) == wanted) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char wanted) {
    if (take() != wanted) {
      at--;
      throw wrong("'" + wanted + "'");
    }
  }

  private char take() {
    char c = peek();
    at++;
    return c;
  }

  private char peek() {
    if (at >= text.length()) {
      throw wrong("more");
    }
    return text.charAt(at);
  }

  private IllegalArgumentException wrong(String wanted) {
    return new IllegalArgumentException("at %d there should be %s".formatted(at, wanted));
  }
}
