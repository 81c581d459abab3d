package warmfront.streaming.rtmp;

import java.nio.ByteBuffer;

/** A message that holds others, as tags of FLV (RTMP 1.0, section 7.1.6). */
final class Aggregate {
  static final int TYPE = 22;

  private static final int HEADER = 11;
  private static final int BACK_POINTER = 4;
  private static final long WRAP = 0xFFFF_FFFFL;

  private Aggregate() {}

  /**
   * Tells the messages in it.
   *
   * @param millis its own timestamp, which the first of them has; others keep their distance
   */
  static void split(int streamId, long millis, byte[] payload, ChunkReader.Receiver receiver)
      throws ProtocolException {
    ByteBuffer in = ByteBuffer.wrap(payload);
    long shift = 0;
    while (in.hasRemaining()) {
      if (in.remaining() < HEADER) {
        throw new ProtocolException("an aggregate that ends within a header");
      }
      int head = in.getInt();
      int low = in.getInt();
      in.position(in.position() + 3);
      long timestamp = (low & 0xFFL) << 24 | low >>> 8;
      int length = head & 0xFFFFFF;
      if (in.remaining() < length) {
        throw new ProtocolException("an aggregate that ends within a message");
      }
      if (in.position() == HEADER) {
        shift = millis - timestamp;
      }
      byte[] part = new byte[length];
      in.get(part);
      in.position(Math.min(in.limit(), in.position() + BACK_POINTER)); // the last may lack it
      int type = head >>> 24;
      if (type != TYPE) {
        receiver.message(type, streamId, timestamp + shift & WRAP, part);
      }
    }
  }
}
