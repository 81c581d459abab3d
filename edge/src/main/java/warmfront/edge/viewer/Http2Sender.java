package warmfront.edge.viewer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import warmfront.edge.step.Head;
import warmfront.edge.step.Response;
import warmfront.http.Fields;

/**
 * What goes out on one HTTP/2 connection: frames of many streams in one buffer, written when a
 * batch of requests has been read. Bodies are copied into it even when they are large, because TLS
 * seals only what lies in one piece, and so a body's pin goes as soon as its windows and the socket
 * have taken it.
 */
final class Http2Sender {
  /** How much is written at a time; what is more waits for its turn, by urgency. */
  private static final int CHUNK_BYTES = 65_536;

  /** What a chunk comes to at most, most of the time: it ends with a frame that was begun. */
  private static final int FULL_BYTES = CHUNK_BYTES + Http2Frame.BYTES_MAX + 2048;

  /** A frame of a body; one that is no longer does not wait for its turn when nothing else does. */
  private static final int QUANTUM_BYTES = Http2Frame.BYTES_MAX;

  private static final int TINY_BYTES = 1024;
  private static final int WINDOW_BYTES = 65_535; // RFC 9113, 6.9.2

  private final Loop loop;
  private final Channel channel;
  private final ChannelHandlerContext context;
  private final Http2 connection;
  private final Http2Heads heads;
  private final Http2Turns turns = new Http2Turns();
  private @Nullable ByteBuf chunk;
  private Batch batch = new Batch();
  private int expected = 1024;
  private boolean isWritten;
  private final Pace pace;
  private long handed;
  private long window = WINDOW_BYTES;
  private int streamWindow = WINDOW_BYTES;
  private int frameBytes = Http2Frame.BYTES_MAX;

  Http2Sender(Http2 connection, Door door, ChannelHandlerContext context) {
    this.connection = connection;
    this.context = context;
    loop = connection.loop();
    channel = context.channel();
    heads = new Http2Heads(loop, door);
    pace = Pace.of(loop.limits().times(), loop.nanos());
  }

  /** Returns how many bytes were written in all. */
  long handed() {
    return handed;
  }

  /** Returns whether the viewer leaves no room on the connection, or too little for too long. */
  boolean isLost(long now) {
    return pace.isLost(window <= 0 && !turns.isEmpty(), now);
  }

  /** Returns the window that a new stream begins with. */
  int streamWindow() {
    return streamWindow;
  }

  /** Obeys the viewer's settings, but for streams' windows; returns by how much those change. */
  long obey(Http2Settings settings) {
    if (settings.tableBytes() >= 0) {
      heads.tableBytes(settings.tableBytes());
    }
    if (settings.frameBytes() >= 0) {
      frameBytes = settings.frameBytes();
    }
    long change = settings.window() < 0 ? 0 : (long) settings.window() - streamWindow;
    streamWindow += (int) change;
    head(0, Http2Frame.SETTINGS, Http2Frame.ACK, 0);
    return change;
  }

  /** Widens the connection's window; false if that is more than there can be (RFC 9113, 6.9.1). */
  boolean widen(int increment) {
    window += increment;
    return window <= Integer.MAX_VALUE;
  }

  /** Says how we want to be sent to. */
  void settings(int[] namesAndValues) {
    ByteBuf out = head(namesAndValues.length / 2 * Http2Settings.BYTES, Http2Frame.SETTINGS, 0, 0);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      out.writeShort(namesAndValues[i]).writeInt(namesAndValues[i + 1]);
    }
  }

  void ping(boolean answer, long data) {
    head(8, Http2Frame.PING, answer ? Http2Frame.ACK : 0, 0).writeLong(data);
  }

  void reset(int stream, Http2Error error) {
    head(4, Http2Frame.RST_STREAM, 0, stream).writeInt(error.code());
  }

  void goAway(int lastStream, Http2Error error, String why) {
    ByteBuf out =
        head(8 + why.length(), Http2Frame.GOAWAY, 0, 0).writeInt(lastStream).writeInt(error.code());
    Ascii.text(out, why);
  }

  void credit(int stream, int bytes) {
    head(4, Http2Frame.WINDOW_UPDATE, 0, stream).writeInt(bytes);
  }

  /** Writes an interim response. */
  void interim(Http2Stream stream, int status) {
    block(stream, heads.interim(status), false);
  }

  /** Writes an interim response that has fields. */
  void interim(Http2Stream stream, Head head) {
    block(stream, heads.interim(head), false);
  }

  /** Writes the head of a response. */
  void head(Http2Stream stream, Response response, boolean last) {
    block(stream, heads.write(response), last);
    if (last) {
      stream.ended();
    }
  }

  private void block(Http2Stream stream, HpackBlock block, boolean last) {
    int size = block.size();
    int first = Math.min(size, frameBytes);
    int flags = (last ? Http2Frame.END_STREAM : 0) | (first == size ? Http2Frame.END_HEADERS : 0);
    head(first, Http2Frame.HEADERS, flags, stream.id()).writeBytes(block.array(), 0, first);
    int frames = 1;
    for (int at = first; at < size; frames++) {
      int next = Math.min(size - at, frameBytes);
      head(
              next,
              Http2Frame.CONTINUATION,
              at + next == size ? Http2Frame.END_HEADERS : 0,
              stream.id())
          .writeBytes(block.array(), at, next);
      at += next;
    }
    batch.add(stream, size + frames * Http2Frame.HEAD_BYTES, 0);
  }

  /** Sends of a stream's body what may be sent at once; the rest waits for its turn. */
  void offer(Http2Stream stream) {
    int left = stream.waiting();
    if (turns.isEmpty()
        && stream.hasEnd()
        && left <= QUANTUM_BYTES
        && left <= Math.min(window, stream.window())
        && channel.isWritable()) {
      data(stream);
    } else {
      turns.add(stream);
    }
  }

  /** A stream is over. */
  void forget(Http2Stream stream) {
    turns.remove(stream);
  }

  /** Writes what may be sent now, by urgency, as long as the socket takes it. */
  void flush() {
    fill();
    while (chunk != null || isWritten) {
      push();
      isWritten = false;
      context.flush();
      fill(); // what the socket or the viewer's answers made room for meanwhile
    }
  }

  /** Fills one chunk. */
  private void fill() {
    while (channel.isWritable() && (chunk == null || chunk.readableBytes() < CHUNK_BYTES)) {
      @Nullable Http2Stream stream = turns.next(window);
      if (stream == null) {
        return;
      }
      data(stream);
    }
  }

  private void data(Http2Stream stream) {
    int left = stream.waiting();
    long room = Math.min(window, stream.window());
    int bytes = (int) Math.max(0, Math.min(Math.min(left, QUANTUM_BYTES), room));
    boolean last = bytes == left && stream.hasEnd();
    if (bytes < Math.min(left, TINY_BYTES)) {
      connection.toil(Toil.TINY);
      if (!connection.reading()) {
        return;
      }
    } else {
      connection.earned();
    }
    @Nullable Fields trailers = last ? stream.trailers() : null;
    if (trailers == null || bytes > 0) {
      boolean ends = last && trailers == null;
      ByteBuf out = head(bytes, Http2Frame.DATA, ends ? Http2Frame.END_STREAM : 0, stream.id());
      window -= bytes;
      pace.moved(bytes);
      batch.add(stream, bytes + Http2Frame.HEAD_BYTES, bytes);
      stream.take(out, bytes);
    }
    if (last) {
      if (trailers != null) {
        block(stream, heads.trailers(trailers), true);
      }
      stream.ended();
      return;
    }
    if (stream.waiting() == 0) {
      turns.remove(stream);
    }
    stream.resume();
  }

  /** Writes a frame's head, and makes room for the rest of it. */
  private ByteBuf head(int length, int type, int flags, int stream) {
    int needed = length + Http2Frame.HEAD_BYTES;
    ByteBuf out = chunk;
    if (out != null && out.readableBytes() >= CHUNK_BYTES) {
      push();
      out = null;
    }
    if (out == null) {
      out = channel.alloc().directBuffer(Math.max(expected, needed));
      chunk = out;
    }
    return out.ensureWritable(needed)
        .writeInt((length << 8) | type)
        .writeByte(flags)
        .writeInt(stream);
  }

  private void push() {
    ByteBuf out = chunk;
    if (out == null) {
      return;
    }
    chunk = null;
    int size = Integer.highestOneBit(out.readableBytes()) << 1;
    expected = size > CHUNK_BYTES / 2 ? FULL_BYTES : size;
    Batch written = batch;
    batch = new Batch();
    isWritten = true;
    handed += out.readableBytes();
    context.write(out).addListener(written);
  }

  /** Lets go of what is not written. */
  void close() {
    if (chunk != null) {
      chunk.release();
      chunk = null;
    }
    batch.tell(false);
  }

  /** What streams have in one chunk. */
  private final class Batch implements ChannelFutureListener {
    private @Nullable Http2Stream[] streams = new @Nullable Http2Stream[8];
    private int[] bytes = new int[16];
    private int count;

    void add(Http2Stream stream, int frames, int body) {
      if (count == 0 || streams[count - 1] != stream) {
        if (count == streams.length) {
          streams = Arrays.copyOf(streams, 2 * count);
          bytes = Arrays.copyOf(bytes, 4 * count);
        }
        streams[count] = stream;
        bytes[2 * count] = 0;
        bytes[2 * count + 1] = 0;
        count++;
        stream.handedOver();
      }
      bytes[2 * count - 2] += frames;
      bytes[2 * count - 1] += body;
    }

    @Override
    public void operationComplete(ChannelFuture written) {
      tell(written.isSuccess());
    }

    void tell(boolean success) {
      long now = loop.nanos();
      int all = count;
      count = 0;
      for (int i = 0; i < all; i++) {
        @Nullable Http2Stream stream = streams[i];
        if (stream != null) {
          stream.written(bytes[2 * i], bytes[2 * i + 1], success, now);
        }
      }
    }
  }
}
