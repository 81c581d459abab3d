package warmfront.routing.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.CAARecord;
import org.xbill.DNS.ClientSubnetOption;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.HTTPSRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;
import warmfront.routing.dns.DnsCounters.Transport;

/** The rules of an authoritative server, without sockets. */
final class ResponderTest {
  private static final ClientSubnetOption SUBNET =
      new ClientSubnetOption(24, InetAddress.ofLiteral("203.7.113.0"));

  private final SmallZone zone = new SmallZone();

  @Test
  void a_query_makes_no_garbage() throws IOException {
    byte[] address = SmallZone.query(SmallZone.D1, Type.A, SUBNET).toWire();
    byte[] alias = SmallZone.query(SmallZone.ALIAS, Type.AAAA, SUBNET).toWire();
    byte[] service = SmallZone.query(SmallZone.D1, Type.HTTPS, SUBNET).toWire();
    byte[] missing = SmallZone.query("x.cdn.example.net.", Type.A, SUBNET).toWire();
    byte[] servers = SmallZone.query(SmallZone.ZONE, Type.NS).toWire();
    byte[] cookie =
        SmallZone.query(SmallZone.D1, Type.A, CookiesTest.cookie("2464c4abcf10c957")).toWire();
    byte[] there = SmallZone.query(SmallZone.AT_PLACE, Type.A, SUBNET).toWire();
    Responder responder =
        new Responder(
            Shared.of(
                () -> zone.zone, DnsLimits.DEFAULT, zone.counters, new Random(2), zone.clock));

    long garbage =
        Garbage.bytes(() -> {
          for (Transport transport : TRANSPORTS) {
            responder.respond(address, address.length, zone.client, transport);
            responder.respond(alias, alias.length, zone.client, transport);
            responder.respond(service, service.length, zone.client, transport);
            responder.respond(missing, missing.length, zone.client, transport);
            responder.respond(there, there.length, zone.client, transport);
            responder.respond(servers, servers.length, zone.client, transport);
            responder.respond(cookie, cookie.length, zone.client, transport);
          }
        });

    assertThat(garbage).isZero();
  }

  private static final Transport[] TRANSPORTS = Transport.values();

  @Test
  void an_alias_is_answered_with_its_target_and_that_ones_addresses() throws IOException {
    Message reply = zone.tcp(SmallZone.query(SmallZone.ALIAS, Type.A, SUBNET));

    List<Record> answer = reply.getSection(Section.ANSWER);
    assertThat(answer).hasSize(5);
    assertThat(answer.getFirst().getName()).hasToString(SmallZone.ALIAS);
    assertThat(answer.getFirst().rdataToString()).isEqualTo(SmallZone.D1);
    assertThat(answer.subList(1, 5))
        .allMatch(record -> record.getName().toString().equals(SmallZone.D1))
        .extracting(Record::rdataToString)
        .containsExactly("192.0.7.1", "192.0.7.2", "192.0.7.3", "192.0.7.4");
    assertThat(scope(reply)).isEqualTo(SmallZone.ADDRESS_SCOPE);
  }

  @Test
  void an_alias_of_a_name_without_the_type_says_so_of_its_target() throws IOException {
    Message mail = zone.tcp(SmallZone.query(SmallZone.ALIAS, Type.MX));
    Message own = zone.tcp(SmallZone.query(SmallZone.ALIAS, Type.CNAME));

    assertThat(types(mail, Section.ANSWER)).containsExactly(Type.CNAME);
    assertThat(types(mail, Section.AUTHORITY)).containsExactly(Type.SOA);
    assertThat(mail.getSection(Section.AUTHORITY).getFirst().getName()).hasToString(SmallZone.ZONE);
    assertThat(types(own, Section.ANSWER)).containsExactly(Type.CNAME);
    assertThat(own.getSection(Section.AUTHORITY)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "d111111abcdef8-fra.cdn.example.net.,0,192.0.0.1,0",
    "D111111abcdef8-NrT.cdn.example.net.,0,192.0.1.1,0",
    "d222222abcdef8-nrt.cdn.example.net.,0,192.0.1.1,0",
    // A place that is gone, or yet to be heard of: whoever was sent there is not lost.
    "d111111abcdef8-gru.cdn.example.net.,0,192.0.7.1,16",
    "d333333abcdef8-fra.cdn.example.net.,3,,0",
    "d111111abcdef8-fr4.cdn.example.net.,3,,0",
    "-fra.cdn.example.net.,3,,0",
    "www-fra.cdn.example.net.,3,,0",
    "a.d111111abcdef8-fra.cdn.example.net.,3,,0"
  })
  void a_tailored_name_has_one_at_each_place(String name, int code, String first, int scope)
      throws IOException {
    Message reply = zone.tcp(SmallZone.query(name, Type.A, SUBNET));

    assertThat(reply.getRcode()).isEqualTo(code);
    assertThat(reply.getSection(Section.ANSWER).stream().limit(1).map(Record::rdataToString))
        .isEqualTo(Stream.ofNullable(first).toList());
    assertThat(scope(reply)).isEqualTo(scope);
  }

  @Test
  void texts_beneath_a_name_at_a_place_do_not_hide_it() throws IOException {
    Message reply = zone.tcp(SmallZone.query(SmallZone.AT_PLACE, Type.A));

    assertThat(zone.tcp(SmallZone.query("_x." + SmallZone.AT_PLACE, Type.TXT)).getRcode()).isZero();
    assertThat(types(reply, Section.ANSWER)).containsExactly(Type.A);
  }

  /** RFC 4592: names that exist, and those beneath them, are not the wildcard's. */
  @ParameterizedTest
  @CsvSource({
    "a.wild.cdn.example.net.,0,5",
    "a.b.wild.cdn.example.net.,0,5",
    "wild.cdn.example.net.,0,0",
    "a.cdn.example.net.,3,0",
    "a.www.cdn.example.net.,3,0"
  })
  void a_wildcard_speaks_for_names_that_do_not_exist(String name, int code, int answers)
      throws IOException {
    Message reply = zone.tcp(SmallZone.query(name, Type.A));

    assertThat(reply.getRcode()).isEqualTo(code);
    assertThat(reply.getSection(Section.ANSWER)).hasSize(answers);
  }

  @Test
  void a_wildcard_is_found_below_any_number_of_labels() throws IOException {
    Message reply = zone.tcp(SmallZone.query("a.".repeat(110) + "wild.cdn.example.net.", Type.A));

    assertThat(types(reply, Section.ANSWER)).contains(Type.CNAME, Type.A);
  }

  @Test
  void texts_stand_at_their_names_alone() throws IOException {
    Message challenge = zone.tcp(SmallZone.query(SmallZone.CHALLENGE, Type.TXT));
    Message apex = zone.tcp(SmallZone.query(SmallZone.ZONE, Type.TXT));
    Message address = zone.tcp(SmallZone.query(SmallZone.CHALLENGE, Type.A));
    Message name = zone.tcp(SmallZone.query(SmallZone.D1, Type.TXT));

    assertThat(challenge.getSection(Section.ANSWER))
        .extracting(record -> ((TXTRecord) record).getStrings().getFirst())
        .containsExactly("first", "second");
    for (Message nothing : List.of(apex, address, name)) {
      assertThat(nothing.getRcode()).isEqualTo(Rcode.NOERROR);
      assertThat(nothing.getSection(Section.ANSWER)).isEmpty();
      assertThat(types(nothing, Section.AUTHORITY)).containsExactly(Type.SOA);
    }
  }

  @Test
  void the_zone_says_who_may_issue_certificates() throws IOException {
    Message reply = zone.tcp(SmallZone.query(SmallZone.ZONE, Type.CAA));

    CAARecord record = (CAARecord) reply.getSection(Section.ANSWER).getFirst();
    assertThat(record.getTag()).isEqualTo("issue");
    assertThat(record.getValue()).isEqualTo("letsencrypt.org");
    assertThat(record.getFlags()).isZero();
  }

  @Test
  void an_HTTPS_record_says_the_protocols_and_hints_at_the_addresses() throws IOException {
    Message reply = zone.tcp(SmallZone.query(SmallZone.D1, Type.HTTPS, SUBNET));
    Message without = zone.tcp(SmallZone.query(SmallZone.D2, Type.HTTPS, SUBNET));
    Message alias = zone.tcp(SmallZone.query(SmallZone.ALIAS, Type.HTTPS, SUBNET));

    HTTPSRecord record = (HTTPSRecord) reply.getSection(Section.ANSWER).getFirst();
    assertThat(record.getSvcPriority()).isEqualTo(1);
    assertThat(record.getTargetName()).hasToString(".");
    assertThat(record.rdataToString())
        .isEqualTo(
            "1 . alpn=h2 ipv4hint=192.0.7.1,192.0.7.2,192.0.7.3,192.0.7.4"
                + " ipv6hint=2001:db8:7:0:0:0:0:1,2001:db8:7:0:0:0:0:2,2001:db8:7:0:0:0:0:3,"
                + "2001:db8:7:0:0:0:0:4");
    assertThat(scope(reply)).isEqualTo(SmallZone.ADDRESS_SCOPE);
    assertThat(without.getSection(Section.ANSWER).getFirst().rdataToString()).endsWith("192.0.7.4");
    assertThat(types(alias, Section.ANSWER)).containsExactly(Type.CNAME, Type.HTTPS);
  }

  @Test
  void where_edges_are_not_secure_there_are_no_HTTPS_records() throws IOException {
    Zone plain = SmallZone.zone(false, Optional.empty());
    Responder responder =
        new Responder(
            Shared.of(() -> plain, DnsLimits.DEFAULT, zone.counters, new Random(2), zone.clock));
    byte[] query = SmallZone.query(SmallZone.D1, Type.HTTPS).toWire();

    int size = responder.respond(query, query.length, zone.client, Transport.TCP);

    Message reply = new Message(java.util.Arrays.copyOf(responder.reply(), size));
    assertThat(reply.getSection(Section.ANSWER)).isEmpty();
    assertThat(types(reply, Section.AUTHORITY)).containsExactly(Type.SOA);
  }

  /**
   * What an ordinary question gets over UDP from us before it has proved its address: never more
   * than one and a half times its own length.
   */
  @ParameterizedTest
  @CsvSource({
    // name, type, with a client subnet, answers, whether by TCP
    "d111111abcdef8.cdn.example.net.,A,true,2,false",
    "d111111abcdef8.cdn.example.net.,A,false,1,false",
    "d111111abcdef8.cdn.example.net.,AAAA,true,1,false",
    "d111111abcdef8.cdn.example.net.,AAAA,false,1,false",
    "d111111abcdef8.cdn.example.net.,HTTPS,true,1,false",
    "d111111abcdef8.cdn.example.net.,HTTPS,false,1,false",
    "d111111abcdef8.cdn.example.net.,ANY,false,1,false",
    "d222222abcdef8.cdn.example.net.,AAAA,true,0,true",
    "nothing.cdn.example.net.,A,true,0,true",
    "www.cdn.example.net.,A,true,1,false",
    "cdn.example.net.,NS,true,0,true",
    "cdn.example.net.,SOA,true,0,true"
  })
  void a_stranger_gets_little(
      String name, String type, boolean subnet, int answers, boolean truncated) throws IOException {
    EDNSOption[] options = subnet ? new EDNSOption[] {SUBNET} : new EDNSOption[0];
    Message query = SmallZone.query(name, Type.value(type), options);

    byte[] bytes = zone.respond(query.toWire(), Transport.UDP);

    Message reply = new Message(bytes);
    assertThat(bytes.length).isLessThanOrEqualTo(query.toWire().length * 3 / 2);
    assertThat(reply.getSection(Section.ANSWER)).hasSize(answers);
    assertThat(reply.getHeader().getFlag(Flags.TC)).isEqualTo(truncated);
  }

  @Test
  void strangers_of_a_range_get_the_same_addresses_and_ranges_share_all_of_them()
      throws IOException {
    Random random = new Random(4);
    java.util.Set<String> last = new java.util.HashSet<>();
    for (int i = 0; i < 200; i++) {
      int high = random.nextInt(256) << 8 | 7;
      List<String> one = addresses(high, random.nextInt(256));
      List<String> other = addresses(high, random.nextInt(256));
      assertThat(one).isEqualTo(other).hasSize(2);
      last.addAll(one);
    }
    assertThat(last).hasSize(4);
  }

  private List<String> addresses(int high, int low) throws IOException {
    String subnet = "%d.%d.%d.0".formatted(high >> 8, high & 0xff, low);
    ClientSubnetOption option = new ClientSubnetOption(24, InetAddress.ofLiteral(subnet));
    Message reply = zone.udp(SmallZone.query(SmallZone.D1, Type.A, option));
    return reply.getSection(Section.ANSWER).stream().map(Record::rdataToString).toList();
  }

  @Test
  void the_SOA_and_NS_records_read_well_where_the_names_are_shortened() throws IOException {
    Message soa = zone.tcp(SmallZone.query(SmallZone.ZONE, Type.SOA));
    Message servers = zone.tcp(SmallZone.query(SmallZone.ZONE, Type.NS));
    Message missing = zone.tcp(SmallZone.query("a.b.c.cdn.example.net.", Type.A));

    assertThat(soa.getSection(Section.ANSWER).getFirst().rdataToString())
        .isEqualTo("ns1.cdn.example.net. hostmaster.example.net. 7 3600 600 604800 30");
    assertThat(servers.getSection(Section.ANSWER))
        .extracting(Record::rdataToString)
        .containsExactly("ns1.cdn.example.net.", "ns2.example.org.");
    assertThat(servers.getSection(Section.ADDITIONAL))
        .filteredOn(record -> record.getType() != Type.OPT)
        .extracting(record -> record.getName() + " " + record.rdataToString())
        .containsExactly(
            "ns1.cdn.example.net. 192.0.2.53", "ns1.cdn.example.net. 2001:db8:0:0:0:0:0:53");
    assertThat(missing.getSection(Section.AUTHORITY).getFirst().rdataToString())
        .startsWith("ns1.cdn.example.net. hostmaster.example.net. ");
  }

  private static List<Integer> types(Message message, int section) {
    return message.getSection(section).stream().map(Record::getType).toList();
  }

  private static int scope(Message reply) {
    List<EDNSOption> options = reply.getOPT().getOptions(EDNSOption.Code.CLIENT_SUBNET);
    return ((ClientSubnetOption) options.getFirst()).getScopePrefixLength();
  }
}
