package warmfront.routing.map;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON (RFC 8259) into maps, lists, strings, {@code Double}, {@code Boolean} and {@link
 * #NULL}. Owned by one thread.
 */
final class Json {
  /** Stands for {@code null}. */
  static final Object NULL = new Object();

  private static final int DEPTH_MAX = 32;

  /** The text is not JSON. */
  static final class MalformedException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int line;

    MalformedException(int line, String reason) {
      super(reason);
      this.line = line;
    }

    int line() {
      return line;
    }
  }

  private final String text;
  private int at;

  private Json(String text) {
    this.text = text;
  }

  /**
   * Reads a value.
   *
   * @throws MalformedException if the text is not one, whole
   */
  static Object read(String text) {
    Json json = new Json(text);
    Object value = json.value(0);
    json.space();
    if (json.at < text.length()) {
      throw json.malformed("the end is expected");
    }
    return value;
  }

  private MalformedException malformed(String reason) {
    int line =
        1
            + (int)
                text.substring(0, Math.min(at, text.length()))
                    .chars()
                    .filter(c -> c == '\n')
                    .count();
    return new MalformedException(line, reason);
  }

  private void space() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private char peek() {
    space();
    if (at >= text.length()) {
      throw malformed("it ends too early");
    }
    return text.charAt(at);
  }

  private void expect(char wanted) {
    if (peek() != wanted) {
      throw malformed("'%s' is expected, not '%s'".formatted(wanted, peek()));
    }
    at++;
  }

  private Object value(int depth) {
    if (depth > DEPTH_MAX) {
      throw malformed("it is nested more than %d deep".formatted(DEPTH_MAX));
    }
    return switch (peek()) {
      case '{' -> object(depth);
      case '[' -> list(depth);
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", NULL);
      default -> number();
    };
  }

  private Map<String, Object> object(int depth) {
    Map<String, Object> object = new LinkedHashMap<>();
    expect('{');
    if (peek() == '}') {
      at++;
      return object;
    }
    do {
      peek();
      String name = string();
      expect(':');
      if (object.put(name, value(depth + 1)) != null) {
        throw malformed("a second " + name);
      }
    } while (goesOn('}'));
    return object;
  }

  private List<Object> list(int depth) {
    List<Object> list = new ArrayList<>();
    expect('[');
    if (peek() == ']') {
      at++;
      return list;
    }
    do {
      list.add(value(depth + 1));
    } while (goesOn(']'));
    return list;
  }

  private boolean goesOn(char end) {
    char next = peek();
    if (next != ',' && next != end) {
      throw malformed("',' or '%s' is expected, not '%s'".formatted(end, next));
    }
    at++;
    return next == ',';
  }

  private Object word(String word, Object value) {
    if (!text.startsWith(word, at)) {
      throw malformed("not a value");
    }
    at += word.length();
    return value;
  }

  private Double number() {
    int start = at;
    while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    String digits = text.substring(start, at);
    if (!digits.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?")) {
      throw malformed("not a value");
    }
    return Double.valueOf(digits);
  }

  private String string() {
    expect('"');
    StringBuilder string = new StringBuilder();
    while (at < text.length() && text.charAt(at) != '"') {
      char next = text.charAt(at++);
      if (next < ' ') {
        throw malformed("a control character in a string");
      }
      string.append(next == '\\' ? escaped() : next);
    }
    if (at >= text.length()) {
      throw malformed("a string without an end");
    }
    at++;
    return string.toString();
  }

  private char escaped() {
    if (at >= text.length()) {
      throw malformed("it ends too early");
    }
    char next = text.charAt(at++);
    return switch (next) {
      case '"', '\\', '/' -> next;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw malformed("not an escape: \\" + next);
    };
  }

  private char unicode() {
    if (at + 4 > text.length() || !text.substring(at, at + 4).matches("[0-9a-fA-F]{4}")) {
      throw malformed("four hexadecimal digits are expected");
    }
    at += 4;
    return (char) Integer.parseInt(text.substring(at - 4, at), 16);
  }
}
