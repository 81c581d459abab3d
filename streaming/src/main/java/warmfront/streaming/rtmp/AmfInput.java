package warmfront.streaming.rtmp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;

/** The bytes of a message that values are read from, and how many values it may still hold. */
final class AmfInput {
  /** No command of any client known nests deeper than 3 or holds more than 60 values. */
  private static final int DEPTH_MAX = 16;

  private static final int VALUES_MAX = 4096;

  private final ByteBuffer bytes;
  private int depth;
  private int values;

  /** Reads what remains of {@code bytes}, big-endian as AMF is. */
  AmfInput(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  boolean isAtEnd() {
    return !bytes.hasRemaining();
  }

  int unsigned8() throws ProtocolException {
    require(1);
    return Byte.toUnsignedInt(bytes.get());
  }

  int unsigned16() throws ProtocolException {
    require(2);
    return Short.toUnsignedInt(bytes.getShort());
  }

  /** Reads a length or a count of 32 bits; beyond what remains is not possible. */
  int length32() throws ProtocolException {
    require(4);
    int length = bytes.getInt();
    if (length < 0 || length > bytes.remaining()) {
      throw new ProtocolException("a length beyond the message's end: %d".formatted(length));
    }
    return length;
  }

  void skip(int count) throws ProtocolException {
    require(count);
    bytes.position(bytes.position() + count);
  }

  double number() throws ProtocolException {
    require(8);
    return bytes.getDouble();
  }

  /** Reads text; what is not UTF-8 is replaced by U+FFFD. */
  String text(int length) throws ProtocolException {
    require(length);
    byte[] copy = new byte[length];
    bytes.get(copy);
    return new String(copy, UTF_8);
  }

  /** Returns whether the next byte is this one, without reading it. */
  boolean isNext(int value) {
    return bytes.hasRemaining() && Byte.toUnsignedInt(bytes.get(bytes.position())) == value;
  }

  /** A value begins. */
  void value() throws ProtocolException {
    values++;
    if (values > VALUES_MAX) {
      throw new ProtocolException("more than %d values in a message".formatted(VALUES_MAX));
    }
  }

  /** A value that holds others begins. */
  void enter() throws ProtocolException {
    depth++;
    if (depth > DEPTH_MAX) {
      throw new ProtocolException("values nested deeper than %d".formatted(DEPTH_MAX));
    }
  }

  /** A value that holds others has ended. */
  void leave() {
    depth--;
  }

  private void require(int count) throws ProtocolException {
    if (count > bytes.remaining()) {
      throw new ProtocolException("a value beyond the message's end");
    }
  }
}
