package warmfront.streaming.rtmp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import warmfront.time.ManualClock;

/** The server over sockets: what connects, what is said, and how it ends. */
final class RtmpServerTest {
  private final ManualClock clock = new ManualClock(Instant.EPOCH);
  private final Heard.All all = new Heard.All();
  private RtmpServer server = server(Limits.standard(), true);
  private InetSocketAddress address = new InetSocketAddress(0);

  private RtmpServer server(Limits limits, boolean epoll) {
    return new RtmpServer(limits, clock, new SplittableRandom(3), 1, epoll);
  }

  @BeforeEach
  void start() throws IOException {
    address =
        server
            .start(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)), all)
            .getFirst();
  }

  @AfterEach
  void close() {
    server.close();
  }

  private void restart(Limits limits, boolean epoll) throws IOException {
    server.close();
    server = server(limits, epoll);
    start();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_client_connects_publishes_and_is_heard(boolean epoll) throws Exception {
    restart(Limits.standard(), epoll);
    try (RtmpClient client = RtmpClient.shaken(address)) {
      assertThat(client.connect("live").name()).isEqualTo("_result");
      assertThat(client.createStream()).isEqualTo(1);
      client.message(9, 6, 1, 5, new byte[10]);
      assertThat(all.next()).startsWith("connect[Members[values={app=Text[value=live]");
      assertThat(all.next()).startsWith("createStream");
      client.command("then", 0, 1);
      assertThat(all.next()).as("nobody hears media before").isEqualTo("then[]");
      Heard session = all.session();
      CompletableFuture.runAsync(session.link::admitPublisher, session.link.loop()).get();
      client.message(9, 6, 1, 70_000_000, new byte[100_000]);
      client.message(15, 6, 1, 6, new byte[3]);
      client.message(4, 2, 0, 0, new Chunks().number(3, 2).number(1, 4).number(3000, 4).toBytes());

      assertThat(all.next()).isEqualTo("VIDEO 1@70000000:100000");
      assertThat(all.next()).isEqualTo("DATA 1@6:2");
      assertThat(all.next()).isEqualTo("buffer 1 3000");
    }
    assertThat(all.next()).isEqualTo("closed PEER");
    assertThat(server.counters().links()).containsEntry(Variant.RTMP, 1L);
    assertThat(server.counters().ended()).containsEntry(Ending.PEER, 1L);
  }

  @Test
  void what_is_sent_comes_whole_whatever_its_length() throws Exception {
    byte[] body = Chunks.counting(0, 150_001);
    try (RtmpClient client = RtmpClient.shaken(address)) {
      client.connect("live");
      Heard session = all.session();
      Link link = session.link;
      link.loop()
          .execute(() -> {
            MediaHead head =
                new MediaHead(MediaKind.VIDEO, 1, 0x1_0123_4567L, 0x1701L, 2, body.length);
            link.media(head, (at, target) -> target.put(body, at, target.remaining()));
            MediaHead audio = new MediaHead(MediaKind.AUDIO, 1, 7, 3);
            Packet packet =
                Packet.of(audio, (at, target) -> target.put(body, at, target.remaining()));
            link.packet(packet);
            link.packet(packet);
            packet.release();
            link.data(1, List.of(Amf.of("|RtmpSampleAccess"), Amf.of(true)));
            link.event(StreamEvent.END, 1);
            link.flush();
          });

      RtmpClient.Message video = client.read();
      assertThat(video.millis()).isEqualTo(0x1234567);
      assertThat(video.bytes()).startsWith(0x17, 1, 0, 1, 2).hasSize(150_003);
      assertThat(Arrays.copyOfRange(video.bytes(), 2, 150_003)).isEqualTo(body);
      assertThat(client.read().bytes()).containsExactly(0, 1, 2);
      assertThat(client.read().millis()).isEqualTo(7);
      assertThat(client.read().name()).isEqualTo("|RtmpSampleAccess");
      assertThat(client.read().bytes()).containsExactly(0, 1, 0, 0, 0, 1);
      awaiting(() -> pending(link) == 0);
    }
  }

  @Test
  void a_peer_is_told_what_was_received_as_often_as_it_wants() throws Exception {
    try (RtmpClient client = RtmpClient.shaken(address)) {
      client.message(5, 2, 0, 0, new Chunks().number(1000, 4).toBytes());
      client.command("x", 0, 0, Amf.of("y".repeat(1000)));

      RtmpClient.Message told = client.read();
      assertThat(told.type()).isEqualTo(3);
      assertThat(told.payload().getInt(0)).isGreaterThan(3073);
    }
  }

  @Test
  void a_ping_is_answered() throws Exception {
    try (RtmpClient client = RtmpClient.shaken(address)) {
      client.message(4, 2, 0, 0, new Chunks().number(6, 2).number(99, 4).toBytes());

      assertThat(client.read().bytes()).containsExactly(0, 7, 0, 0, 0, 99);
    }
  }

  @Test
  void a_policy_file_is_given_to_whoever_asks() throws Exception {
    try (RtmpClient client = new RtmpClient(address)) {
      client.send("<policy-file-request/>\0".getBytes(US_ASCII));

      assertThat(new String(client.readAll(), US_ASCII))
          .contains("<allow-access-from domain=\"*\" to-ports=\"*\"/>")
          .endsWith("\0");
    }
  }

  @Test
  void crossdomain_xml_is_given_over_http_and_nothing_else() throws Exception {
    try (RtmpClient client = new RtmpClient(address)) {
      client.send(
          String.join(
                  "\r\n",
                  "GET /crossdomain.xml HTTP/1.1",
                  "Host: x",
                  "",
                  "GET /other HTTP/1.1",
                  "Host: x",
                  "Connection: close",
                  "",
                  "")
              .getBytes(US_ASCII));

      String answers = new String(client.readAll(), US_ASCII);
      assertThat(answers)
          .startsWith("HTTP/1.1 200 OK")
          .contains("<allow-access-from domain=\"*\" secure=\"false\"/>")
          .contains("HTTP/1.1 404 Not Found");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\b", "\0", "<policy-file-requesT/>\0", "SSH-2.0"})
  void whoever_speaks_anything_else_is_shown_out(String words) throws Exception {
    try (RtmpClient client = new RtmpClient(address)) {
      client.send(words.getBytes(US_ASCII));

      assertThat(client.readAll()).isEmpty();
    }
    assertThat(server.counters().unrecognised()).isEqualTo(1);
  }

  @Test
  void who_breaks_the_protocol_is_shown_out() throws Exception {
    try (RtmpClient client = RtmpClient.shaken(address)) {
      client.send(new Chunks().bare(9).toBytes());

      assertThat(client.readAll()).isEmpty();
      assertThat(all.next()).isEqualTo("closed PROTOCOL");
    }
  }

  @Test
  void a_fault_of_ours_ends_the_link_alone() throws Exception {
    try (RtmpClient client = RtmpClient.shaken(address);
        RtmpClient other = RtmpClient.shaken(address)) {
      client.command("fail", 0, 0);

      assertThat(client.readAll()).isEmpty();
      assertThat(all.next()).isEqualTo("fail[]");
      assertThat(all.next()).isEqualTo("closed FAULT");
      assertThat(other.connect("live").name()).isEqualTo("_result");
    }
  }

  @Test
  void what_was_said_last_is_heard_before_the_end() throws Exception {
    try (RtmpClient client = RtmpClient.shaken(address)) {
      client.command("close", 0, 0);
      assertThat(all.next()).isEqualTo("close[]");
      assertThat(all.next()).isEqualTo("closed SESSION");
      client.command("late", 0, 0);
      client.send(new byte[1 << 20]);

      assertThat(client.read().name()).isEqualTo("bye");
      assertThat(client.readAll()).isEmpty();
    }
    awaiting(() -> server.counters().open() == 0);
  }

  @Test
  void who_stays_after_the_end_is_not_waited_for() throws Exception {
    restart(lingering(Duration.ofMillis(100)), true);
    try (RtmpClient client = RtmpClient.shaken(address)) {
      client.command("close", 0, 0);

      assertThat(client.read().name()).isEqualTo("bye");
      assertThat(client.readAll()).isEmpty();
      awaiting(() -> server.counters().open() == 0);
    }
  }

  @Test
  void who_says_nothing_has_to_go() throws Exception {
    try (RtmpClient silent = new RtmpClient(address);
        RtmpClient half = new RtmpClient(address);
        RtmpClient shaken = RtmpClient.shaken(address)) {
      half.send(new byte[] {3, 0, 0});
      awaiting(() -> server.counters().open() == 3);
      shaken.call("createStream", 0);
      pass(Duration.ofSeconds(11));
      assertThat(silent.readAll()).isEmpty();
      assertThat(half.readAll()).isEmpty();
      shaken.call("createStream", 0);
      pass(Duration.ofSeconds(10));
      assertThat(shaken.readAll()).isEmpty();
      all.next();
      all.next();
      assertThat(all.next()).isEqualTo("closed UNADMITTED");
    }
  }

  @Test
  void who_is_silent_is_asked_and_then_taken_for_gone() throws Exception {
    try (RtmpClient client = RtmpClient.shaken(address)) {
      client.connect("live");
      Heard session = all.session();
      session.link.loop().execute(session.link::admit);
      pass(Duration.ofSeconds(31));
      assertThat(client.read().bytes()).startsWith(0, 6);
      pass(Duration.ofSeconds(31));
      pass(Duration.ofSeconds(91));

      assertThat(client.readAll()).isEmpty();
      all.next();
      assertThat(all.next()).isEqualTo("closed IDLE");
    }
  }

  @Test
  void who_does_not_take_what_waits_is_let_go_and_not_heard_meanwhile() throws Exception {
    try (RtmpClient client = RtmpClient.shaken(address)) {
      client.connect("live");
      Heard session = all.session();
      Link link = session.link;
      link.loop().execute(link::admit);
      for (int i = 0; i < 40; i++) { // what comes at once is heard at once
        client.command("flood", 0, 0);
      }
      awaiting(() -> pending(link) > 2 * 262_144);
      for (int i = 0; i < 360; i++) {
        client.command("flood", 0, 0);
      }
      assertThat(pending(link)).as("of 24 MB that were asked for").isLessThan(10_000_000);
      pass(Duration.ofSeconds(1));
      pass(Duration.ofSeconds(31));

      all.told.removeIf(each -> !each.startsWith("closed"));
      assertThat(all.next()).isEqualTo("closed STALLED");
    }
  }

  @Test
  void a_slow_peer_is_heard_again_once_it_has_taken_what_waited() throws Exception {
    try (RtmpClient client = RtmpClient.shaken(address)) {
      client.connect("live");
      Heard session = all.session();
      for (int i = 0; i < 400; i++) {
        client.command("flood", 0, 0);
      }
      client.command("over", 0, 0);
      awaiting(() -> pending(session.link) > 2 * 262_144);
      session.link.loop().execute(() -> session.told.add("is " + session.link.isWritable()));
      for (int i = 0; i < 400; i++) {
        assertThat(client.readMedia().payload().remaining()).isEqualTo(60_000);
      }

      awaiting(() -> all.told.contains("writable"));
      awaiting(() -> all.told.contains("over[]"));
      assertThat(all.told).contains("is false");
    }
  }

  @Test
  void only_so_many_may_come() throws Exception {
    Limits few =
        new Limits(
            Limits.standard().memory(), new Limits.Connection(10, 2), Limits.standard().times());
    restart(few, true);
    try (RtmpClient first = RtmpClient.shaken(address);
        RtmpClient second = RtmpClient.shaken(address);
        RtmpClient third = new RtmpClient(address)) {
      assertThat(third.readAll()).isEmpty();
      assertThat(server.counters().turnedAway()).isEqualTo(1);
      first.socket().close();
      awaiting(() -> server.counters().open() == 1);
      RtmpClient.shaken(address).close();
      assertThat(second.connect("live").name()).isEqualTo("_result");
    }
  }

  @Test
  void sessions_end_when_it_drains() throws Exception {
    restart(lingering(Duration.ofMillis(100)), true);
    try (RtmpClient client = RtmpClient.shaken(address);
        RtmpClient silent = new RtmpClient(address)) {
      client.call("createStream", 0);
      awaiting(() -> server.counters().open() == 2);

      assertThat(server.drain(Duration.ofSeconds(10))).isTrue();

      assertThat(silent.readAll()).isEmpty();
      all.next();
      assertThat(all.next()).isEqualTo("drain");
      assertThat(all.next()).isEqualTo("closed SESSION");
      assertThatThrownBy(() -> new RtmpClient(address)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void an_end_without_ceremony_is_told_too() throws Exception {
    try (RtmpClient client = RtmpClient.shaken(address)) {
      client.call("createStream", 0);
      server.close();

      assertThat(client.readAll()).isEmpty();
      all.next();
      assertThat(all.next()).isEqualTo("closed SERVER");
    }
  }

  @Test
  void an_address_that_is_taken_is_an_error() throws Exception {
    try (RtmpServer second = server(Limits.standard(), true)) {
      assertThatThrownBy(() -> second.start(List.of(address), all))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot listen on");
    }
  }

  private void pass(Duration time) {
    clock.advance(time);
    server.sweep();
  }

  private static long pending(Link link) {
    return CompletableFuture.supplyAsync(link::pendingBytes, link.loop()).join();
  }

  private static Limits lingering(Duration linger) {
    Limits standard = Limits.standard();
    Limits.Times times = standard.times();
    return new Limits(
        standard.memory(),
        standard.connection(),
        new Limits.Times(
            times.handshake(),
            times.admission(),
            times.ping(),
            times.idle(),
            times.stall(),
            linger));
  }

  private static void awaiting(BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 2000 && !condition.getAsBoolean(); i++) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }
}
