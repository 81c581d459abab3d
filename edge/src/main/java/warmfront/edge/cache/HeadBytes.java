package warmfront.edge.cache;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import warmfront.http.Lines;

/**
 * Bytes of a record's head that are being written, big-endian. A stream of the JDK would take a
 * lock for each byte. Not thread-safe.
 */
final class HeadBytes {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private byte[] bytes = new byte[512];
  private int size;

  void writeInt(int value) {
    INT.set(bytes, room(Integer.BYTES), value);
  }

  void writeLong(long value) {
    LONG.set(bytes, room(Long.BYTES), value);
  }

  void write(byte[] part) {
    int at = room(part.length);
    System.arraycopy(part, 0, bytes, at, part.length);
  }

  /** Writes a text with its number of bytes, in UTF-8, before it. */
  void writeText(String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    writeInt(encoded.length);
    write(encoded);
  }

  /** Writes the name or value of a field, which is ISO 8859-1, with its length before it. */
  void writeOfField(String text) {
    writeInt(text.length());
    int at = room(text.length());
    Lines.put(text, bytes, at);
  }

  /** Returns what was written; nothing is to be written any more. */
  ByteBuffer buffer() {
    return ByteBuffer.wrap(bytes, 0, size);
  }

  /** Makes room for so many bytes more and returns where they begin. */
  private int room(int more) {
    int at = size;
    size = Math.addExact(at, more);
    if (size > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size, 2 * bytes.length));
    }
    return at;
  }
}
