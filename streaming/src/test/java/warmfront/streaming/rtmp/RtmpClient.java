package warmfront.streaming.rtmp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** A client of RTMP that waits for each answer, with a reader of chunks of its own. */
public final class RtmpClient implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 10_000;

  private final Socket socket;
  private final DataInputStream in;
  private final Map<Integer, Message> streams = new HashMap<>();
  private int chunk = 128;
  private double transaction;

  /** A message that came, or is coming. */
  public record Message(int type, int streamId, long millis, ByteBuffer payload) {
    /** Returns the values of a command or of data in AMF0. */
    public List<Amf> values() {
      List<Amf> values = new ArrayList<>();
      AmfInput values0 = new AmfInput(payload.duplicate());
      try {
        while (!values0.isAtEnd()) {
          values.add(Amf0.read(values0));
        }
      } catch (ProtocolException e) {
        throw new AssertionError(e);
      }
      return values;
    }

    /** Returns the name of a command, or of data. */
    public String name() {
      return values().getFirst().text().orElseThrow();
    }

    /** Returns the code of onStatus and the like. */
    public String code() {
      return values().getLast().members().get("code") instanceof Amf.Text code ? code.value() : "";
    }

    /** Returns its bytes. */
    public byte[] bytes() {
      byte[] bytes = new byte[payload.remaining()];
      payload.duplicate().get(bytes);
      return bytes;
    }
  }

  /** Connects without a word. */
  public RtmpClient(InetSocketAddress address) throws IOException {
    this(connected(address));
  }

  /** Speaks over a socket that is connected. */
  RtmpClient(Socket connected) throws IOException {
    socket = connected;
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
  }

  /** Returns a socket that waits so long for each byte as clients here do. */
  static Socket connected(InetSocketAddress address) throws IOException {
    Socket socket = new Socket();
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.connect(address, PATIENCE_MILLIS);
    return socket;
  }

  /** Connects and shakes hands. */
  public static RtmpClient shaken(InetSocketAddress address) throws IOException {
    return shaken(connected(address));
  }

  /** Shakes hands over a socket that is connected. */
  static RtmpClient shaken(Socket connected) throws IOException {
    RtmpClient client = new RtmpClient(connected);
    client.shake(new byte[1536]);
    return client;
  }

  /** Shakes hands, and returns S1 and S2. */
  public byte[] shake(byte[] c1) throws IOException {
    byte[] first = new byte[1537];
    first[0] = 3;
    System.arraycopy(c1, 0, first, 1, 1536);
    send(first);
    byte[] answer = in.readNBytes(3073);
    if (answer.length != 3073 || answer[0] != 3) {
      throw new IOException("no handshake, but %d bytes".formatted(answer.length));
    }
    send(Arrays.copyOfRange(answer, 1, 1537));
    return Arrays.copyOfRange(answer, 1, 3073);
  }

  /** Connects to an application and returns the answer. */
  public Message connect(String app) throws IOException {
    SequencedMap<String, Amf> facts = new LinkedHashMap<>();
    facts.put("app", Amf.of(app));
    facts.put("flashVer", Amf.of("LNX 10,0,32,18"));
    facts.put("tcUrl", Amf.of("rtmp://127.0.0.1/" + app));
    return call("connect", 0, Amf.of(facts));
  }

  /** Makes a stream and returns its id. */
  public int createStream() throws IOException {
    Amf id = call("createStream", 0, Amf.nothing()).values().get(3);
    return (int) ((Amf.Numeral) id).value();
  }

  /** Sends a command and returns the answer to it. */
  public Message call(String name, int streamId, Amf... values) throws IOException {
    double called = ++transaction;
    command(name, called, streamId, values);
    while (true) {
      Message message = readCommand();
      if (Amf.of(called).equals(message.values().get(1))) {
        return message;
      }
    }
  }

  /** Sends a command. */
  public void command(String name, double number, int streamId, Amf... values) throws IOException {
    List<Amf> all = new ArrayList<>(List.of(Amf.of(name), Amf.of(number)));
    all.addAll(List.of(values));
    message(20, 3, streamId, 0, encoded(all));
  }

  /** Returns values as AMF0. */
  public static byte[] encoded(List<Amf> values) {
    ByteBuf out = Unpooled.buffer();
    values.forEach(value -> Amf0.write(out, value));
    return ByteBufUtil.getBytes(out);
  }

  /** Sends a message in chunks of 128 bytes. */
  public void message(int type, int chunkStream, int streamId, long millis, byte[] payload)
      throws IOException {
    Chunks chunks = new Chunks().full(chunkStream, millis, payload.length, type, streamId);
    if (millis >= 0xFFFFFF) {
      chunks.number(millis, 4);
    }
    for (int at = 0; at < payload.length; at += 128) {
      if (at > 0) {
        chunks.bare(chunkStream);
        if (millis >= 0xFFFFFF) {
          chunks.number(millis, 4);
        }
      }
      chunks.bytes(Arrays.copyOfRange(payload, at, Math.min(payload.length, at + 128)));
    }
    send(chunks.toBytes());
  }

  /** Sends bytes as they are. */
  public void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** Reads bytes as they are, as many as there are until the end. */
  public byte[] readAll() throws IOException {
    return in.readAllBytes();
  }

  /** Reads the next message of audio, video or data. */
  public Message readMedia() throws IOException {
    while (true) {
      Message message = read();
      if (message.type == 8 || message.type == 9 || message.type == 18) {
        return message;
      }
    }
  }

  /** Reads the next command. */
  public Message readCommand() throws IOException {
    while (true) {
      Message message = read();
      if (message.type == 20) {
        return message;
      }
    }
  }

  /** Reads commands until an onStatus, and returns its code. */
  public String readStatus() throws IOException {
    while (true) {
      Message message = readCommand();
      if (message.name().equals("onStatus")) {
        return message.code();
      }
    }
  }

  /** Reads the next message. */
  public Message read() throws IOException {
    while (true) {
      @Nullable Message whole = chunk();
      if (whole != null && whole.type == 1) {
        chunk = whole.payload.getInt(0);
      } else if (whole != null) {
        return whole;
      }
    }
  }

  private @Nullable Message chunk() throws IOException {
    int first = in.readUnsignedByte();
    int id = first & 0x3F;
    @Nullable Message known = streams.get(id);
    Message message;
    if (first >> 6 == 0) {
      long field = medium();
      int length = medium();
      int type = in.readUnsignedByte();
      int streamId = Integer.reverseBytes(in.readInt());
      long millis = field == 0xFFFFFF ? Integer.toUnsignedLong(in.readInt()) : field;
      message = new Message(type, streamId, millis, ByteBuffer.allocate(length));
      streams.put(id, message);
    } else {
      message = Objects.requireNonNull(known);
      if (message.millis >= 0xFFFFFF) {
        in.readInt();
      }
    }
    ByteBuffer payload = message.payload;
    int now = Math.min(chunk, payload.remaining());
    payload.put(in.readNBytes(now));
    if (payload.position() % chunk != 0 && payload.hasRemaining()) {
      throw new EOFException("within a chunk");
    }
    if (payload.hasRemaining()) {
      return null;
    }
    payload.flip();
    return message;
  }

  private int medium() throws IOException {
    return in.readUnsignedByte() << 16 | in.readUnsignedShort();
  }

  /** Returns the socket, to be treated badly. */
  public Socket socket() {
    return socket;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
