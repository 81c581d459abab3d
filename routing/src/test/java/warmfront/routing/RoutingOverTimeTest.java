package warmfront.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;
import warmfront.distribution.PriceClass;
import warmfront.heartbeat.Heartbeat;
import warmfront.heartbeat.HeartbeatCodec;
import warmfront.routing.dns.DnsLimits;
import warmfront.routing.dns.ZoneConfig;
import warmfront.routing.health.HealthLimits;
import warmfront.routing.health.Judgement;
import warmfront.routing.latency.LatencyLimits;
import warmfront.time.ManualClock;

/** What changes with time: health, idle connections; and what does not fit a datagram. */
final class RoutingOverTimeTest {
  private static final InetAddress VIEWER = InetAddress.ofLiteral("192.168.7.7");
  private static final int CONNECTIONS = 3;
  private static final int CONNECTIONS_PER_CLIENT = 2;

  private final ManualClock clock = new ManualClock(Instant.EPOCH);
  private Routing routing;

  @BeforeEach
  void start() throws IOException {
    List<ZoneConfig.NameServer> servers = new ArrayList<>();
    for (int i = 1; i <= 13; i++) {
      String name = "a-name-server-with-quite-a-long-name-" + i + "." + Pictures.ZONE;
      servers.add(new ZoneConfig.NameServer(name, List.of(InetAddress.ofLiteral("127.0.0.1"))));
    }
    DnsLimits dns =
        DnsLimits.DEFAULT.with(
            new DnsLimits.Connections(CONNECTIONS, CONNECTIONS_PER_CLIENT, Duration.ofSeconds(10)));
    routing =
        Routing.load(
            new RoutingConfig(
                ZoneConfig.of(Pictures.ZONE, "hostmaster." + Pictures.ZONE, servers, List.of()),
                List.of(Pictures.free("127.0.0.1")),
                Optional.of(Pictures.free("127.0.0.1")),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new RoutingConfig.Limits(dns, HealthLimits.DEFAULT, LatencyLimits.DEFAULT)),
            clock);
    Pictures pictures =
        Pictures.five()
            .key()
            .published("E1", "d1.warmfront.localhost", true, PriceClass.PRICE_CLASS_ALL);
    routing.take(pictures.snapshot(), List.of());
    routing.start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    routing.drain(Duration.ZERO);
  }

  @Test
  void a_server_that_falls_silent_leaves_the_answer_and_comes_back() {
    String location = chosen().location().orElseThrow();
    String server = location.toLowerCase(Locale.ROOT) + "-1";
    clock.advance(Duration.ofSeconds(3));
    sayAll("none", 1);
    routing.refresh();
    assertThat(chosen().location()).contains(location);

    clock.advance(Duration.ofSeconds(2));
    sayAll(server, 2);
    clock.advance(Duration.ofSeconds(1));
    routing.refresh();

    assertThat(routing.status().servers()).containsEntry(server, Judgement.SILENT);
    assertThat(chosen().location()).isPresent().isNotEqualTo(Optional.of(location));
    assertThat(chosen().candidates())
        .filteredOn(candidate -> candidate.location().equals(location))
        .allMatch(candidate -> candidate.excluded().isPresent());

    sayAll("none", 3);
    routing.refresh();
    assertThat(chosen().location()).contains(location);
  }

  @Test
  void a_dns_server_that_hears_nobody_goes_on_answering() {
    String before = chosen().location().orElseThrow();
    clock.advance(Duration.ofSeconds(10));
    routing.refresh();

    assertThat(routing.status().healthIgnored()).isTrue();
    assertThat(chosen().location()).contains(before);
  }

  @Test
  void heartbeats_over_UDP_are_taken_with_the_fleets_key() throws Exception {
    byte[] bytes =
        new HeartbeatCodec(Pictures.KEY).encode(new Heartbeat("fra-1", "FRA", 1, 1, 1, true, true));
    InetSocketAddress to = routing.heartbeatAddress().orElseThrow();

    try (DatagramSocket socket = new DatagramSocket()) {
      socket.send(new DatagramPacket(bytes, bytes.length, to));
    }

    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (routing.counts().heartbeatsTaken() == 0 && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    routing.refresh();
    assertThat(routing.status().servers()).containsEntry("fra-1", Judgement.DRAINING);
  }

  @Test
  void a_connection_that_stands_still_is_closed_and_the_client_may_have_only_so_many()
      throws IOException {
    InetSocketAddress at = routing.dnsAddresses().getFirst();
    try (Socket idle = new Socket(at.getAddress(), at.getPort());
        Socket half = new Socket(at.getAddress(), at.getPort());
        Socket tooMany = new Socket(at.getAddress(), at.getPort())) {
      half.getOutputStream().write(new byte[] {0, 40, 1});
      tooMany.setSoTimeout(10_000);
      assertThat(tooMany.getInputStream().read()).isEqualTo(-1);

      clock.advance(Duration.ofSeconds(10));

      idle.setSoTimeout(10_000);
      half.setSoTimeout(10_000);
      assertThat(idle.getInputStream().read()).isEqualTo(-1);
      assertThat(half.getInputStream().read()).isEqualTo(-1);
    }
    assertThat(routing.counts().dns().connectionsRefused()).isEqualTo(1);
  }

  @Test
  void beyond_the_limit_the_connection_that_stood_still_longest_gives_way() throws IOException {
    InetSocketAddress at = routing.dnsAddresses().getFirst();
    List<Socket> sockets = new ArrayList<>();
    try {
      // Three clients, by their addresses; the first has stood still for a second longer.
      for (int i = 1; i <= CONNECTIONS + 1; i++) {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0." + i), 0));
        socket.connect(at);
        socket.setSoTimeout(10_000);
        sockets.add(socket);
        assertThat(ask(socket)).isEqualTo(Rcode.NOERROR);
        clock.advance(Duration.ofSeconds(1));
      }

      assertThat(sockets.getFirst().getInputStream().read()).isEqualTo(-1);
      for (Socket kept : sockets.subList(1, sockets.size())) {
        assertThat(ask(kept)).isEqualTo(Rcode.NOERROR);
      }
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  private static int ask(Socket socket) throws IOException {
    Record question =
        Record.newRecord(Name.fromString("d1.warmfront.localhost."), Type.A, DClass.IN);
    byte[] query = Message.newQuery(question).toWire();
    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
    out.writeShort(query.length);
    out.write(query);
    DataInputStream in = new DataInputStream(socket.getInputStream());
    return new Message(in.readNBytes(in.readUnsignedShort())).getRcode();
  }

  @Test
  void what_does_not_fit_a_datagram_sends_the_client_to_TCP() throws IOException {
    Record question = Record.newRecord(Name.fromString("warmfront.localhost."), Type.NS, DClass.IN);
    SimpleResolver resolver = new SimpleResolver(routing.dnsAddresses().getFirst());
    resolver.setEDNS(-1);
    resolver.setIgnoreTruncation(true);
    Message cut = resolver.send(Message.newQuery(question));
    resolver.setIgnoreTruncation(false);
    Message whole = resolver.send(Message.newQuery(question));

    assertThat(cut.getHeader().getFlag(Flags.TC)).isTrue();
    assertThat(cut.getSection(Section.ANSWER)).isEmpty();
    assertThat(whole.getHeader().getFlag(Flags.TC)).isFalse();
    assertThat(whole.getSection(Section.ANSWER)).hasSize(13);
    assertThat(routing.counts().dns().truncated()).isEqualTo(2);
  }

  private Explanation.Routed chosen() {
    return (Explanation.Routed) routing.route(VIEWER, Optional.of("E1"));
  }

  private void sayAll(String butNot, long sequence) {
    for (String location : List.of("CMH", "FRA", "NRT", "GRU", "SYD")) {
      String id = location.toLowerCase(Locale.ROOT) + "-1";
      if (!id.equals(butNot)) {
        routing.heard(new Heartbeat(id, location, 1, sequence, 1, true, false));
      }
    }
  }
}
