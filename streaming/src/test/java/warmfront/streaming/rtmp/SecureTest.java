package warmfront.streaming.rtmp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import warmfront.streaming.rtmp.TunnelTest.Wire;
import warmfront.time.ManualClock;

/** RTMP and its tunnel within TLS, on the port where everything else is spoken too. */
final class SecureTest {
  private static final String NAME = "Cam1.live.zone.example";
  private static final TestTls TLS = TestTls.made();
  private static final Duration HANDSHAKE = Limits.standard().times().handshake();

  private final ManualClock clock = new ManualClock(Instant.EPOCH);
  private final Heard.All all = new Heard.All();
  private RtmpServer server = new RtmpServer(Limits.standard(), clock, new SplittableRandom(3), 1);
  private InetSocketAddress address = new InetSocketAddress(0);

  @BeforeEach
  void start() throws IOException {
    start(EnumSet.allOf(Variant.class), TLS);
  }

  private void start(Set<Variant> variants, Tls tls) throws IOException {
    server.close();
    server = new RtmpServer(Limits.standard(), clock, new SplittableRandom(3), 1);
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    address = server.start(List.of(any), variants, tls, all).getFirst();
  }

  @AfterEach
  void close() {
    server.close();
    TLS.asked.clear();
  }

  private SSLSocket secure() throws IOException {
    return TLS.connected(address, NAME, "TLSv1.3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void a_publisher_is_heard_within_tls(String protocol) throws Exception {
    byte[] frame = Chunks.counting(0, 1_000_000);
    try (RtmpClient client = RtmpClient.shaken(TLS.connected(address, NAME, protocol))) {
      assertThat(client.connect("live").name()).isEqualTo("_result");
      Heard session = all.session();
      CompletableFuture.runAsync(session.link::admitPublisher, session.link.loop()).get();
      client.message(9, 6, 1, 5, frame);

      assertThat(all.next()).startsWith("connect");
      assertThat(all.next()).isEqualTo("VIDEO 1@5:1000000");
      assertThat(session.link.variant()).isEqualTo(Variant.RTMPS);
      assertThat(TLS.asked).containsExactly("cam1.live.zone.example");
    }
    assertThat(all.next()).isEqualTo("closed PEER");
    assertThat(server.counters().links()).containsEntry(Variant.RTMPS, 1L);
    assertThat(server.counters().handshakesFailed()).isZero();
  }

  @Test
  void what_is_sent_to_many_comes_whole_to_each() throws Exception {
    List<byte[]> bodies = new ArrayList<>();
    for (int length : new int[] {3, 40, 5000, 17, 100_000, 9, 1}) {
      bodies.add(Chunks.counting(length, length));
    }
    try (RtmpClient one = RtmpClient.shaken(secure());
        RtmpClient other = RtmpClient.shaken(secure())) {
      one.connect("live");
      other.connect("live");
      List<Heard> sessions = List.of(all.session(), all.session());
      sessions.getFirst().link.loop().execute(() -> send(bodies, sessions));

      for (RtmpClient client : List.of(one, other)) {
        for (byte[] body : bodies) {
          assertThat(client.read().bytes()).isEqualTo(body);
        }
      }
      awaiting(() -> sessions.stream().allMatch(session -> pending(session.link) == 0));
    }
  }

  /** Sends each body to all, who have one buffer of it; the words between are of each alone. */
  private static void send(List<byte[]> bodies, List<Heard> sessions) {
    for (byte[] body : bodies) {
      MediaHead head = new MediaHead(MediaKind.VIDEO, 1, 0, body.length);
      Packet packet = Packet.of(head, (at, target) -> target.put(body, at, target.remaining()));
      sessions.forEach(session -> session.link.packet(packet));
      packet.release();
    }
    sessions.forEach(session -> session.link.flush());
  }

  private static long pending(Link link) {
    return CompletableFuture.supplyAsync(link::pendingBytes, link.loop()).join();
  }

  @Test
  void a_peer_that_does_not_listen_is_not_sent_more_and_goes_on_when_it_does() throws Exception {
    try (RtmpClient client = RtmpClient.shaken(secure())) {
      client.connect("live");
      Link link = all.session().link;
      all.next();
      int frames = 0;
      while (isWritable(link)) {
        client.command("flood", 0, 0);
        assertThat(all.next()).startsWith("flood");
        frames++;
      }

      for (int i = 0; i < frames; i++) {
        assertThat(client.read().payload().remaining()).isEqualTo(60_000);
      }

      assertThat(all.next()).isEqualTo("writable");
    }
  }

  private static boolean isWritable(Link link) {
    return CompletableFuture.supplyAsync(link::isWritable, link.loop()).join();
  }

  @Test
  void a_long_message_of_a_peer_that_is_not_admitted_ends_it() throws Exception {
    try (RtmpClient client = RtmpClient.shaken(secure())) {
      client.send(new Chunks().full(3, 0, 70_000, 20, 0).toBytes());

      assertThat(client.readAll()).isEmpty();
      assertThat(all.next()).isEqualTo("closed PROTOCOL");
    }
  }

  @Test
  void a_tunnel_within_tls_is_found_within_tls_alone() throws Exception {
    try (Wire wire = new Wire(secure());
        Wire open = new Wire(address)) {
      String id = wire.open();
      wire.post("/send/" + id + "/0", TunnelTest.c0c1());
      wire.post("/send/" + id + "/1", new byte[1536]);

      assertThat(open.status("/send/" + id + "/2", TunnelTest.connect())).isEqualTo(404);
      byte[] answer = wire.post("/send/" + id + "/2", TunnelTest.connect());

      assertThat(new String(answer, US_ASCII)).contains("_result");
      assertThat(all.session().link.variant()).isEqualTo(Variant.RTMPTS);
    }
  }

  @Test
  void neither_tls_nor_rtmpe_is_spoken_within_tls() throws Exception {
    for (int first : new int[] {6, 0x16}) {
      try (RtmpClient client = new RtmpClient(secure())) {
        client.send(new byte[] {(byte) first, 3, 1});
        assertThat(client.readAll()).isEmpty();
      }
    }
    assertThat(server.counters().unrecognised()).isEqualTo(2);
  }

  @Test
  void without_a_certificate_the_handshake_is_refused() throws Exception {
    start(EnumSet.allOf(Variant.class), Tls.NONE);

    assertThatThrownBy(this::secure).hasMessageContaining("internal_error");
    assertThat(server.counters().handshakesFailed()).isEqualTo(1);
  }

  @Test
  void where_no_variant_is_within_tls_none_is_begun() throws Exception {
    start(Set.of(Variant.RTMP), TLS);

    assertThatThrownBy(this::secure).isInstanceOf(IOException.class);
    assertThat(server.counters().unrecognised()).isEqualTo(1);
    assertThat(TLS.asked).isEmpty();
  }

  @Test
  void what_only_begins_like_tls_is_closed() throws Exception {
    byte[] record = ByteBuffer.allocate(600).put(new byte[] {0x16, 3, 1, 2, 0, 7}).array();
    for (byte[] bytes : List.of(record, "\u0016 is no handshake".getBytes(US_ASCII))) {
      try (RtmpClient client = new RtmpClient(address)) {
        client.send(bytes);
        client.readAll(); // perhaps an alert
      }
    }
    awaiting(() -> server.counters().open() == 0);
    assertThat(server.counters().handshakesFailed()).isEqualTo(2);
  }

  @Test
  void a_record_that_is_not_the_peer_s_ends_the_session_as_if_it_had_gone() throws Exception {
    Socket plain = RtmpClient.connected(address);
    try (RtmpClient client = RtmpClient.shaken(TLS.over(plain, NAME, "TLSv1.3"))) {
      client.connect("live");
      all.next();

      plain.getOutputStream().write(new byte[] {0x17, 3, 3, 0, 20, 1, 2, 3, 4, 5, 6, 7, 8, 9});
      plain.getOutputStream().write(new byte[11]);

      assertThat(all.next()).isEqualTo("closed PEER");
    }
  }

  @Test
  void a_hello_that_does_not_end_is_not_waited_for() throws Exception {
    try (RtmpClient client = new RtmpClient(address)) {
      client.send(new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xFC, 3, 3});
      awaiting(() -> server.counters().open() == 1);

      pass(HANDSHAKE.minusMillis(1));
      assertThat(server.counters().open()).isEqualTo(1);
      pass(Duration.ofMillis(2));

      assertThat(client.readAll()).isEmpty();
    }
  }

  @Test
  void tls_and_what_is_within_have_the_time_of_one_handshake() throws Exception {
    try (RtmpClient silent = new RtmpClient(secure());
        RtmpClient slow = new RtmpClient(secure())) {
      pass(HANDSHAKE.minusMillis(1));
      slow.send(new byte[] {3});
      awaiting(() -> server.counters().open() == 2);

      pass(Duration.ofMillis(2));

      assertThat(silent.readAll()).isEmpty();
      assertThat(slow.readAll()).isEmpty();
    }
  }

  @Test
  void a_drain_ends_sessions_within_tls_in_good_order() throws Exception {
    try (RtmpClient client = RtmpClient.shaken(secure())) {
      client.connect("live");
      all.next();

      assertThat(server.drain(Duration.ofSeconds(10))).isTrue();

      assertThat(all.next()).isEqualTo("drain");
      assertThat(all.next()).isEqualTo("closed SESSION");
      assertThat(client.readAll()).isEmpty();
    }
  }

  private void pass(Duration time) {
    clock.advance(time);
    server.sweep();
  }

  private static void awaiting(BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 2000 && !condition.getAsBoolean(); i++) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }
}
