package warmfront.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import warmfront.time.Clock;

/**
 * One connection of RTMP that publishes or plays a channel, and reads when its frames were sent:
 * the publisher writes that into each of them.
 */
final class LiveClient {
  static final int FRAME = 5000;

  private static final int STAMP_AT = 16;
  private static final int HANDSHAKE = 3073;
  private static final int INPUT = 262_144;
  private static final int OUTPUT_CHUNK = 4096;
  private static final int STREAMS = 64;
  private static final int[] HEADERS = {11, 7, 3, 0};

  private final Clock clock;
  private final String channel;
  private final boolean isPublisher;
  private final SocketChannel socket;
  private final ByteBuffer in = ByteBuffer.allocate(INPUT);
  private final int[] lengths = new int[STREAMS];
  private final int[] types = new int[STREAMS];
  private final int[] missing = new int[STREAMS];
  private final boolean[] extended = new boolean[STREAMS];
  private final long connected;
  private boolean hasShaken;
  private boolean isReady;
  private int chunk = 128;
  private int answers;
  private long firstVideo;
  private long bytes;

  /** Takes what a frame's way took, in nanoseconds. */
  interface Latencies {
    void took(long nanos);
  }

  LiveClient(Clock clock, Selector selector, int port, String channel, boolean isPublisher)
      throws IOException {
    this.clock = clock;
    this.channel = channel;
    this.isPublisher = isPublisher;
    connected = clock.nanos();
    socket = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
    ByteBuffer hello = ByteBuffer.allocate(1 + 1536);
    hello.put(0, (byte) 3);
    write(hello);
    socket.configureBlocking(false);
    socket.register(selector, SelectionKey.OP_READ, this);
  }

  /**
   * Returns how long the first frame of video took from the connect on, in nanoseconds; 0: none.
   */
  long firstVideo() {
    return firstVideo;
  }

  long bytes() {
    return bytes;
  }

  /** Returns whether it may send frames. */
  boolean isReady() {
    return isReady;
  }

  void close() throws IOException {
    socket.close();
  }

  /** Reads what has come. */
  void read(Latencies latencies) throws IOException {
    while (true) {
      int count = socket.read(in);
      if (count < 0) {
        throw new IOException("the server has closed the connection");
      }
      bytes += count;
      in.flip();
      parse(latencies);
      in.compact();
      if (count < INPUT / 4) {
        return;
      }
    }
  }

  private void parse(Latencies latencies) throws IOException {
    if (!hasShaken) {
      if (in.remaining() < HANDSHAKE) {
        return;
      }
      ByteBuffer answer = ByteBuffer.allocate(1536);
      in.get(1, answer.array(), 0, 1536);
      in.position(HANDSHAKE);
      hasShaken = true;
      write(answer);
      message(3, 20, 0, 0, connect());
    }
    while (chunk(latencies)) {
      // the next
    }
  }

  private boolean chunk(Latencies latencies) throws IOException {
    int at = in.position();
    if (!in.hasRemaining()) {
      return false;
    }
    int kind = (in.get(at) & 0xFF) >> 6;
    int id = in.get(at) & 0x3F;
    int header = 1 + HEADERS[kind];
    if (in.remaining() < header + 4) {
      return false;
    }
    boolean isExtended = kind < 3 ? medium(at + 1) == 0xFFFFFF : extended[id];
    int length = kind < 2 ? medium(at + 4) : lengths[id];
    int left = missing[id] == 0 ? length : missing[id];
    int now = Math.min(chunk, left);
    header += isExtended ? 4 : 0;
    if (in.remaining() < header + now) {
      return false;
    }
    extended[id] = isExtended;
    if (kind < 2) {
      lengths[id] = length;
      types[id] = in.get(at + 7) & 0xFF;
    }
    if (left == length) {
      begun(types[id], at + header, now, latencies);
    }
    missing[id] = left - now;
    in.position(at + header + now);
    return true;
  }

  private int medium(int at) {
    return (in.get(at) & 0xFF) << 16 | (in.getShort(at + 1) & 0xFFFF);
  }

  /** Looks at the first chunk of a message, which is all that matters here. */
  private void begun(int type, int at, int length, Latencies latencies) throws IOException {
    switch (type) {
      case 1 -> chunk = in.getInt(at);
      case 4 -> {
        if (in.getShort(at) == 6) {
          message(2, 4, 0, 0, pong(in.getInt(at + 2)));
        }
      }
      case 9 -> {
        if (length >= STAMP_AT + 8 && in.get(at + 1) == 1) {
          long now = clock.nanos();
          firstVideo = firstVideo == 0 ? now - connected : firstVideo;
          latencies.took(now - in.getLong(at + STAMP_AT));
        }
      }
      case 20 -> command(at, length);
      default -> {}
    }
  }

  private static ByteBuffer pong(int value) {
    return ByteBuffer.allocate(6).putShort((short) 7).putInt(value);
  }

  private void command(int at, int length) throws IOException {
    byte[] name = new byte[Math.min(in.getShort(at + 1), length - 3)];
    in.get(at + 3, name);
    switch (new String(name, US_ASCII)) {
      case "_result" -> {
        answers++;
        if (answers == 1) {
          message(3, 20, 0, 0, values(64).put(text("createStream")).put(number(2)).put((byte) 5));
        } else if (answers == 2) {
          ask();
        }
      }
      case "onStatus" -> isReady = true;
      default -> {}
    }
  }

  private void ask() throws IOException {
    ByteBuffer values = values(256).put(text(isPublisher ? "publish" : "play"));
    values.put(number(isPublisher ? 3 : 0)).put((byte) 5).put(text(channel));
    if (isPublisher) {
      values.put(text("live"));
    }
    message(3, 20, 1, 0, values);
  }

  /** Sends what a decoder would need first. */
  void configuration() throws IOException {
    ByteBuffer size = ByteBuffer.allocate(4).putInt(OUTPUT_CHUNK);
    message(2, 1, 0, 0, size);
    message(6, 9, 1, 0, ByteBuffer.allocate(8).putInt(0x17000000).putInt(0x01640028));
  }

  /** Sends a frame that says when. */
  void frame(boolean isKey, long millis) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(FRAME);
    frame.put(0, (byte) (isKey ? 0x17 : 0x27)).put(1, (byte) 1).putInt(5, FRAME - 9);
    frame.putLong(STAMP_AT, clock.nanos()).position(FRAME);
    message(6, 9, 1, millis, frame);
  }

  private static ByteBuffer connect() {
    ByteBuffer values = values(256).put(text("connect")).put(number(1)).put((byte) 3);
    member(values, "app", text("live"));
    member(values, "flashVer", text("LNX 9,0,124,2"));
    member(values, "tcUrl", text("rtmp://127.0.0.1/live"));
    return values.put(new byte[] {0, 0, 9});
  }

  private static void member(ByteBuffer values, String name, byte[] value) {
    values.putShort((short) name.length()).put(name.getBytes(US_ASCII)).put(value);
  }

  private static ByteBuffer values(int room) {
    return ByteBuffer.allocate(room);
  }

  private static byte[] text(String text) {
    return ByteBuffer.allocate(3 + text.length())
        .put((byte) 2)
        .putShort((short) text.length())
        .put(text.getBytes(US_ASCII))
        .array();
  }

  private static byte[] number(double value) {
    return ByteBuffer.allocate(9).put((byte) 0).putDouble(value).array();
  }

  /** Sends what lies before the position of {@code payload} as a message. */
  private void message(int id, int type, int stream, long millis, ByteBuffer payload)
      throws IOException {
    int size = isPublisher && isReady && type != 1 ? OUTPUT_CHUNK : 128;
    ByteBuffer source = payload.flip();
    int length = source.remaining();
    ByteBuffer out = ByteBuffer.allocate(12 + length + length / size);
    out.put((byte) id).put((byte) (millis >> 16)).putShort((short) millis);
    out.put((byte) (length >> 16)).putShort((short) length).put((byte) type);
    out.putInt(Integer.reverseBytes(stream));
    while (source.hasRemaining()) {
      int now = Math.min(size, source.remaining());
      out.put(source.slice(source.position(), now));
      source.position(source.position() + now);
      if (source.hasRemaining()) {
        out.put((byte) (0xC0 | id));
      }
    }
    write(out.flip());
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      if (socket.write(bytes) == 0) {
        Thread.onSpinWait();
      }
    }
  }
}
