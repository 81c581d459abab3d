package warmfront.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.distribution;
import static warmfront.edge.Pictures.origin;
import static warmfront.edge.Pictures.policy;
import static warmfront.edge.Pictures.put;
import static warmfront.edge.Pictures.snapshot;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.distribution.Invalidation;
import warmfront.edge.cache.CacheLimits;
import warmfront.edge.log.Counters;
import warmfront.edge.origin.OriginRules;
import warmfront.edge.step.Place;
import warmfront.edge.viewer.Listener;
import warmfront.snapshot.Entry;
import warmfront.snapshot.Snapshot;
import warmfront.snapshot.Subscriber.Verdict;
import warmfront.time.ManualClock;

/**
 * Bodies that the kernel sends out of the cache's own memory, to viewers who read late. Each object
 * consists of the letter that the origin has at the time.
 */
final class LentMemoryTest {
  private static final int MEMORY = 8 << 20;

  @TempDir private Path data;
  private final ScriptedOrigin origin = newOrigin();
  private @Nullable Edge edge;
  private @Nullable InetSocketAddress address;
  private Snapshot picture = Snapshot.empty();
  private volatile int length;
  private volatile char letter = 'a';

  private static ScriptedOrigin newOrigin() {
    try {
      return new ScriptedOrigin();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @BeforeEach
  void open() throws IOException {
    origin.on("/", this::letters);
    InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    Edge opened =
        Edge.open(
            new EdgeConfig(
                data,
                List.of(new Listener(free, new Place(Visits.FRA, false, 8443))),
                1,
                new EdgeConfig.Storage(CacheLimits.ofMemory(MEMORY), List.of(), 0, 0),
                new EdgeConfig.Outside(
                    OriginRules.ONE_PROCESS,
                    _ -> List.of(InetAddress.getLoopbackAddress()),
                    Optional.empty()),
                false,
                EdgeConfig.Limits.standard(),
                new ManualClock(Instant.parse("2026-03-04T12:00:00Z")),
                new SplittableRandom(1)));
    edge = opened;
    address = opened.start().getFirst();
    var site =
        distribution(
            "EA",
            List.of("www.example.com"),
            origin("origin.test", origin.port()),
            behavior("*", "P"));
    picture = snapshot(policy("P"), site);
    assertThat(opened.take(picture, List.of())).isEqualTo(new Verdict.Applied());
  }

  @AfterEach
  void close() {
    edge().close();
    origin.close();
  }

  @Test
  void what_a_viewer_has_yet_to_read_stays_when_the_memory_is_used_again() throws IOException {
    length = 64 << 10; // the kernel takes all of it, read or not
    visitor().get("/a");

    try (Socket late = connect()) {
      visitor().send(late, "GET", "/a", "");
      awaitFinished(2);
      letter = 'z';
      invalidate("/a");
      for (int i = 0; i < 2 * MEMORY / length; i++) {
        assertThat(visitor().get(i == 0 ? "/a" : "/b" + i).body()).startsWith("z");
      }

      assertThat(body(late)).isEqualTo(letters('a'));
    }
  }

  @Test
  void a_viewer_gets_all_of_what_the_kernel_took_in_parts() throws IOException {
    length = 1 << 20;
    visitor().get("/a");

    try (Socket slow = connect();
        Socket other = connect()) {
      visitor().send(slow, "GET", "/a", "");
      visitor().send(other, "GET", "/a", "", "Range", "bytes=4097-900000");

      assertThat(body(slow)).isEqualTo(letters('a'));
      assertThat(body(other)).hasSize(900_000 - 4097 + 1).containsOnly((byte) 'a');
    }
  }

  @Test
  void a_long_object_of_many_slices_arrives_as_it_is() throws IOException {
    length = (3 << 20) + 5;
    visitor().get("/a");

    try (Socket slow = connect()) {
      visitor().send(slow, "GET", "/a", "");

      assertThat(body(slow)).isEqualTo(letters('a'));
    }
    assertThat(origin.asked).hasSize(1);
  }

  private void invalidate(String path) {
    Entry entry = put(picture, new Invalidation("I1", "EA", List.of(path)));
    picture = picture.after(entry);
    assertThat(edge().take(picture, List.of(entry))).isEqualTo(new Verdict.Applied());
  }

  /** Waits until so many requests are finished for the edge: all their bytes are the kernel's. */
  private void awaitFinished(int requests) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (finished() < requests) {
      assertThat(System.nanoTime()).as("waited too long").isLessThan(end);
      LockSupport.parkNanos(1_000_000);
    }
  }

  private long finished() {
    return edge().counters().requests().requests().stream()
        .mapToLong(Counters.Requests::count)
        .sum();
  }

  private Visitor visitor() {
    return new Visitor(Objects.requireNonNull(address), "www.example.com");
  }

  /** Connects as a viewer who cannot be sent much before he reads. */
  private Socket connect() throws IOException {
    var socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.setSoTimeout(20_000);
    socket.connect(Objects.requireNonNull(address));
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

  private Edge edge() {
    return Objects.requireNonNull(edge);
  }
}
