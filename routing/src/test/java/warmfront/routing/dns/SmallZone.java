package warmfront.routing.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import javax.crypto.SecretKey;
import org.xbill.DNS.DClass;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import warmfront.distribution.PriceClass;
import warmfront.routing.dns.DnsCounters.Transport;
import warmfront.time.ManualClock;

/**
 * A zone with a name of each kind, answered without sockets. Distribution 1 has four IPv4 and four
 * IPv6 addresses which depend on the viewer's /16 or /32; distribution 2 has IPv4 addresses alone.
 * At a place both have one address, by the place's number.
 */
final class SmallZone {
  static final String ZONE = "cdn.example.net.";
  static final String D1 = "d111111abcdef8.cdn.example.net.";
  static final String D2 = "d222222abcdef8.cdn.example.net.";
  static final String ALIAS = "www.cdn.example.net.";
  static final String AT_PLACE = "d222222abcdef8-nrt.cdn.example.net.";
  static final String CHANNEL = "cam1.live.cdn.example.net.";
  static final String CHALLENGE = "_acme-challenge.d111111abcdef8.cdn.example.net.";
  static final int ADDRESS_SCOPE = 16;

  final ManualClock clock = new ManualClock(Instant.ofEpochSecond(1_559_731_985));
  final DnsCounters counters = new DnsCounters();
  final Client client = new Client();
  final Zone zone;
  private final Responder responder;

  SmallZone() {
    this(DnsLimits.DEFAULT, new Random(1));
  }

  /** Makes one of a fleet whose DNS servers share a secret, if they do. */
  SmallZone(Optional<SecretKey> shared, RandomGenerator random) {
    this(DnsLimits.DEFAULT, random, zone(true, shared));
  }

  SmallZone(DnsLimits limits, RandomGenerator random) {
    this(limits, random, zone(true, Optional.empty()));
  }

  private SmallZone(DnsLimits limits, RandomGenerator random, Zone zone) {
    this.zone = zone;
    responder = new Responder(Shared.of(() -> zone, limits, counters, random, clock));
    client.set(InetAddress.ofLiteral("198.51.100.100"));
  }

  static ZoneConfig config() {
    ZoneConfig usual =
        ZoneConfig.of(
            "cdn.example.net",
            "hostmaster.example.net",
            List.of(
                new ZoneConfig.NameServer(
                    "ns1.cdn.example.net",
                    List.of(
                        InetAddress.ofLiteral("192.0.2.53"),
                        InetAddress.ofLiteral("2001:db8::53"))),
                new ZoneConfig.NameServer("ns2.example.org", List.of())),
            List.of(InetAddress.ofLiteral("192.0.2.80")));
    return new ZoneConfig(
        usual.name(),
        usual.mailbox(),
        usual.nameServers(),
        usual.apex(),
        List.of(new IssuerRecord(false, "issue", "letsencrypt.org")),
        usual.addressTtl(),
        usual.delegationTtl(),
        usual.negativeTtl());
  }

  static Zone zone(boolean secure, Optional<SecretKey> shared) {
    Names.Edit names = Names.of(config()).edit();
    names.places(List.of("FRA", "NRT"));
    names.tailor(WireName.of(D1), site("1"));
    names.tailor(WireName.of(D2), site("2"));
    names.home(WireName.of(CHANNEL), site("1"));
    names.alias(WireName.of(ALIAS), "1", WireName.of(D1));
    names.wildcard(WireName.of("wild.cdn.example.net"), "1", WireName.of(D1));
    names.text(WireName.of(CHALLENGE), CHALLENGE, List.of("first", "second"));
    names.text(WireName.of("_x." + AT_PLACE), "_x", List.of("third"));
    return Zone.of(config(), 7, names.build(), new Zone.Means(SmallZone::choose, secure, shared));
  }

  static Site site(String id) {
    return new Site(
        id,
        0,
        true,
        PriceClass.PRICE_CLASS_ALL,
        true,
        Steering.ANYWHERE,
        Service.HTTP2,
        Optional.empty());
  }

  private static void choose(
      Site site, int place, Viewer viewer, AddressFamily family, Choice choice) {
    if (place != Steering.ANYWHERE) {
      choice.begin(family, 0);
      choice.offer(family == AddressFamily.IPV4 ? FOUR[place] : SIX[place], 0, 0);
      return;
    }
    if (site.id().equals("2") && family == AddressFamily.IPV6) {
      choice.noSuchFamily();
      return;
    }
    boolean withheld = viewer.origin() == Viewer.Origin.WITHHELD;
    int scope = withheld ? 0 : viewer.family() == AddressFamily.IPV4 ? ADDRESS_SCOPE : 32;
    int group = withheld ? 0 : (int) (viewer.bits() >>> (Long.SIZE - scope)) & 0xff;
    choice.begin(family, scope);
    AddressSet set = family == AddressFamily.IPV4 ? FOUR[group] : SIX[group];
    for (int i = 0; i < set.size(); i++) {
      choice.offer(set, i, -i);
    }
  }

  private static final AddressSet[] FOUR =
      IntStream.range(0, 256)
          .mapToObj(group -> set(AddressFamily.IPV4, "192.0.%d.%%d".formatted(group)))
          .toArray(AddressSet[]::new);

  private static final AddressSet[] SIX =
      IntStream.range(0, 256)
          .mapToObj(group -> set(AddressFamily.IPV6, "2001:db8:%x::%%d".formatted(group)))
          .toArray(AddressSet[]::new);

  private static AddressSet set(AddressFamily family, String form) {
    return AddressSet.of(
        family,
        IntStream.rangeClosed(1, 4)
            .mapToObj(i -> InetAddress.ofLiteral(form.formatted(i)))
            .toList());
  }

  /** Returns a query without an OPT record. */
  static Message plain(String name, int type) throws IOException {
    return Message.newQuery(Record.newRecord(Name.fromString(name), type, DClass.IN));
  }

  /** Returns a query with an OPT record and these options. */
  static Message query(String name, int type, EDNSOption... options) throws IOException {
    Message query = plain(name, type);
    query.addRecord(new OPTRecord(1232, 0, 0, 0, List.of(options)), Section.ADDITIONAL);
    return query;
  }

  /** Returns the reply to a query; one of no bytes if there is none. */
  byte[] respond(byte[] query, Transport transport) {
    responder.readClock();
    int size = responder.respond(query, query.length, client, transport);
    return Arrays.copyOf(responder.reply(), size);
  }

  Message udp(Message query) throws IOException {
    return new Message(respond(query.toWire(), Transport.UDP));
  }

  Message tcp(Message query) throws IOException {
    return new Message(respond(query.toWire(), Transport.TCP));
  }
}
