package warmfront.streaming.relay;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import warmfront.bytes.Slice;
import warmfront.streaming.media.Tag;

/** FLV without end (FLV 10.1, annex E), tag by tag. */
final class FlvStream {
  private static final int SIGNATURE = 'F' << 16 | 'L' << 8 | 'V';

  private static final int HEADER = 9;

  private static final int TAG_HEAD = 11;

  /** Bytes of one tag, as of one message of a publisher. */
  private static final int TAG_BYTES_MAX = 8 << 20;

  private final DataInputStream in;

  private FlvStream(DataInputStream in) {
    this.in = in;
  }

  /**
   * Begins to read.
   *
   * @throws IOException if it is no FLV
   */
  static FlvStream of(InputStream in) throws IOException {
    DataInputStream data = new DataInputStream(in);
    int signature = medium(data);
    int version = data.readUnsignedByte();
    data.readUnsignedByte(); // which kinds are in it: tags say themselves
    int header = data.readInt();
    int before = data.readInt();
    if (signature != SIGNATURE || version != 1 || header != HEADER || before != 0) {
      throw new IOException("the head of the stream is not that of FLV 1");
    }
    return new FlvStream(data);
  }

  /**
   * Waits for a tag.
   *
   * @return nothing at the end of the stream
   * @throws IOException if it breaks off, or is no tag of FLV's
   */
  Optional<Tag> next() throws IOException {
    int type = in.read();
    if (type < 0) {
      return Optional.empty();
    }
    int length = medium(in);
    if (length > TAG_BYTES_MAX) {
      throw new IOException("a tag of %d bytes: more than %d".formatted(length, TAG_BYTES_MAX));
    }
    long millis = medium(in) | (long) in.readUnsignedByte() << 24;
    medium(in);
    byte[] payload = in.readNBytes(length);
    if (payload.length < length) {
      throw new EOFException("it breaks off in a tag");
    }
    if (in.readInt() != TAG_HEAD + length) {
      throw new IOException("a tag's length is not what stands behind it");
    }
    for (Tag.Kind kind : Tag.Kind.values()) {
      if (kind.number() == type) {
        return Optional.of(new Tag(kind, millis, Slice.of(payload)));
      }
    }
    throw new IOException("a tag of type " + type);
  }

  /** Returns whether more is there that need not be waited for. */
  boolean hasMore() throws IOException {
    return in.available() > 0;
  }

  private static int medium(DataInputStream in) throws IOException {
    return in.readUnsignedByte() << 16 | in.readUnsignedShort();
  }
}
