package warmfront.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.policy;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.distribution.Invalidation;
import warmfront.edge.cache.CacheLimits;
import warmfront.snapshot.Subscriber.Verdict;

/**
 * Bodies that the kernel sends out of the cache's own memory, to viewers who read late. Each object
 * consists of the letter that the origin has at the time.
 */
final class LentMemoryTest {
  private static final int MEMORY = 8 << 20;

  @AutoClose private final LiveEdge edge;
  private volatile int length;
  private volatile char letter = 'a';

  LentMemoryTest(@TempDir Path data) throws IOException {
    edge =
        new LiveEdge(
                data,
                new EdgeConfig.Storage(CacheLimits.ofMemory(MEMORY), List.of(), 0, 0),
                Visits.FRA)
            .serving(List.of(policy("P")), behavior("*", "P"));
    edge.origin.on("/", this::letters);
  }

  @Test
  void what_a_viewer_has_yet_to_read_stays_when_the_memory_is_used_again() throws IOException {
    length = 64 << 10; // the kernel takes all of it, read or not
    edge.visitor().get("/a");

    try (Socket late = connect()) {
      edge.visitor().send(late, "GET", "/a", "");
      edge.awaitFinished(2);
      letter = 'z';
      assertThat(edge.change(new Invalidation("I1", "EA", List.of("/a"))))
          .isEqualTo(new Verdict.Applied());
      for (int i = 0; i < 2 * MEMORY / length; i++) {
        assertThat(edge.visitor().get(i == 0 ? "/a" : "/b" + i).body()).startsWith("z");
      }

      assertThat(body(late)).isEqualTo(letters('a'));
    }
  }

  @Test
  void a_viewer_gets_all_of_what_the_kernel_took_in_parts() throws IOException {
    length = 1 << 20;
    edge.visitor().get("/a");

    try (Socket slow = connect();
        Socket other = connect()) {
      edge.visitor().send(slow, "GET", "/a", "");
      edge.visitor().send(other, "GET", "/a", "", "Range", "bytes=4097-900000");

      assertThat(body(slow)).isEqualTo(letters('a'));
      assertThat(body(other)).hasSize(900_000 - 4097 + 1).containsOnly((byte) 'a');
    }
  }

  @Test
  void a_long_object_of_many_slices_arrives_as_it_is() throws IOException {
    length = (3 << 20) + 5;
    edge.visitor().get("/a");

    try (Socket slow = connect()) {
      edge.visitor().send(slow, "GET", "/a", "");

      assertThat(body(slow)).isEqualTo(letters('a'));
    }
    assertThat(edge.origin.asked).hasSize(1);
  }

  /** Connects as a viewer who cannot be sent much before he reads. */
  private Socket connect() throws IOException {
    var socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.setSoTimeout(20_000);
    socket.connect(edge.address());
    return socket;
  }

  private static byte[] body(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    while (!Visitor.line(in).isEmpty()) {}
    return in.readAllBytes();
  }

  private void letters(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().add("ETag", "\"1\"");
    exchange.sendResponseHeaders(200, length);
    exchange.getResponseBody().write(letters(letter));
  }

  private byte[] letters(char of) {
    byte[] letters = new byte[length];
    Arrays.fill(letters, (byte) of);
    return letters;
  }
}
