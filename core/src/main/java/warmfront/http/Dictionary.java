package warmfront.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A Dictionary of Structured Fields (RFC 8941, section 3.2), as far as cache directives need one:
 * what no directive has, as a decimal or an inner list, is checked and told as such, and parameters
 * are checked and left out. Whatever is not in the form makes the whole invalid.
 */
final class Dictionary {
  /** A value in it. */
  sealed interface Member {
    /** An Integer. */
    record Whole(long number) implements Member {}

    /** A Boolean; true for a name without a value. */
    record Flag(boolean on) implements Member {}

    /** A String or a Token. */
    record Text(String text) implements Member {}

    /** Anything else. */
    record Other() implements Member {}
  }

  private static final Member OTHER = new Member.Other();
  private static final Member TRUE = new Member.Flag(true);
  private static final int WHOLE_DIGITS_MAX = 15;
  private static final int DECIMAL_DIGITS_MAX = 12;
  private static final int FRACTION_DIGITS_MAX = 3;

  private final String text;
  private int at;

  private Dictionary(String text) {
    this.text = text;
  }

  /** Returns the members, the last of each name; empty if the text is not a Dictionary. */
  static Optional<Map<String, Member>> parse(String text) {
    return Optional.ofNullable(new Dictionary(text).members());
  }

  /** Section 4.2.2. */
  private @Nullable Map<String, Member> members() {
    Map<String, Member> members = new LinkedHashMap<>();
    skip(" ");
    while (at < text.length()) {
      @Nullable String key = key();
      @Nullable Member value = key == null ? null : value();
      if (key == null || value == null) {
        return null;
      }
      members.put(key, value);
      skip(" \t");
      if (at == text.length()) {
        return members;
      }
      if (!takes(',')) {
        return null;
      }
      skip(" \t");
      if (at == text.length()) {
        return null; // a comma at the end
      }
    }
    return members;
  }

  private @Nullable Member value() {
    @Nullable Member value;
    if (!takes('=')) {
      value = TRUE;
    } else if (takes('(')) {
      value = innerList();
    } else {
      value = bare();
    }
    return value != null && parameters() ? value : null;
  }

  private @Nullable Member innerList() {
    while (true) {
      skip(" ");
      if (takes(')')) {
        return OTHER;
      }
      if (bare() == null || !parameters()) {
        return null;
      }
      if (peek() != ' ' && peek() != ')') {
        return null;
      }
    }
  }

  private boolean parameters() {
    while (takes(';')) {
      skip(" ");
      if (key() == null || (takes('=') && bare() == null)) {
        return false;
      }
    }
    return true;
  }

  private @Nullable String key() {
    int from = at;
    if (!isLower(peek()) && peek() != '*') {
      return null;
    }
    while (isLower(peek()) || isDigit(peek()) || (peek() > 0 && "_-.*".indexOf(peek()) >= 0)) {
      at++;
    }
    return text.substring(from, at);
  }

  /** Section 4.2.3.1. */
  private @Nullable Member bare() {
    int first = peek();
    if (first == '-' || isDigit(first)) {
      return number();
    }
    return switch (first) {
      case '"' -> string();
      case '?' -> flag();
      case ':' -> bytes();
      default -> isAlpha(first) || first == '*' ? token() : null;
    };
  }

  private @Nullable Member number() {
    boolean negative = takes('-');
    int from = at;
    int whole = digits();
    if (whole == 0) {
      return null;
    }
    if (takes('.')) {
      int fraction = digits();
      return whole <= DECIMAL_DIGITS_MAX && fraction > 0 && fraction <= FRACTION_DIGITS_MAX
          ? OTHER
          : null;
    }
    if (whole > WHOLE_DIGITS_MAX) {
      return null;
    }
    long number = Long.parseLong(text, from, at, 10);
    return new Member.Whole(negative ? -number : number);
  }

  private int digits() {
    int from = at;
    while (isDigit(peek())) {
      at++;
    }
    return at - from;
  }

  private @Nullable Member string() {
    at++;
    var string = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        return new Member.Text(string.toString());
      }
      if (c < 0x20 || c > 0x7e) {
        return null;
      }
      if (c == '\\') {
        int escaped = peek();
        if (escaped != '"' && escaped != '\\') {
          return null;
        }
        at++;
        string.append((char) escaped);
      } else {
        string.append(c);
      }
    }
    return null;
  }

  private Member token() {
    int from = at;
    at++;
    while (Fields.isTokenChar(peek()) || peek() == ':' || peek() == '/') {
      at++;
    }
    return new Member.Text(text.substring(from, at));
  }

  private @Nullable Member flag() {
    at++;
    boolean on = takes('1');
    return on || takes('0') ? new Member.Flag(on) : null;
  }

  private @Nullable Member bytes() {
    at++;
    while (isAlpha(peek()) || isDigit(peek()) || (peek() > 0 && "+/=".indexOf(peek()) >= 0)) {
      at++;
    }
    return takes(':') ? OTHER : null;
  }

  private int peek() {
    return at < text.length() ? text.charAt(at) : -1;
  }

  private boolean takes(char c) {
    boolean here = peek() == c;
    if (here) {
      at++;
    }
    return here;
  }

  private void skip(String blanks) {
    while (peek() > 0 && blanks.indexOf(peek()) >= 0) {
      at++;
    }
  }

  private static boolean isLower(int c) {
    return c >= 'a' && c <= 'z';
  }

  private static boolean isAlpha(int c) {
    return isLower(c) || (c >= 'A' && c <= 'Z');
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }
}
