package warmfront.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.distribution;
import static warmfront.edge.Pictures.origin;
import static warmfront.edge.Pictures.policy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.edge.cache.CacheLimits;

/** WebSocket (RFC 6455) through the edge: what follows the handshake is passed on as it is. */
final class WebSocketTest {
  private static final String AGREED =
      lines(
          "HTTP/1.1 101 Switching Protocols",
          "Upgrade: websocket",
          "Connection: Upgrade",
          "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");

  private final Path folder;
  private final LiveEdge live;
  private final ServerSocket server;
  private final BlockingQueue<String> heads = new LinkedBlockingQueue<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  WebSocketTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    live =
        new LiveEdge(
            folder,
            new EdgeConfig.Storage(CacheLimits.ofMemory(16 << 20), List.of(), 0, 0),
            Visits.FRA);
    server = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    live.serving(List.of(policy("P")), behavior("*", "P"));
    live.change(
        distribution(
            "EA",
            List.of(LiveEdge.HOST),
            origin("origin.test", server.getLocalPort()),
            behavior("*", "P")));
  }

  @AfterEach
  void close() throws IOException {
    server.close();
    live.close();
  }

  /** Answers a handshake so, and then says back in capitals what it hears. */
  private void answering(String answer) {
    Thread.ofVirtual()
        .start(() -> {
          try (Socket socket = server.accept()) {
            InputStream in = socket.getInputStream();
            var head = new StringBuilder();
            for (String line = Visitor.line(in); !line.isEmpty(); line = Visitor.line(in)) {
              head.append(line).append('\n');
            }
            heads.add(head.toString());
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
            for (int c = in.read(); c >= 0; c = in.read()) {
              socket.getOutputStream().write(Character.toUpperCase(c));
            }
          } catch (IOException _) {
            // the edge is gone, which some tests want
          }
          closed.countDown();
        });
  }

  private static String lines(String... lines) {
    return String.join("\r\n", lines) + "\r\n\r\n";
  }

  private Socket handshake() throws IOException {
    Socket socket = live.visitor().connect();
    String head =
        lines(
            "GET /chat?a=1 HTTP/1.1",
            "Host: " + LiveEdge.HOST,
            "Connection: keep-alive, Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Protocol: chat");
    socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
    return socket;
  }

  private static String head(InputStream in) throws IOException {
    var head = new StringBuilder();
    for (String line = Visitor.line(in); !line.isEmpty(); line = Visitor.line(in)) {
      head.append(line).append('\n');
    }
    return head.toString();
  }

  private static String say(Socket socket, String text) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    return new String(
        socket.getInputStream().readNBytes(text.length()), StandardCharsets.ISO_8859_1);
  }

  @Test
  void both_sides_talk_after_the_origin_has_agreed() throws Exception {
    answering(AGREED);
    try (Socket viewer = handshake()) {
      String agreed = head(viewer.getInputStream());

      assertThat(agreed)
          .startsWith("HTTP/1.1 101 Switching Protocols\n")
          .contains("\nConnection: Upgrade\n", "\nUpgrade: websocket\n")
          .contains("\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\n")
          .doesNotContainIgnoringCase("transfer-encoding")
          .doesNotContainIgnoringCase("content-length");
      assertThat(say(viewer, "hello")).isEqualTo("HELLO");
      assertThat(say(viewer, "\0\1binary\r\n")).isEqualTo("\0\1BINARY\r\n");
      assertThat(say(viewer, "x".repeat(1 << 16))).isEqualTo("X".repeat(1 << 16));
    }
    assertThat(heads.take())
        .startsWith("GET /chat HTTP/1.1\n")
        .contains("\nUpgrade: websocket\n", "\nConnection: Upgrade\n")
        .contains("\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n")
        .contains("\nSec-WebSocket-Version: 13\n", "\nSec-WebSocket-Protocol: chat\n")
        .doesNotContainIgnoringCase("transfer-encoding");
    closed.await(); // the viewer left, so the origin's side ended, too
  }

  @Test
  void an_origin_that_ends_it_ends_the_viewers_side() throws Exception {
    Thread.ofVirtual()
        .start(() -> {
          try (Socket socket = server.accept()) {
            head(socket.getInputStream());
            String all = AGREED + "bye";
            socket.getOutputStream().write(all.getBytes(StandardCharsets.ISO_8859_1));
          } catch (IOException _) {
            // the viewer's side tells
          }
        });
    try (Socket viewer = handshake()) {
      head(viewer.getInputStream());

      assertThat(viewer.getInputStream().readAllBytes()).asString().isEqualTo("bye");
    }
  }

  @Test
  void an_origin_that_does_not_agree_gives_an_ordinary_answer_and_the_connection_ends()
      throws Exception {
    answering(lines("HTTP/1.1 403 Forbidden", "Content-Length: 2") + "no");
    try (Socket viewer = handshake()) {
      String answer =
          new String(viewer.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);

      assertThat(answer).startsWith("HTTP/1.1 403 ").contains("Connection: close").endsWith("no");
    }
  }

  @Test
  void another_protocol_than_the_one_asked_for_is_no_answer() throws Exception {
    answering(AGREED.replace("websocket", "other"));
    try (Socket viewer = handshake()) {
      assertThat(Visitor.line(viewer.getInputStream())).startsWith("HTTP/1.1 502 ");
    }
  }

  @Test
  void a_101_that_nobody_asked_for_is_no_answer() throws Exception {
    answering(AGREED);

    assertThat(live.visitor().get("/a").status()).isEqualTo(502);
  }

  @Test
  void an_upgrade_to_something_else_is_an_ordinary_request() throws Exception {
    answering(lines("HTTP/1.1 200 OK", "Content-Length: 2") + "ok");

    assertThat(live.visitor().get("/a", "Upgrade", "h2c").body()).isEqualTo("ok");
    assertThat(heads.take()).doesNotContainIgnoringCase("upgrade");
  }

  @Test
  void it_is_logged_at_its_end_as_a_miss_with_all_bytes() throws Exception {
    answering(AGREED);
    try (Socket viewer = handshake()) {
      head(viewer.getInputStream());
      say(viewer, "hello".repeat(1000));
      assertThat(live.edge().counters().requests().requests()).isEmpty();
    }
    live.awaitFinished(1);
    live.close();

    String[] row = rows().getFirst().split("\t", -1);
    assertThat(row[8]).isEqualTo("101");
    assertThat(row[13]).isEqualTo("Miss");
    assertThat(row[16]).isEqualTo("ws");
    assertThat(row[28]).isEqualTo("Miss");
    assertThat(Long.parseLong(row[3])).isGreaterThan(5000);
    assertThat(Long.parseLong(row[17])).isGreaterThan(5000);
  }

  private List<String> rows() throws IOException {
    List<String> rows = new ArrayList<>();
    Path logs = Files.createDirectories(folder.resolve("logs")); // the journal may yet have to
    try (Stream<Path> files = Files.walk(logs)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".gz")).toList()) {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
          new String(in.readAllBytes(), StandardCharsets.US_ASCII)
              .lines()
              .filter(line -> !line.startsWith("#"))
              .forEach(rows::add);
        }
      }
    }
    return rows;
  }
}
