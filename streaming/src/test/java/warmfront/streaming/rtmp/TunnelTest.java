package warmfront.streaming.rtmp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import warmfront.time.ManualClock;

/** RTMP in bodies of HTTP: numbers, connections that change, what is turned off, and ends. */
final class TunnelTest {
  private final ManualClock clock = new ManualClock(Instant.EPOCH);
  private final Heard.All all = new Heard.All();
  private RtmpServer server = server(Limits.standard());
  private InetSocketAddress address = new InetSocketAddress(0);

  /** With two loops, connections are often on another than the tunnel's. */
  private RtmpServer server(Limits limits) {
    return new RtmpServer(limits, clock, new SplittableRandom(3), 2);
  }

  @BeforeEach
  void start() throws IOException {
    start(Set.of(Variant.RTMPT));
  }

  private void start(Set<Variant> variants) throws IOException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    address = server.start(List.of(any), variants, Tls.NONE, all).getFirst();
  }

  @AfterEach
  void close() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_tunnel_goes_on_whatever_connection_a_request_comes_on(boolean changes) throws Exception {
    try (Wire first = new Wire(address);
        Wire second = new Wire(address)) {
      String id = first.open();

      byte[] shaken = first.post("/send/" + id + "/0", c0c1());
      Wire other = changes ? second : first;
      byte[] nothing = other.post("/send/" + id + "/1", new byte[1536]);
      byte[] answer = other.post("/send/" + id + "/2", connect());

      assertThat(shaken).hasSize(1 + 3073).startsWith(1, 3);
      assertThat(nothing).containsExactly(1);
      assertThat(new String(answer, US_ASCII)).contains("_result");
      assertThat(all.session().link.variant()).isEqualTo(Variant.RTMPT);
      assertThat(all.next()).startsWith("connect");
      first.post("/close/" + id + "/3", new byte[1]);
      assertThat(all.next()).isEqualTo("closed PEER");
      assertThat(second.status("/idle/" + id + "/4", new byte[1])).isEqualTo(404);
    }
  }

  @Test
  void a_request_that_comes_again_gets_the_same_answer_and_is_heard_once() throws Exception {
    try (Wire wire = new Wire(address);
        Wire again = new Wire(address)) {
      String id = wire.open();
      wire.post("/send/" + id + "/0", c0c1());
      wire.post("/send/" + id + "/1", new byte[1536]);

      byte[] answer = wire.post("/send/" + id + "/2", connect());

      assertThat(again.post("/send/" + id + "/2", connect())).isEqualTo(answer);
      assertThat(again.post("/send/" + id + "/0", c0c1())).containsExactly(1);
      again.post("/close/" + id + "/3", new byte[1]);
      assertThat(all.next()).startsWith("connect");
      assertThat(all.next()).isEqualTo("closed PEER");
    }
  }

  @Test
  void a_request_that_comes_early_waits_for_those_before_it() throws Exception {
    try (Wire wire = new Wire(address);
        Wire early = new Wire(address)) {
      String id = wire.open();
      wire.post("/send/" + id + "/0", c0c1());
      early.send("/send/" + id + "/2", connect());

      assertThat(wire.post("/send/" + id + "/1", new byte[1536])).startsWith(1);

      assertThat(new String(early.read(), US_ASCII)).contains("_result");
      assertThat(all.next()).startsWith("connect");
    }
  }

  @Test
  void a_gap_that_nothing_fills_ends_the_tunnel() throws Exception {
    try (Wire wire = new Wire(address);
        Wire early = new Wire(address)) {
      String id = wire.open();
      wire.post("/send/" + id + "/0", c0c1());
      early.send("/idle/" + id + "/2", new byte[1]);

      int status = 200;
      for (int i = 0; i < 1000 && status == 200; i++) { // the early one may be under way yet
        clock.advance(Limits.standard().times().handshake().dividedBy(2));
        server.sweep();
        status = wire.status("/send/" + id + "/0", c0c1());
      }

      assertThat(status).isEqualTo(404);
    }
  }

  @Test
  void who_asks_no_more_is_gone() throws Exception {
    try (Wire wire = new Wire(address)) {
      String id = wire.open();
      wire.post("/send/" + id + "/0", c0c1());
      wire.post("/send/" + id + "/1", new byte[1536]);
      Heard session = all.session();
      session.link.loop().execute(session.link::admit);

      clock.advance(Limits.standard().times().stall().plusSeconds(1));
      server.sweep();

      assertThat(all.next()).isEqualTo("closed PEER");
    }
  }

  @Test
  void what_the_session_says_last_is_fetched_before_the_end() throws Exception {
    try (Wire wire = new Wire(address)) {
      String id = wire.open();
      wire.post("/send/" + id + "/0", c0c1());
      wire.post("/send/" + id + "/1", new byte[1536]);

      byte[] last = wire.post("/send/" + id + "/2", command("close"));

      assertThat(new String(last, US_ASCII)).contains("bye");
      assertThat(wire.status("/idle/" + id + "/3", new byte[1])).isEqualTo(404);
    }
  }

  @Test
  void a_peer_to_which_nothing_is_said_is_told_to_ask_less_often() throws Exception {
    try (Wire wire = new Wire(address)) {
      String id = wire.open();
      byte[] hints = new byte[70];
      for (int i = 0; i < hints.length; i++) {
        hints[i] = wire.post("/idle/" + id + "/" + i, new byte[1])[0];
      }

      assertThat(hints).startsWith(1, 1, 1).contains(3, 5, 9, 0x11).endsWith(0x21);
    }
  }

  @Test
  void what_is_turned_off_is_not_spoken() throws Exception {
    try (Wire wire = new Wire(address)) {
      String id = wire.open();
      byte[] enciphered = c0c1();
      enciphered[0] = 6;
      assertThat(wire.status("/send/" + id + "/0", enciphered)).isEqualTo(404);
    }
    for (int version : new int[] {3, 6}) {
      try (RtmpClient client = new RtmpClient(address)) {
        client.send(new byte[] {(byte) version});
        assertThat(client.readAll()).isEmpty();
      }
    }
  }

  @Test
  void only_so_many_tunnels_may_be_opened() throws Exception {
    server.close();
    Limits standard = Limits.standard();
    server = server(new Limits(standard.memory(), new Limits.Connection(2, 2), standard.times()));
    start(Set.of(Variant.RTMPT));
    try (Wire wire = new Wire(address)) {
      wire.open();
      wire.open();
      assertThat(wire.status("/open/1", new byte[1])).isEqualTo(503);

      clock.advance(Duration.ofSeconds(8)); // a tunnel without a word has as long as a handshake
      assertThat(wire.status("/nothing", new byte[1])).isEqualTo(404);
      clock.advance(Duration.ofSeconds(3));
      server.sweep();

      assertThat(wire.open()).hasSize(32);
    }
  }

  static byte[] c0c1() {
    byte[] bytes = new byte[1537];
    bytes[0] = 3;
    return bytes;
  }

  static byte[] connect() {
    return command("connect");
  }

  private static byte[] command(String name) {
    byte[] payload = RtmpClient.encoded(List.of(Amf.of(name), Amf.of(1), Amf.nothing()));
    return new Chunks().full(3, 0, payload.length, 20, 0).bytes(payload).toBytes();
  }

  /** A connection of a client that counts nothing by itself. */
  static final class Wire implements AutoCloseable {
    private final Socket socket;
    private final DataInputStream in;
    private int status;

    Wire(InetSocketAddress address) throws IOException {
      this(RtmpClient.connected(address));
    }

    Wire(Socket connected) throws IOException {
      socket = connected;
      in = new DataInputStream(socket.getInputStream());
    }

    String open() throws IOException {
      String id = new String(post("/open/1", new byte[1]), US_ASCII);
      assertThat(id).matches("[0-9a-f]{32}\n");
      return id.strip();
    }

    byte[] post(String path, byte[] body) throws IOException {
      send(path, body);
      byte[] answer = read();
      assertThat(status).isEqualTo(200);
      return answer;
    }

    int status(String path, byte[] body) throws IOException {
      send(path, body);
      read();
      return status;
    }

    void send(String path, byte[] body) throws IOException {
      ByteArrayOutputStream request = new ByteArrayOutputStream();
      String head =
          "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-fcs\r\nContent-Length: %d\r\n\r\n"
              .formatted(path, body.length);
      request.writeBytes(head.getBytes(US_ASCII));
      request.writeBytes(body);
      socket.getOutputStream().write(request.toByteArray());
    }

    byte[] read() throws IOException {
      status = -1;
      int length = 0;
      for (String line = line(); !line.isEmpty(); line = line()) {
        if (status < 0) {
          status = Integer.parseInt(line.split(" ", -1)[1]);
        } else if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
          length = Integer.parseInt(line.substring(15).strip());
        }
      }
      byte[] body = new byte[length];
      in.readFully(body);
      return body;
    }

    private String line() throws IOException {
      byte[] line = new byte[1024];
      int length = 0;
      for (int next = in.read(); next != '\n' && next >= 0; next = in.read()) {
        line[length++] = (byte) next;
      }
      return new String(Arrays.copyOf(line, length), US_ASCII).strip();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
