package warmfront.edge.viewer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import java.util.Locale;
import warmfront.http.Fields;

/** The characters of HTTP's grammar as bytes. */
final class Ascii {
  static final byte CR = '\r';
  static final byte LF = '\n';
  static final byte TAB = '\t';
  static final byte SPACE = ' ';

  private static final boolean[] TOKEN = new boolean[256];

  static {
    for (int c = 0; c < 128; c++) {
      TOKEN[c] = Fields.isTokenChar(c);
    }
  }

  private Ascii() {}

  /** Returns whether it may stand in a token (RFC 9110, 5.6.2). */
  static boolean isToken(byte b) {
    return TOKEN[b & 0xFF];
  }

  /** Returns whether it may stand in a field value: all but controls, save HTAB (RFC 9110, 5.5). */
  static boolean isText(byte b) {
    return b >= 0x20 ? b != 0x7F : b < 0 || b == TAB;
  }

  /** Returns whether it is SP or HTAB. */
  static boolean isBlank(byte b) {
    return b == SPACE || b == TAB;
  }

  /** Returns whether it is a visible character of US-ASCII. */
  static boolean isVisible(byte b) {
    return b > 0x20 && b < 0x7F;
  }

  /** Returns the bytes of a text of US-ASCII or ISO 8859-1. */
  static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  /** Returns the text in lower case. */
  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** Writes a number of at least 0 in decimal. */
  static void decimal(ByteBuf out, long number) {
    long unit = 1;
    while (number / unit >= 10) {
      unit *= 10;
    }
    for (; unit > 0; unit /= 10) {
      out.writeByte((byte) ('0' + number / unit % 10));
    }
  }

  /** Writes a text of US-ASCII. */
  static void text(ByteBuf out, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      out.writeByte(c < 0x20 || c > 0x7E ? '?' : c);
    }
  }
}
