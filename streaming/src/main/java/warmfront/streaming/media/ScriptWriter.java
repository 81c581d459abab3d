package warmfront.streaming.media;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import warmfront.bytes.Slice;

/**
 * Writes onMetaData, the script data in which a player finds what a file says of itself (FLV 10.1,
 * annex E.5; AMF0, section 2).
 */
final class ScriptWriter {
  private static final int NUMBER = 0;
  private static final int BOOLEAN = 1;
  private static final int STRING = 2;
  private static final int ECMA_ARRAY = 8;
  private static final int END_OF_OBJECT = 9;

  private final ByteArrayOutputStream entries = new ByteArrayOutputStream();
  private int count;

  /** Adds a number. */
  ScriptWriter with(String name, double value) {
    name(entries, name);
    entries.write(NUMBER);
    number(entries, Double.doubleToLongBits(value), 8);
    count++;
    return this;
  }

  /** Adds true or false. */
  ScriptWriter with(String name, boolean value) {
    name(entries, name);
    entries.write(BOOLEAN);
    entries.write(value ? 1 : 0);
    count++;
    return this;
  }

  /** Returns the tag, at 0 ms. */
  Tag tag() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(STRING);
    name(all, "onMetaData");
    all.write(ECMA_ARRAY);
    number(all, count, 4);
    all.writeBytes(entries.toByteArray());
    name(all, "");
    all.write(END_OF_OBJECT);
    return new Tag(Tag.Kind.SCRIPT, 0, Slice.of(all.toByteArray()));
  }

  private static void name(ByteArrayOutputStream out, String name) {
    byte[] letters = name.getBytes(UTF_8);
    number(out, letters.length, 2);
    out.writeBytes(letters);
  }

  private static void number(ByteArrayOutputStream out, long number, int bytes) {
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
      out.write((int) (number >>> shift));
    }
  }
}
