package warmfront.app.demo;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;

/** Big-endian bytes in the making, and the boxes that MP4 files are built of (ISO/IEC 14496-12). */
final class Box {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  Box u8(int value) {
    out.write(value);
    return this;
  }

  Box u16(int value) {
    return u8(value >>> 8).u8(value);
  }

  Box u32(long value) {
    return u16((int) (value >>> 16)).u16((int) value);
  }

  Box zeros(int count) {
    out.writeBytes(new byte[count]);
    return this;
  }

  Box bytes(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  Box text(String text) {
    return bytes(text.getBytes(ISO_8859_1));
  }

  /** Adds a box with this content: its length, its four-letter type, the content. */
  Box box(String type, Box content) {
    return u32(8L + content.out.size()).text(type).bytes(content.content());
  }

  /** Adds a box whose content begins with a version and flags. */
  Box full(String type, int flags, Box content) {
    return box(type, new Box().u32(flags).bytes(content.content()));
  }

  byte[] content() {
    return out.toByteArray();
  }
}
