package warmfront.edge.origin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.jspecify.annotations.Nullable;

/**
 * Texts that came lately, so that those which most answers are made of are made once, and kept once
 * by all stored objects together. A text that has another's place takes it. Thread-safe without a
 * lock: texts are immutable, and a lost one is made anew.
 */
final class Texts {
  private static final int SIZE = 1024;

  /** Longer ones are rarely said twice. */
  private static final int LENGTH_MAX = 64;

  private final @Nullable String[] places = new @Nullable String[SIZE];

  /** Returns the text of these bytes. */
  String text(byte[] bytes, int from, int to) {
    int length = to - from;
    if (length == 0) {
      return "";
    }
    if (length > LENGTH_MAX) {
      return new String(bytes, from, length, ISO_8859_1);
    }
    int place = place(bytes, from, to);
    @Nullable String there = places[place];
    if (there != null && is(there, bytes, from, length)) {
      return there;
    }
    String made = new String(bytes, from, length, ISO_8859_1);
    places[place] = made;
    return made;
  }

  private static int place(byte[] bytes, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + bytes[i];
    }
    return (hash ^ hash >>> 10 ^ hash >>> 20) & (SIZE - 1);
  }

  private static boolean is(String text, byte[] bytes, int from, int length) {
    if (text.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (text.charAt(i) != (bytes[from + i] & 0xFF)) {
        return false;
      }
    }
    return true;
  }
}
