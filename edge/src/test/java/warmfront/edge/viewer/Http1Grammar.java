package warmfront.edge.viewer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1's grammar a second time, as regular expressions by the letter of RFC 9112: slow, and
 * written without a look at the parsers, so that both are unlikely to be wrong in the same way.
 */
final class Http1Grammar {
  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]++";
  private static final String TEXT = "[\\t\\x20-\\x7e\\x80-\\xff]";
  private static final String LINE = TOKEN + ":" + TEXT + "*+\\r\\n";
  private static final String BLANK = "[\\t ]*";
  private static final String QUOTED =
      "\"(?:[\\t\\x20-\\x7e\\x80-\\xff&&[^\"\\\\]]|\\\\" + TEXT + ")*+\"";

  // RFC 9112, 3 and 5; a fragment is no part of a target (3.2)
  private static final Pattern HEAD =
      Pattern.compile(
          "(" + TOKEN + ") [\\x21-\\x7e&&[^#]]++ HTTP/1\\.([01])\\r\\n((?:" + LINE + ")*+)\\r\\n");

  // RFC 9112, 7.1 and 7.1.1; sizes beyond 15 digits are refused whatever they say
  private static final Pattern SIZE =
      Pattern.compile(
          "([0-9A-Fa-f]{1,15}+)(?:%1$s;%1$s%2$s(?:%1$s=%1$s(?:%2$s|%3$s))?)*\\r\\n"
              .formatted(BLANK, TOKEN, QUOTED));
  private static final Pattern TRAILERS = Pattern.compile("(?:" + LINE + ")*+\\r\\n");

  /**
   * What the text of a head says of its framing.
   *
   * @param bodyLength -1 if it is chunked
   */
  record Framing(long bodyLength, boolean lastVersion) {}

  /** A chunked body, and where it ends. */
  record Chunked(String body, int end) {}

  private Http1Grammar() {}

  /** Returns the framing of a head, which is all of {@code text}; null if it has none for sure. */
  static @Nullable Framing framing(String text) {
    Matcher head = HEAD.matcher(text);
    if (!head.matches() || head.group(1).length() > 32) {
      return null;
    }
    List<String> hosts = values(head.group(3), "host");
    List<String> lengths = values(head.group(3), "content-length");
    List<String> codings = values(head.group(3), "transfer-encoding");
    boolean lastVersion = head.group(2).equals("1");
    if (hosts.size() != 1 || lengths.size() + codings.size() > 1) {
      return null;
    }
    if (!codings.isEmpty()) {
      boolean chunked = codings.getFirst().equalsIgnoreCase("chunked") && lastVersion;
      return chunked ? new Framing(-1, true) : null;
    }
    if (lengths.isEmpty()) {
      return new Framing(0, lastVersion);
    }
    return lengths.getFirst().matches("[0-9]{1,18}")
        ? new Framing(Long.parseLong(lengths.getFirst()), lastVersion)
        : null;
  }

  private static List<String> values(String lines, String name) {
    List<String> values = new ArrayList<>();
    for (String line : lines.split("\r\n", -1)) {
      if (line.toLowerCase(Locale.ROOT).startsWith(name + ":")) {
        values.add(line.substring(name.length() + 1).replaceAll("^[\\t ]+|[\\t ]+$", ""));
      }
    }
    return values;
  }

  /** Returns the chunked body at the beginning of {@code text}; null if none is whole there. */
  static @Nullable Chunked chunked(String text) {
    StringBuilder body = new StringBuilder();
    Matcher size = SIZE.matcher(text);
    int at = 0;
    while (size.region(at, text.length()).lookingAt()) {
      long bytes = Long.parseLong(size.group(1), 16);
      at = size.end();
      if (bytes == 0) {
        Matcher trailers = TRAILERS.matcher(text).region(at, text.length());
        return trailers.lookingAt() ? new Chunked(body.toString(), trailers.end()) : null;
      }
      if (bytes > text.length() - at || !text.startsWith("\r\n", at + (int) bytes)) {
        return null;
      }
      body.append(text, at, at + (int) bytes);
      at += (int) bytes + 2;
    }
    return null;
  }
}
