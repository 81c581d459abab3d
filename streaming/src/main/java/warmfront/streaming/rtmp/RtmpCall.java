package warmfront.streaming.rtmp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A viewer's side of RTMP, as far as it goes to see and measure that media come: it connects, plays
 * a stream and reads messages (RTMP 1.0). Commands are understood by their status codes alone.
 * Waits; owned by one thread.
 */
public final class RtmpCall implements AutoCloseable {
  /** Message types (RTMP 1.0, sections 5.4 and 7.1). */
  public static final int AUDIO = 8;

  public static final int VIDEO = 9;
  public static final int SCRIPT = 18;
  private static final int SET_CHUNK_SIZE = 1;
  private static final int COMMAND = 20;

  private static final int HANDSHAKE_BYTES = 1536;
  private static final int MESSAGE_BYTES_MAX = 16 << 20;
  private static final int EXTENDED = 0xFFFFFF;
  private static final Pattern CODE = Pattern.compile("Net(Connection|Stream)(\\.[A-Za-z]+)+");

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;
  private final Map<Integer, Coming> coming = new HashMap<>();
  private int chunkBytes = 128;
  private long received;

  /** The stream that is played on; 0 before there is one. */
  private int stream;

  private RtmpCall(Socket socket) throws IOException {
    this.socket = socket;
    in = new DataInputStream(socket.getInputStream());
    out = socket.getOutputStream();
  }

  /** A message on its way. */
  private static final class Coming {
    private int type;
    private int length;
    private long timestamp;
    private long delta;
    private boolean extended;
    private ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  }

  /**
   * A message.
   *
   * @param type as {@link #VIDEO}
   * @param timestamp in milliseconds
   * @param payload its bytes; a view of its own
   */
  public record Message(int type, long timestamp, ByteBuffer payload) {
    /** Returns the first status code in a command; empty if there is none. */
    public String code() {
      Matcher found = CODE.matcher(ISO_8859_1.decode(payload.duplicate()));
      return type == COMMAND && found.find() ? found.group() : "";
    }

    /** Returns whether a command has this text in it. */
    public boolean says(String text) {
      return type == COMMAND && ISO_8859_1.decode(payload.duplicate()).toString().contains(text);
    }
  }

  /**
   * Connects and shakes hands.
   *
   * @param patience longest wait for a byte
   */
  public static RtmpCall open(InetSocketAddress server, Duration patience) throws IOException {
    Socket socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout((int) patience.toMillis());
      socket.connect(server, (int) patience.toMillis());
      return over(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Shakes hands over a connection, as one within TLS; it is closed with the call. */
  public static RtmpCall over(Socket connection) throws IOException {
    RtmpCall call = new RtmpCall(connection);
    call.shakeHands();
    return call;
  }

  private void shakeHands() throws IOException {
    byte[] hello = new byte[1 + HANDSHAKE_BYTES];
    hello[0] = 3;
    out.write(hello);
    byte[] answer = new byte[1 + 2 * HANDSHAKE_BYTES];
    in.readFully(answer);
    out.write(answer, 1, HANDSHAKE_BYTES);
  }

  /**
   * Connects to an application and returns the answer: a command with a status code.
   *
   * @param tcUrl as {@code rtmp://host/cfx/st}
   */
  public Message connect(String tcUrl) throws IOException {
    int path = tcUrl.indexOf('/', tcUrl.indexOf("://") + 3);
    Map<String, String> members = new LinkedHashMap<>();
    members.put("app", tcUrl.substring(path + 1));
    members.put("flashVer", "LNX 10,0,32,18");
    members.put("tcUrl", tcUrl);
    send(0, new Values().text("connect").number(1).object(members));
    return status();
  }

  /** Plays a stream from its beginning, and returns what is said of it first. */
  public Message play(String name) throws IOException {
    return play(name, 0);
  }

  /**
   * Plays a stream, and returns what is said of it first. What was played before ends.
   *
   * @param startMillis where it begins
   */
  public Message play(String name, long startMillis) throws IOException {
    if (stream == 0) {
      send(0, new Values().text("createStream").number(2).nothing());
      Message made = next();
      while (!made.says("_result")) {
        made = next();
      }
      ByteBuffer bytes = made.payload();
      stream = (int) bytes.getDouble(bytes.limit() - Double.BYTES);
    }
    send(
        stream,
        new Values().text("play").number(0).nothing().text(name).number((double) startMillis));
    return status();
  }

  private Message status() throws IOException {
    Message said = next();
    while (said.code().isEmpty()) {
      said = next();
    }
    return said;
  }

  /** Returns the next message of this type. */
  public Message next(int type) throws IOException {
    Message message = next();
    while (message.type() != type) {
      message = next();
    }
    return message;
  }

  /** Returns the next message; control messages that concern chunks are obeyed. */
  public Message next() throws IOException {
    while (true) {
      Coming message = chunk();
      if (message.bytes.size() < message.length) {
        continue;
      }
      byte[] payload = message.bytes.toByteArray();
      message.bytes = new ByteArrayOutputStream();
      if (message.type == SET_CHUNK_SIZE && payload.length >= Integer.BYTES) {
        chunkBytes = Math.max(1, ByteBuffer.wrap(payload).getInt());
      } else {
        return new Message(
            message.type, message.timestamp, ByteBuffer.wrap(payload).asReadOnlyBuffer());
      }
    }
  }

  /** Returns the bytes that came after the handshake. */
  public long received() {
    return received;
  }

  /** Reads a chunk (RTMP 1.0, section 5.3.1). */
  private Coming chunk() throws IOException {
    int first = in.readUnsignedByte();
    int id = first & 63;
    if (id == 0) {
      id = 64 + in.readUnsignedByte();
    } else if (id == 1) {
      id = 64 + in.readUnsignedByte() + 256 * in.readUnsignedByte();
    }
    Coming message = coming.computeIfAbsent(id, _ -> new Coming());
    header(message, first >> 6);
    int count = Math.min(chunkBytes, message.length - message.bytes.size());
    byte[] part = in.readNBytes(count);
    if (part.length < count) {
      throw new EOFException();
    }
    message.bytes.writeBytes(part);
    received += 1 + count;
    return message;
  }

  private void header(Coming message, int form) throws IOException {
    boolean begins = message.bytes.size() == 0;
    if (form < 3) {
      message.delta = threeBytes();
      message.extended = message.delta == EXTENDED;
    }
    if (form < 2) {
      message.length = threeBytes();
      message.type = in.readUnsignedByte();
      if (message.length > MESSAGE_BYTES_MAX) {
        throw new IOException("a message of " + message.length + " bytes");
      }
    }
    if (form == 0) {
      in.readInt(); // the stream: there is one
    }
    if (message.extended) {
      message.delta = Integer.toUnsignedLong(in.readInt());
    }
    if (form == 0) {
      message.timestamp = message.delta;
      message.delta = 0;
    } else if (begins) {
      message.timestamp += message.delta;
    }
  }

  private int threeBytes() throws IOException {
    return in.readUnsignedByte() << 16 | in.readUnsignedShort();
  }

  /** Sends a command, in chunks of 128 bytes. */
  private void send(int streamId, Values command) throws IOException {
    byte[] body = command.bytes();
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    DataOutputStream head = new DataOutputStream(message);
    head.writeByte(3);
    head.writeInt(body.length >> 16); // timestamp 0, and the length's first byte
    head.writeShort(body.length);
    head.writeByte(COMMAND);
    head.writeInt(Integer.reverseBytes(streamId));
    for (int at = 0; at < body.length; at += 128) {
      if (at > 0) {
        head.writeByte(0xC3);
      }
      head.write(body, at, Math.min(128, body.length - at));
    }
    out.write(message.toByteArray());
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** Values of a command (AMF0, section 2). */
  private static final class Values {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Values number(double value) {
      bytes.write(0);
      bytes.writeBytes(ByteBuffer.allocate(Double.BYTES).putDouble(value).array());
      return this;
    }

    Values text(String value) {
      bytes.write(2);
      return name(value);
    }

    Values nothing() {
      bytes.write(5);
      return this;
    }

    Values object(Map<String, String> members) {
      bytes.write(3);
      members.forEach((name, value) -> name(name).text(value));
      name("").bytes.write(9);
      return this;
    }

    private Values name(String name) {
      byte[] text = name.getBytes(UTF_8);
      bytes.write(text.length >> 8);
      bytes.write(text.length);
      bytes.writeBytes(text);
      return this;
    }

    byte[] bytes() {
      return bytes.toByteArray();
    }
  }
}
