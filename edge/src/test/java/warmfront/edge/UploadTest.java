package warmfront.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.Pictures.ALL;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.noCaching;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.distribution.Behavior.ViewerProtocol;
import warmfront.edge.cache.CacheLimits;

/** Bodies of requests on their way to the origin, longer than anything the edge may hold. */
final class UploadTest {
  private static final int PIECE = 1 << 16;

  /** 256 MiB: 16 times the edge's memory. */
  private static final int PIECES = 4096;

  private final LiveEdge live;

  UploadTest(@TempDir Path folder) throws IOException {
    live =
        new LiveEdge(
            folder,
            new EdgeConfig.Storage(CacheLimits.ofMemory(16 << 20), List.of(), 0, 0),
            Visits.FRA);
    live.serving(List.of(noCaching("N")), behavior("*", "N", ViewerProtocol.ALLOW_ALL, ALL));
    live.origin.on(
        "/sum",
        exchange -> {
          var sum = new CheckedInputStream(exchange.getRequestBody(), new CRC32());
          long length = sum.skip(Long.MAX_VALUE);
          ScriptedOrigin.answer(exchange, 200, length + " " + sum.getChecksum().getValue());
        });
  }

  @AfterEach
  void close() {
    live.close();
  }

  private static byte[] piece(int number) {
    byte[] piece = new byte[PIECE];
    for (int i = 0; i < piece.length; i += 64) {
      piece[i] = (byte) (number * 31 + i);
    }
    return piece;
  }

  private static String sum() {
    var sum = new CRC32();
    for (int i = 0; i < PIECES; i++) {
      sum.update(piece(i));
    }
    return (long) PIECES * PIECE + " " + sum.getValue();
  }

  private Visitor.Answer put(String framing, Sending sending) throws IOException {
    try (Socket socket = live.visitor().connect()) {
      OutputStream out = new BufferedOutputStream(socket.getOutputStream(), PIECE);
      out.write(head("/sum", framing));
      sending.to(out);
      out.flush();
      return Visitor.read(socket, "PUT");
    }
  }

  private static byte[] head(String path, String... fields) {
    List<String> lines = new ArrayList<>();
    lines.add("PUT " + path + " HTTP/1.1");
    lines.add("Host: " + LiveEdge.HOST);
    lines.addAll(List.of(fields));
    lines.add("Connection: close");
    return (String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
  }

  private interface Sending {
    void to(OutputStream out) throws IOException;
  }

  @Test
  void a_body_of_announced_length_passes_through_whole() throws IOException {
    Visitor.Answer answer =
        put(
            "Content-Length: " + (long) PIECES * PIECE,
            out -> {
              for (int i = 0; i < PIECES; i++) {
                out.write(piece(i));
              }
            });

    assertThat(answer.body()).isEqualTo(sum());
  }

  @Test
  void a_body_in_chunks_passes_through_whole() throws IOException {
    Visitor.Answer answer =
        put(
            "Transfer-Encoding: chunked",
            out -> {
              for (int i = 0; i < PIECES; i++) {
                out.write("10000\r\n".getBytes(StandardCharsets.US_ASCII));
                out.write(piece(i));
                out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
              }
              out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            });

    assertThat(answer.body()).isEqualTo(sum());
  }

  @Test
  void an_origin_that_does_not_read_stops_the_viewer_and_not_the_edges_memory() throws Exception {
    var read = new CountDownLatch(1);
    live.origin.on(
        "/slow",
        exchange -> {
          try {
            read.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          ScriptedOrigin.answer(
              exchange, 200, String.valueOf(exchange.getRequestBody().skip(Long.MAX_VALUE)));
        });
    try (Socket socket = live.visitor().connect()) {
      OutputStream out = socket.getOutputStream();
      out.write(head("/slow", "Content-Length: " + (long) PIECES * PIECE));
      var sent = new AtomicInteger();
      Thread sender =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  for (int i = 0; i < PIECES; i++) {
                    out.write(piece(i));
                    sent.incrementAndGet();
                  }
                } catch (IOException _) {
                  // the answer, or its absence, says enough
                }
              });
      LiveEdge.eventually(() -> sender.getState() == Thread.State.WAITING);
      assertThat(sent.get()).as("what sockets and the edge hold").isLessThan(PIECES / 2);
      read.countDown();

      assertThat(Visitor.read(socket, "PUT").body()).isEqualTo("" + (long) PIECES * PIECE);
      sender.join();
    }
  }

  @Test
  void a_viewer_who_waits_for_leave_to_send_gets_it_before_it_sends() throws IOException {
    try (Socket socket = live.visitor().connect()) {
      socket.getOutputStream().write(head("/sum", "Content-Length: 5", "Expect: 100-continue"));
      InputStream in = socket.getInputStream();
      assertThat(Visitor.line(in)).isEqualTo("HTTP/1.1 100 Continue");
      assertThat(Visitor.line(in)).isEmpty();

      socket.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));

      assertThat(Visitor.read(socket, "PUT").body()).startsWith("5 ");
    }
    assertThat(live.origin.asked.getFirst()).doesNotContainIgnoringCase("expect");
  }
}
