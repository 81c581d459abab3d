package warmfront.streaming.rtmp;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Slice;

/** What a peer says after the handshake: its chunks made messages and told to the session. */
final class Inward implements ChunkReader.Receiver {
  private final ChunkReader chunks;
  private final Acknowledgements acknowledgements = new Acknowledgements();
  private final IntConsumer pong;
  private boolean isPublisher;
  private @Nullable Session session;

  /**
   * Makes one that tells nobody yet.
   *
   * @param pong answers a ping with the number in it
   */
  Inward(Limits.Memory limits, IntConsumer pong) {
    chunks = new ChunkReader(limits, this);
    this.pong = pong;
  }

  /** Tells what comes to this session. */
  void tell(Session told) {
    session = told;
  }

  /** Tells nobody any more. */
  void hush() {
    session = null;
  }

  void admitPublisher() {
    isPublisher = true;
    chunks.admitPublisher();
  }

  /** Counts bytes, before they are read or even deciphered. */
  void received(int bytes) {
    acknowledgements.received(bytes);
  }

  long receivedBytes() {
    return acknowledgements.received();
  }

  boolean isAcknowledgementDue() {
    return acknowledgements.isDue();
  }

  /** Reads as {@link ChunkReader#read} does. */
  void read(ByteBuf in) throws ProtocolException {
    chunks.read(in);
  }

  @Override
  public void message(int type, int streamId, long millis, byte[] payload)
      throws ProtocolException {
    @Nullable Session told = session;
    if (told == null || payload.length == 0) {
      return; // ffmpeg sends audio of no bytes
    }
    switch (type) {
      case Control.USER -> event(told, payload);
      case Control.WINDOW -> acknowledgements.window(ChunkReader.number(payload));
      case Control.COMMAND -> told.command(command(streamId, ByteBuffer.wrap(payload)));
      case Control.COMMAND_3 -> told.command(command(streamId, behindFormat(payload)));
      case Aggregate.TYPE -> Aggregate.split(streamId, millis, payload, this);
      case Control.DATA_3 -> {
        if (payload.length > 1) {
          byte[] values = Arrays.copyOfRange(payload, 1, payload.length);
          media(told, new MediaMessage(MediaKind.DATA, streamId, millis, Slice.of(values)));
        }
      }
      default -> {
        @Nullable MediaKind kind = MediaKind.of(type);
        if (kind != null) { // nothing follows from acknowledgements, bandwidths, shared objects
          media(told, new MediaMessage(kind, streamId, millis, Slice.of(payload)));
        }
      }
    }
  }

  private void media(Session told, MediaMessage message) {
    if (isPublisher) {
      told.media(message);
    }
  }

  private void event(Session told, byte[] payload) throws ProtocolException {
    ByteBuffer in = ByteBuffer.wrap(payload);
    if (in.remaining() < 6) {
      return; // what has no number concerns nothing here
    }
    int event = in.getShort();
    int value = in.getInt();
    if (event == Control.PING) {
      pong.accept(value);
    } else if (event == Control.BUFFER_LENGTH && in.remaining() >= 4) {
      told.bufferLength(value, Integer.toUnsignedLong(in.getInt()));
    }
  }

  /** Returns what follows the byte that says which format follows; it is AMF0 in any case. */
  private static ByteBuffer behindFormat(byte[] payload) {
    return ByteBuffer.wrap(payload, 1, payload.length - 1);
  }

  private static Command command(int streamId, ByteBuffer bytes) throws ProtocolException {
    AmfInput in = new AmfInput(bytes);
    if (!(Amf0.read(in) instanceof Amf.Text name)) {
      throw new ProtocolException("a command that does not begin with a name");
    }
    if (in.isAtEnd() || !(Amf0.read(in) instanceof Amf.Numeral transaction)) {
      throw new ProtocolException("a command without a transaction: " + name.value());
    }
    List<Amf> values = new ArrayList<>();
    while (!in.isAtEnd()) {
      values.add(Amf0.read(in));
    }
    return new Command(streamId, name.value(), transaction.value(), values);
  }
}
