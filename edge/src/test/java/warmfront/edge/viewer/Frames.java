package warmfront.edge.viewer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A viewer that speaks HTTP/2 by hand (RFC 9113). */
final class Frames implements AutoCloseable {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;
  static final int PING = 6;
  static final int PRIORITY = 2;
  static final int PRIORITY_UPDATE = 16;
  static final int END_STREAM = 1;
  static final int ACK = 1;
  static final int END_HEADERS = 4;

  /** A frame as it came. */
  record Frame(int type, int flags, int stream, ByteBuffer payload) {
    /** Returns the error of RST_STREAM or GOAWAY. */
    int error() {
      return payload.getInt(type == GOAWAY ? 4 : 0);
    }
  }

  private final SSLSocket socket;
  private final DataInputStream in;

  Frames(SSLSocket socket) throws IOException {
    this(socket, new byte[0], true);
  }

  /** Begins with settings, and acknowledges the edge's or not. */
  Frames(SSLSocket socket, byte[] settings, boolean acknowledging) throws IOException {
    this(socket, begun(socket));
    greet(settings, acknowledging);
  }

  private Frames(SSLSocket socket, DataInputStream in) {
    this.socket = socket;
    this.in = in;
  }

  /** Begins with TLS alone; the viewer greets when the test says so. */
  static Frames silent(SSLSocket socket) throws IOException {
    return new Frames(socket, begun(socket));
  }

  private static DataInputStream begun(SSLSocket socket) throws IOException {
    socket.setSoTimeout(10_000);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return new DataInputStream(socket.getInputStream());
  }

  /** Says that it speaks HTTP/2 (RFC 9113, 3.4). */
  void greet(byte[] settings, boolean acknowledging) throws IOException {
    write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1));
    send(SETTINGS, 0, 0, settings);
    if (acknowledging) {
      send(SETTINGS, ACK, 0, new byte[0]);
    }
  }

  /** Writes what the edge is to read at once. */
  void write(byte[]... pieces) throws IOException {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (byte[] piece : pieces) {
      whole.writeBytes(piece);
    }
    socket.getOutputStream().write(whole.toByteArray());
  }

  void send(int type, int flags, int stream, byte[] payload) throws IOException {
    write(frame(type, flags, stream, payload));
  }

  /** Returns a frame. */
  static byte[] frame(int type, int flags, int stream, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
    return frame
        .putInt(payload.length << 8 | type)
        .put((byte) flags)
        .putInt(stream)
        .put(payload)
        .array();
  }

  /** Sends a request whose fields are given as name, value. */
  void request(int stream, boolean ended, List<String> fields) throws IOException {
    send(HEADERS, END_HEADERS | (ended ? END_STREAM : 0), stream, block(fields));
  }

  /** Returns a header block of literals (RFC 7541, 6.2.2). */
  static byte[] block(List<String> fields) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < fields.size(); i += 2) {
      out.write(0);
      text(out, fields.get(i));
      text(out, fields.get(i + 1));
    }
    return out.toByteArray();
  }

  private static void text(ByteArrayOutputStream out, String text) {
    int left = text.length();
    if (left < 127) {
      out.write(left);
    } else {
      out.write(127);
      for (left -= 127; left >= 128; left >>= 7) {
        out.write((left & 127) | 128);
      }
      out.write(left);
    }
    out.writeBytes(text.getBytes(ISO_8859_1));
  }

  Frame read() throws IOException {
    int head = in.readInt();
    int flags = in.readUnsignedByte();
    int stream = in.readInt();
    byte[] payload = in.readNBytes(head >>> 8);
    return new Frame(head & 0xFF, flags, stream, ByteBuffer.wrap(payload));
  }

  /** Reads on to a frame of this type. */
  Frame read(int type) throws IOException {
    Frame frame = read();
    while (frame.type() != type) {
      frame = read();
    }
    return frame;
  }

  /** Returns a setting. */
  static byte[] setting(int name, int value) {
    return ByteBuffer.allocate(6).putShort((short) name).putInt(value).array();
  }

  /** Returns a number of four bytes. */
  static byte[] number(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  /** Returns whether the connection ends before another frame of this type. */
  boolean endsWithout(int type) throws IOException {
    try {
      read(type);
      return false;
    } catch (EOFException | javax.net.ssl.SSLException | java.net.SocketException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
