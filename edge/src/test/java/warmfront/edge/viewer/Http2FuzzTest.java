package warmfront.edge.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;

/**
 * Frames that were right once and are spoiled by chance: whatever comes, the connection ends or
 * goes on, the next viewer is served, and nothing stays pinned ({@link Edge#close} looks).
 */
final class Http2FuzzTest {
  private static final int CONNECTIONS = 60;
  private static final byte[] PREFACE = Ascii.bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

  @Test
  void spoiled_frames_harm_nobody_else() throws Exception {
    try (Edge edge = Edge.trusted()) {
      for (int seed = 0; seed < CONNECTIONS; seed++) {
        SplittableRandom chance = new SplittableRandom(seed);
        try (SSLSocket socket = connect(edge)) {
          socket.getOutputStream().write(spoiled(chance));
          if (chance.nextInt(3) > 0) {
            socket.getInputStream().read(new byte[chance.nextInt(1, 100_000)]);
          }
        } catch (SocketException | SSLException e) {
          assertThat(e).isNotNull(); // closed while it still sends
        }
      }
      try (Frames after = edge.frames(new byte[0])) {
        after.request(1, true, fields("/x"));
        assertThat(after.read(Frames.DATA).payload().remaining()).isEqualTo(20);
      }
      Edge.await(() -> edge.viewers.counters().open() == 0);
      Edge.await(() -> edge.site.tracked.live() == 0);
      Edge.await(() -> edge.site.deliveries.size() == answerable(edge));
    }
  }

  /**
   * Requests whose site answers at once or breaks off; an echo waits for a body that may not come.
   */
  private static long answerable(Edge edge) {
    long echoes =
        edge.site.requests.stream().filter(request -> request.path().equals("/echo")).count();
    return Math.max(edge.site.requests.size() - echoes, edge.site.deliveries.size());
  }

  private static SSLSocket connect(Edge edge) throws Exception {
    SSLSocket socket = edge.socket();
    socket.setSoTimeout(10_000);
    var parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    socket.setSSLParameters(parameters);
    return socket;
  }

  private static byte[] spoiled(SplittableRandom chance) {
    List<byte[]> frames = new ArrayList<>(right());
    switch (chance.nextInt(4)) {
      case 0 -> Collections.swap(frames, chance.nextInt(frames.size()), 1);
      case 1 -> frames.remove(chance.nextInt(frames.size()));
      case 2 -> frames.add(frames.get(chance.nextInt(frames.size())));
      default -> {}
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(PREFACE);
    frames.forEach(out::writeBytes);
    byte[] bytes = out.toByteArray();
    for (int i = chance.nextInt(6); i > 0; i--) {
      int at = chance.nextInt(chance.nextInt(20) == 0 ? 0 : PREFACE.length, bytes.length);
      bytes[at] = (byte) (chance.nextBoolean() ? chance.nextInt(256) : bytes[at] ^ 1);
    }
    int end = chance.nextInt(5) == 0 ? chance.nextInt(bytes.length) : bytes.length;
    return java.util.Arrays.copyOf(bytes, end);
  }

  private static List<byte[]> right() {
    byte[] get = Frames.block(fields("/x"));
    byte[] half = java.util.Arrays.copyOf(get, 20);
    byte[] rest = java.util.Arrays.copyOfRange(get, 20, get.length);
    int whole = Frames.END_HEADERS | Frames.END_STREAM;
    return List.of(
        Frames.frame(Frames.SETTINGS, 0, 0, Frames.setting(4, 20_000)),
        Frames.frame(Frames.SETTINGS, Frames.ACK, 0, new byte[0]),
        Frames.frame(Frames.HEADERS, whole, 1, get),
        Frames.frame(Frames.HEADERS, Frames.END_HEADERS, 3, Frames.block(post())),
        Frames.frame(Frames.DATA, 0, 3, new byte[500]),
        Frames.frame(Frames.PRIORITY, 0, 5, new byte[] {0, 0, 0, 3, 9}),
        Frames.frame(Frames.HEADERS, Frames.END_STREAM, 7, half),
        Frames.frame(Frames.CONTINUATION, Frames.END_HEADERS, 7, rest),
        Frames.frame(Frames.HEADERS, whole, 9, Frames.block(fields("/open?300000"))),
        Frames.frame(Frames.WINDOW_UPDATE, 0, 9, Frames.number(9000)),
        Frames.frame(Frames.WINDOW_UPDATE, 0, 0, Frames.number(90_000)),
        Frames.frame(Frames.HEADERS, whole, 11, Frames.block(fields("/large"))),
        Frames.frame(Frames.DATA, 8 | Frames.END_STREAM, 3, new byte[] {2, 'a', 0, 0}),
        Frames.frame(Frames.PING, 0, 0, new byte[8]),
        Frames.frame(Frames.PRIORITY_UPDATE, 0, 0, new byte[] {0, 0, 0, 9, 'u', '=', '1'}),
        Frames.frame(Frames.RST_STREAM, 0, 11, Frames.number(8)),
        Frames.frame(Frames.SETTINGS, 0, 0, Frames.setting(1, 0)),
        Frames.frame(Frames.HEADERS, whole, 13, get));
  }

  private static List<String> post() {
    List<String> fields = new ArrayList<>(fields("/echo"));
    fields.set(1, "POST");
    return fields;
  }

  private static List<String> fields(String path) {
    return List.of(
        ":method", "GET", ":scheme", "https", ":path", path, ":authority", "a.example", "x", "y");
  }
}
