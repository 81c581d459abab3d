package warmfront.routing;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.ClientSubnetOption;
import org.xbill.DNS.DClass;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import warmfront.distribution.PriceClass;
import warmfront.routing.place.SmallDatabase;
import warmfront.snapshot.Subscriber.Verdict;
import warmfront.time.Clock;

/**
 * A DNS server of five locations and two distributions that answers at free ports of both
 * loopbacks, and clients who ask it.
 */
record Answering(Routing routing) {
  static final String NAME = "d1.warmfront.localhost.";
  static final String NO_IPV6 = "d2.warmfront.localhost.";

  private static final int PATIENCE_MILLIS = 10_000;

  static Answering start(Path folder) throws IOException {
    Path latency = Files.writeString(folder.resolve("rtt.csv"), "203.0.113.0/24,NRT=5,FRA=230\n");
    byte[] countries =
        new SmallDatabase()
            .with("198.51.100.0", 22, "DE")
            .with("2a00::", 12, "DE")
            .with("45.0.0.0", 8, "BR")
            .bytes();
    Path database = Files.write(folder.resolve("country.mmdb"), countries);
    return start(
        new RoutingConfig(
            Pictures.zone(),
            List.of(Pictures.free("127.0.0.1"), Pictures.free("::1")),
            Optional.empty(),
            Optional.of(latency),
            Optional.of(database),
            Optional.empty(),
            RoutingConfig.Limits.DEFAULT));
  }

  static Answering start(RoutingConfig config) throws IOException {
    Routing routing = Routing.load(config, Clock.system());
    Answering dns = new Answering(routing);
    dns.take(pictures());
    routing.start();
    return dns;
  }

  static Pictures pictures() {
    return Pictures.five()
        .published("E1", "d1.warmfront.localhost", true, PriceClass.PRICE_CLASS_ALL)
        .published("E2", "d2.warmfront.localhost", false, PriceClass.PRICE_CLASS_100);
  }

  /** Answers from a whole picture from now on. */
  void take(Pictures pictures) {
    Verdict verdict = routing.take(pictures.snapshot(), List.of());
    if (!verdict.equals(new Verdict.Applied())) {
      throw new AssertionError(verdict.toString());
    }
  }

  static Message query(String name, int type) throws IOException {
    return Message.newQuery(Record.newRecord(Name.fromString(name), type, DClass.IN));
  }

  static ClientSubnetOption subnet(String address, int length) {
    return new ClientSubnetOption(length, InetAddress.ofLiteral(address));
  }

  static ClientSubnetOption echoed(Message reply) {
    return (ClientSubnetOption) reply.getOPT().getOptions(EDNSOption.Code.CLIENT_SUBNET).getFirst();
  }

  static List<String> addresses(Message reply) {
    List<String> all = new ArrayList<>();
    for (Record record : reply.getSection(Section.ANSWER)) {
      all.add(record.rdataToString());
    }
    return all;
  }

  Message ask(String name, int type, EDNSOption... options) throws IOException {
    return ask(0, name, type, options);
  }

  /** Asks at one of the loopbacks: 0 for IPv4, 1 for IPv6. */
  Message ask(int listener, String name, int type, EDNSOption... options) throws IOException {
    Message query = query(name, type);
    query.addRecord(new OPTRecord(1232, 0, 0, 0, List.of(options)), Section.ADDITIONAL);
    return resolver(listener).send(query);
  }

  /** Over TCP: over UDP a stranger's short question may get an alias alone. */
  Message askAtLength(String name, int type) throws IOException {
    SimpleResolver resolver = resolver(0);
    resolver.setTCP(true);
    return resolver.send(query(name, type));
  }

  SimpleResolver resolver(int listener) {
    SimpleResolver resolver = new SimpleResolver(routing.dnsAddresses().get(listener));
    resolver.setTimeout(Duration.ofMillis(PATIENCE_MILLIS));
    return resolver;
  }

  byte[] udp(byte[] query) throws IOException {
    try (DatagramSocket socket = socket()) {
      send(socket, query);
      return receive(socket);
    }
  }

  static DatagramSocket socket() throws IOException {
    DatagramSocket socket = new DatagramSocket();
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  void send(DatagramSocket socket, byte[] bytes) throws IOException {
    InetSocketAddress at = routing.dnsAddresses().getFirst();
    socket.send(new DatagramPacket(bytes, bytes.length, at));
  }

  static byte[] receive(DatagramSocket socket) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
    socket.receive(packet);
    return Arrays.copyOf(packet.getData(), packet.getLength());
  }

  void close() throws InterruptedException {
    routing.drain(Duration.ZERO);
  }
}
