package warmfront.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.ClientSubnetOption;
import org.xbill.DNS.DClass;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.GenericEDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;
import warmfront.distribution.PriceClass;
import warmfront.distribution.Publication;
import warmfront.routing.dns.DnsCounters.Transport;
import warmfront.routing.dns.RecordType;
import warmfront.routing.dns.ResponseCode;
import warmfront.routing.place.SmallDatabase;
import warmfront.snapshot.Subscriber.Verdict;
import warmfront.time.Clock;

/** The DNS server as clients see it, over real sockets. */
final class RoutingTest {
  private static final String NAME = "d1.warmfront.localhost.";
  private static final String NO_IPV6 = "d2.warmfront.localhost.";

  @TempDir private Path folder;
  private Routing routing;

  @BeforeEach
  void start() throws IOException {
    Path latency = Files.writeString(folder.resolve("rtt.csv"), "203.0.113.0/24,NRT=5,FRA=230\n");
    byte[] countries =
        new SmallDatabase()
            .with("198.51.100.0", 22, "DE")
            .with("2a00::", 12, "DE")
            .with("45.0.0.0", 8, "BR")
            .bytes();
    Path database = Files.write(folder.resolve("country.mmdb"), countries);
    routing =
        Routing.load(
            new RoutingConfig(
                Pictures.zone(),
                List.of(Pictures.free("127.0.0.1"), Pictures.free("::1")),
                Optional.empty(),
                Optional.of(latency),
                Optional.of(database),
                Optional.empty(),
                RoutingConfig.Limits.DEFAULT),
            Clock.system());
    assertThat(routing.take(pictures().snapshot(), List.of())).isEqualTo(new Verdict.Applied());
    routing.start();
  }

  private static Pictures pictures() {
    return Pictures.five()
        .published("E1", "d1.warmfront.localhost", true, PriceClass.PRICE_CLASS_ALL)
        .published("E2", "d2.warmfront.localhost", false, PriceClass.PRICE_CLASS_100);
  }

  @AfterEach
  void stop() throws InterruptedException {
    routing.drain(Duration.ZERO);
  }

  @Test
  void addresses_that_are_announced_everywhere_are_given_to_all_alike() throws IOException {
    String[] announced = {
      "192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.5", "192.0.2.6", "2001:db8::1"
    };
    Verdict verdict =
        routing.take(
            pictures()
                .anycast("E3", "d3.warmfront.localhost", announced)
                .anycast("E4", "d4.warmfront.localhost", "192.0.2.1")
                .snapshot(),
            List.of());
    assertThat(verdict).isEqualTo(new Verdict.Applied());
    String name = "d3.warmfront.localhost.";

    Message german = ask(name, Type.A, subnet("198.51.100.0", 24));
    Message brazilian = ask(name, Type.A, subnet("45.1.2.0", 24));

    assertThat(addresses(german)).isNotEmpty().isSubsetOf(announced);
    assertThat(addresses(brazilian)).isEqualTo(addresses(german));
    assertThat(
            ((ClientSubnetOption) german.getOPT().getOptions().getFirst()).getScopePrefixLength())
        .isZero();
    assertThat(addresses(ask(name, Type.AAAA))).containsExactly("2001:db8:0:0:0:0:0:1");
    assertThat(addresses(ask("d4.warmfront.localhost.", Type.AAAA))).isEmpty();
    assertThat(addresses(ask("d3-fra.warmfront.localhost.", Type.A))).containsExactly("127.0.0.2");
    Explanation why = routing.route(InetAddress.ofLiteral("198.51.100.1"), Optional.of("E3"));
    assertThat(why)
        .isInstanceOfSatisfying(
            Explanation.Routed.class,
            routed -> {
              assertThat(routed.basis()).isEqualTo(Basis.ANYCAST);
              assertThat(routed.ipv4()).hasSize(4);
              assertThat(routed.location()).isEmpty();
            });
  }

  @Test
  void a_viewer_gets_the_nearest_location_by_latency_row_and_by_country() throws IOException {
    Message measured = ask(NAME, Type.A, subnet("203.0.113.0", 24));
    Message german = ask(NAME, Type.A, subnet("198.51.100.0", 24));
    Message brazilian = ask(NAME, Type.AAAA, subnet("45.1.2.0", 24));

    assertThat(addresses(measured)).containsExactly("127.0.0.3");
    assertThat(addresses(german)).containsExactly("127.0.0.2");
    assertThat(addresses(brazilian)).containsExactly("fd00:0:0:0:0:0:0:4");
    assertThat(german.getHeader().getFlag(Flags.AA)).isTrue();
    assertThat(german.getSection(Section.ANSWER).getFirst().getTTL()).isEqualTo(20);
  }

  @Test
  void the_scope_is_the_length_of_the_range_and_the_option_comes_back_as_it_was()
      throws IOException {
    ClientSubnetOption wide = echoed(ask(NAME, Type.A, subnet("198.51.100.0", 24)));
    ClientSubnetOption narrow = echoed(ask(NAME, Type.A, subnet("203.0.113.77", 32)));
    ClientSubnetOption six = echoed(ask(NAME, Type.A, subnet("2a00:1450::", 56)));

    assertThat(wide.getScopePrefixLength()).isEqualTo(22);
    assertThat(wide.getSourcePrefixLength()).isEqualTo(24);
    assertThat(wide.getAddress()).isEqualTo(InetAddress.ofLiteral("198.51.100.0"));
    assertThat(narrow.getScopePrefixLength()).isEqualTo(24);
    assertThat(narrow.getSourcePrefixLength()).isEqualTo(32);
    assertThat(narrow.getAddress()).isEqualTo(InetAddress.ofLiteral("203.0.113.77"));
    assertThat(six.getScopePrefixLength()).isEqualTo(12);
  }

  @Test
  void a_viewer_of_no_country_is_spread_with_the_scope_of_a_unit() throws IOException {
    Message four = ask(NAME, Type.A, subnet("10.1.2.0", 24));
    Message six = ask(NAME, Type.A, subnet("fd12:3456::", 64));

    assertThat(addresses(four)).hasSize(1);
    assertThat(echoed(four).getScopePrefixLength()).isEqualTo(24);
    assertThat(echoed(six).getScopePrefixLength()).isEqualTo(56);
  }

  @Test
  void a_subnet_of_length_0_gets_scope_0_and_the_same_from_every_resolver() throws IOException {
    GenericEDNSOption none = new GenericEDNSOption(8, new byte[] {0, 1, 0, 0});
    Message fromFour = ask(0, NAME, Type.A, none);
    Message fromSix = ask(1, NAME, Type.A, none);

    assertThat(echoed(fromFour).getScopePrefixLength()).isZero();
    assertThat(addresses(fromFour)).isEqualTo(addresses(fromSix));
  }

  @Test
  void a_subnet_without_a_family_is_taken_as_dig_sends_it() throws IOException {
    Message query = query(NAME, Type.A);
    EDNSOption none = new GenericEDNSOption(8, new byte[4]);
    query.addRecord(new OPTRecord(1232, 0, 0, 0, List.of(none)), Section.ADDITIONAL);

    byte[] reply = udp(query.toWire());

    assertThat(reply[3] & 0xf).isEqualTo(Rcode.NOERROR);
    // The option is the last thing in the reply: code 8, 4 bytes, all 0.
    assertThat(Arrays.copyOfRange(reply, reply.length - 8, reply.length))
        .containsExactly(0, 8, 0, 4, 0, 0, 0, 0);
  }

  @Test
  void answers_that_are_not_addresses_have_scope_0() throws IOException {
    for (String name : List.of(NAME, "nothing.warmfront.localhost.", "warmfront.localhost.")) {
      Message reply = ask(name, Type.TXT, subnet("198.51.100.0", 24));
      assertThat(echoed(reply).getScopePrefixLength()).isZero();
    }
    Message noFamily = ask(NO_IPV6, Type.AAAA, subnet("198.51.100.0", 24));
    assertThat(echoed(noFamily).getScopePrefixLength()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0001180000c63364", // an octet too many for its length
        "00011800c633", // an octet too few
        "00011801c63364", // a scope in a query
        "00011700c63365", // a bit beyond the length
        "00012100c633640000", // longer than an address
        "00031800c63364", // no such family
        "00001800c63364", // a length without a family
        "000118" // cut off
      })
  void malformed_client_subnets_get_FORMERR(String hex) throws IOException {
    byte[] data = HexFormat.of().parseHex(hex);

    Message reply = ask(NAME, Type.A, new GenericEDNSOption(8, data));

    assertThat(reply.getRcode()).isEqualTo(Rcode.FORMERR);
    assertThat(reply.getOPT()).isNotNull();
  }

  @Test
  void without_an_option_the_resolver_counts_and_none_comes_back() throws IOException {
    Message plain = ask(NAME, Type.A);

    assertThat(addresses(plain)).hasSize(1);
    assertThat(plain.getOPT().getOptions(EDNSOption.Code.CLIENT_SUBNET)).isEmpty();
  }

  @Test
  void price_classes_keep_viewers_to_their_locations() throws IOException {
    Message reply = ask(NO_IPV6, Type.A, subnet("45.1.2.0", 24));

    assertThat(addresses(reply)).containsExactly("127.0.0.1");
  }

  @Test
  void what_is_not_there_is_denied_with_the_SOA_for_30_seconds() throws IOException {
    Message noFamily = ask(NO_IPV6, Type.AAAA);
    Message noType = ask(NAME, Type.HTTPS);
    Message between = ask("dns.warmfront.localhost.", Type.A);
    Message unpublished = ask("d3.warmfront.localhost.", Type.A);
    Message unknown = ask("x.warmfront.localhost.", Type.A);

    for (Message nodata : List.of(noFamily, noType, between)) {
      assertThat(nodata.getRcode()).isEqualTo(Rcode.NOERROR);
      assertThat(nodata.getSection(Section.ANSWER)).isEmpty();
    }
    assertThat(unpublished.getRcode()).isEqualTo(Rcode.NXDOMAIN);
    assertThat(unknown.getRcode()).isEqualTo(Rcode.NXDOMAIN);
    for (Message negative : List.of(noFamily, noType, between, unpublished, unknown)) {
      SOARecord soa = (SOARecord) negative.getSection(Section.AUTHORITY).getFirst();
      assertThat(soa.getName()).hasToString("warmfront.localhost.");
      assertThat(soa.getTTL()).isEqualTo(30);
      assertThat(soa.getMinimum()).isEqualTo(30);
      assertThat(soa.getSerial()).isEqualTo(42);
    }
  }

  @Test
  void the_zone_says_its_name_servers_with_glue_and_its_own_addresses() throws IOException {
    Message servers = ask("warmfront.localhost.", Type.NS);
    Message soa = ask("warmfront.localhost.", Type.SOA);

    assertThat(servers.getSection(Section.ANSWER)).hasSize(2);
    assertThat(servers.getSection(Section.ANSWER).getFirst().getTTL()).isEqualTo(3600);
    assertThat(servers.getSection(Section.ADDITIONAL))
        .filteredOn(record -> record.getType() != Type.OPT)
        .extracting(Record::rdataToString)
        .containsExactly("127.0.0.1", "0:0:0:0:0:0:0:1");
    assertThat(soa.getSection(Section.ANSWER).getFirst().getTTL()).isEqualTo(3600);
    assertThat(addresses(ask("warmfront.localhost.", Type.A))).containsExactly("127.0.0.9");
    assertThat(addresses(ask("ns1.dns.warmfront.localhost.", Type.AAAA)))
        .containsExactly("0:0:0:0:0:0:0:1");
  }

  @ParameterizedTest
  @CsvSource({
    "example.com.,1,1,5",
    "localhost.,1,1,5",
    "xwarmfront.localhost.,1,1,5",
    "d1.warmfront.localhost.,1,3,5",
    "warmfront.localhost.,252,1,5",
    "warmfront.localhost.,250,1,4"
  })
  void what_is_not_ours_or_not_offered_is_refused(String name, int type, int dclass, int code)
      throws IOException {
    Message query = new Message(7);
    query.addRecord(Record.newRecord(Name.fromString(name), type, dclass), Section.QUESTION);

    Message reply = new Message(udp(query.toWire()));

    assertThat(reply.getRcode()).isEqualTo(code);
    assertThat(reply.getHeader().getFlag(Flags.AA)).isFalse();
  }

  @Test
  void a_question_for_all_gets_little() throws IOException {
    Message reply = ask(NAME, Type.ANY);

    assertThat(reply.getSection(Section.ANSWER))
        .singleElement()
        .satisfies(record -> assertThat(record.getType()).isEqualTo(Type.HINFO));
  }

  @Test
  void the_letters_case_of_the_question_is_kept() throws IOException {
    byte[] query = query("D1.wArMfRoNt.LoCaLhOsT.", Type.A).toWire();

    byte[] reply = udp(query);

    String text = new String(reply, StandardCharsets.ISO_8859_1);
    assertThat(text).contains("wArMfRoNt").contains("LoCaLhOsT");
    assertThat(new Message(reply).getRcode()).isEqualTo(Rcode.NOERROR);
  }

  @Test
  void unknown_options_and_cookies_are_tolerated_and_later_versions_told_ours() throws IOException {
    Message odd =
        ask(
            NAME,
            Type.A,
            new GenericEDNSOption(10, new byte[8]),
            new GenericEDNSOption(65_001, new byte[5]));
    Message query = query(NAME, Type.A);
    query.addRecord(new OPTRecord(1232, 0, 1, 0), Section.ADDITIONAL);
    Message later = new Message(udp(query.toWire()));

    assertThat(addresses(odd)).hasSize(1);
    assertThat(odd.getOPT().getPayloadSize()).isEqualTo(1232);
    assertThat(later.getRcode()).isEqualTo(Rcode.BADVERS);
    assertThat(later.getOPT().getVersion()).isZero();
  }

  @Test
  void other_operations_get_NOTIMP_and_replies_get_nothing() throws IOException {
    Message notify = query(NAME, Type.A);
    notify.getHeader().setOpcode(Opcode.NOTIFY);
    Message reply = query(NAME, Type.A);
    reply.getHeader().setFlag(Flags.QR);

    assertThat(new Message(udp(notify.toWire())).getRcode()).isEqualTo(Rcode.NOTIMP);
    byte[] real = query(NAME, Type.A).toWire();
    try (DatagramSocket socket = socket()) {
      send(socket, reply.toWire());
      send(socket, Arrays.copyOf(real, 11));
      send(socket, real);
      // The first thing to come back belongs to the last thing sent.
      assertThat(new Message(receive(socket)).getHeader().getID())
          .isEqualTo((real[0] & 0xff) << 8 | (real[1] & 0xff));
    }
  }

  @Test
  void over_TCP_queries_sent_ahead_are_answered_in_order() throws IOException {
    InetSocketAddress at = routing.dnsAddresses().get(1);
    try (Socket socket = new Socket(at.getAddress(), at.getPort())) {
      socket.setSoTimeout(10_000);
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      for (int id = 1; id <= 50; id++) {
        Message query = query(NAME, Type.A);
        query.getHeader().setID(id);
        byte[] wire = query.toWire();
        out.writeShort(wire.length);
        out.write(wire);
      }
      out.flush();
      DataInputStream in = new DataInputStream(socket.getInputStream());
      for (int id = 1; id <= 50; id++) {
        Message reply = new Message(in.readNBytes(in.readUnsignedShort()));
        assertThat(reply.getHeader().getID()).isEqualTo(id);
        assertThat(addresses(reply)).hasSize(1);
      }
    }
    assertThat(routing.counts().dns().transports().get(Transport.TCP)).isEqualTo(50);
  }

  @Test
  void a_resolver_asks_on_IPv6_loopback_over_UDP_and_TCP() throws IOException {
    SimpleResolver resolver = resolver(1);
    Message overUdp = resolver.send(query(NAME, Type.AAAA));
    resolver.setTCP(true);
    Message overTcp = resolver.send(query(NAME, Type.AAAA));

    assertThat(addresses(overUdp)).hasSize(1).isEqualTo(addresses(overTcp));
  }

  @Test
  void an_explanation_says_what_the_answer_says() throws IOException {
    Explanation explanation =
        routing.route(InetAddress.ofLiteral("203.0.113.9"), Optional.of("E1"));

    assertThat(explanation).isInstanceOf(Explanation.Routed.class);
    Explanation.Routed routed = (Explanation.Routed) explanation;
    assertThat(routed.basis()).isEqualTo(Basis.LATENCY);
    assertThat(routed.detail()).isEqualTo("latency row 203.0.113.0/24");
    assertThat(routed.range()).isEqualTo("203.0.113.0/24");
    assertThat(routed.location()).contains("NRT");
    assertThat(routed.candidates()).hasSize(5);
    assertThat(routed.candidates().getFirst().measured()).isTrue();
    assertThat(routed.ipv4()).extracting(InetAddress::getHostAddress).containsExactly("127.0.0.3");
    assertThat(addresses(ask(NAME, Type.A, subnet("203.0.113.9", 32))))
        .containsExactly("127.0.0.3");
    assertThat(routing.route(InetAddress.ofLiteral("203.0.113.9"), Optional.of("E3")))
        .isEqualTo(new Explanation.NotPublished("E3"));
    Explanation.Routed cheap =
        (Explanation.Routed) routing.route(InetAddress.ofLiteral("45.1.1.1"), Optional.of("E2"));
    assertThat(cheap.detail()).isEqualTo("country BR");
    assertThat(cheap.candidates().getFirst().excluded().orElse("")).contains("PRICE_CLASS");
    assertThat(cheap.ipv6()).isEmpty();
  }

  @Test
  void what_was_done_is_counted() throws IOException {
    ask(NAME, Type.A, subnet("198.51.100.0", 24));
    ask("x.warmfront.localhost.", Type.A);

    RoutingCounts counts = routing.counts();

    assertThat(counts.dns().responses())
        .containsEntry(ResponseCode.NOERROR, 1L)
        .containsEntry(ResponseCode.NXDOMAIN, 2L);
    // The second question came again over TCP: its answer is more than one and a half times as
    // long.
    assertThat(counts.dns().questions()).containsEntry(RecordType.A, 3L);
    assertThat(counts.dns().truncated()).isEqualTo(1);
    assertThat(counts.bases()).containsEntry(Basis.COUNTRY, 1L);
    assertThat(counts.locations()).containsEntry("FRA", 1L);
    assertThat(counts.dns().failures()).isZero();
  }

  @Test
  void a_picture_with_a_name_of_another_zone_is_refused_and_the_old_one_serves()
      throws IOException {
    Pictures bad = pictures().published("E9", "d9.example.com", true, PriceClass.PRICE_CLASS_ALL);

    Verdict verdict = routing.take(bad.snapshot(), List.of());

    assertThat(verdict).isInstanceOf(Verdict.Rejected.class);
    assertThat(((Verdict.Rejected) verdict).revision()).isEqualTo(7);
    assertThat(addresses(ask(NAME, Type.A))).hasSize(1);
  }

  @Test
  void a_taken_port_is_an_error_that_names_it() throws Exception {
    InetSocketAddress taken = routing.dnsAddresses().getFirst();
    Routing second =
        Routing.load(
            new RoutingConfig(
                Pictures.zone(),
                List.of(taken),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                RoutingConfig.Limits.DEFAULT),
            Clock.system());

    assertThatThrownBy(second::start)
        .isInstanceOf(IOException.class)
        .hasMessageContaining(String.valueOf(taken.getPort()));
  }

  @Test
  void edges_with_TLS_at_its_port_have_HTTPS_records() throws IOException {
    routing.take(pictures().secure(8443).snapshot(), List.of());
    Message elsewhere = ask(NAME, Type.HTTPS);
    routing.take(pictures().secure(443).snapshot(), List.of());
    Message there = ask(NAME, Type.HTTPS);

    assertThat(elsewhere.getSection(Section.ANSWER)).isEmpty();
    assertThat(there.getSection(Section.ANSWER).getFirst().rdataToString())
        .isEqualTo("1 . alpn=h2");
  }

  @ParameterizedTest
  @CsvSource({
    "true,true,true,'1 . alpn=h3,h2'",
    "false,true,true,1 . alpn=h3",
    "true,false,true,1 . alpn=h2",
    "true,true,false,1 . alpn=h2",
    "false,true,false,''",
    "false,false,true,''"
  })
  void HTTPS_records_say_what_a_distribution_speaks(
      boolean http2, boolean http3, boolean atEdges, String said) throws Exception {
    routing.drain(Duration.ZERO);
    routing =
        Routing.load(
            new RoutingConfig(
                Pictures.zone(),
                List.of(Pictures.free("127.0.0.1")),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                atEdges,
                RoutingConfig.Limits.DEFAULT),
            Clock.system());
    Pictures pictures =
        pictures()
            .speaking("E3", "d3.warmfront.localhost", new Publication.Spoken(http2, http3))
            .secure(443);
    assertThat(routing.take(pictures.snapshot(), List.of())).isEqualTo(new Verdict.Applied());
    routing.start();

    List<Record> answers = ask("d3.warmfront.localhost.", Type.HTTPS).getSection(Section.ANSWER);
    String other = ask(NAME, Type.HTTPS).getSection(Section.ANSWER).getFirst().rdataToString();

    assertThat(answers).hasSize(said.isEmpty() ? 0 : 1);
    answers.forEach(answer -> assertThat(answer.rdataToString()).isEqualTo(said));
    assertThat(other).isEqualTo("1 . alpn=h2");
  }

  @ParameterizedTest
  @CsvSource({
    "www.warmfront.localhost,www.warmfront.localhost.,2",
    "*.sites.warmfront.localhost,a.b.sites.warmfront.localhost.,2",
    // Neither the zone's own name nor another's is to be had, nor one of another zone.
    "warmfront.localhost,warmfront.localhost.,1",
    "d1.warmfront.localhost,d1.warmfront.localhost.,1",
    "ns1.dns.warmfront.localhost,ns1.dns.warmfront.localhost.,1",
    "www.example.com,www.example.com.,0"
  })
  void an_alias_in_the_zone_is_answered_where_it_is_free(String alias, String name, int answers)
      throws IOException {
    Pictures pictures = pictures().alias("E3", "d3.warmfront.localhost", alias);

    assertThat(routing.take(pictures.snapshot(), List.of())).isEqualTo(new Verdict.Applied());

    // Over UDP a stranger's short question may get the alias alone.
    SimpleResolver resolver = resolver(0);
    resolver.setTCP(true);
    assertThat(resolver.send(query(name, Type.A)).getSection(Section.ANSWER)).hasSize(answers);
  }

  @Test
  void tenants_domains_in_the_zone_are_aliases_of_their_connection_group() throws IOException {
    Pictures pictures =
        pictures()
            .published("cg_1", "d5.warmfront.localhost", true, PriceClass.PRICE_CLASS_ALL)
            .guest("dt_1", "d5.warmfront.localhost", "shop.warmfront.localhost")
            .guest("dt_2", "d5.warmfront.localhost", "*.eu.warmfront.localhost")
            .guest("dt_3", "d6.warmfront.localhost", "early.warmfront.localhost");

    assertThat(routing.take(pictures.snapshot(), List.of())).isEqualTo(new Verdict.Applied());

    SimpleResolver resolver = resolver(0);
    resolver.setTCP(true);
    for (String domain : List.of("shop", "a.eu")) {
      Message answer = resolver.send(query(domain + ".warmfront.localhost.", Type.A));
      assertThat(answer.getSection(Section.ANSWER)).hasSize(2);
      assertThat(answer.getSection(Section.ANSWER).getFirst().rdataToString())
          .isEqualTo("d5.warmfront.localhost.");
    }
    assertThat(ask("d5.warmfront.localhost.", Type.A).getSection(Section.ANSWER)).hasSize(1);
    assertThat(ask("early.warmfront.localhost.", Type.A).getRcode()).isEqualTo(Rcode.NXDOMAIN);
    assertThat(routing.status().names()).isEqualTo(3);
  }

  @Test
  void channels_have_names_of_their_own_beneath_the_zone() throws IOException {
    Pictures pictures =
        pictures()
            .channel("cam1", "NRT")
            .channel("far", "LAX")
            .alias("E3", "s3.warmfront.localhost", "cam1.live.warmfront.localhost");

    assertThat(routing.take(pictures.snapshot(), List.of())).isEqualTo(new Verdict.Applied());

    String name = "cam1.live.warmfront.localhost.";
    assertThat(addresses(ask(name, Type.A, subnet("198.51.100.0", 24))))
        .containsExactly("127.0.0.3");
    for (int type : new int[] {Type.AAAA, Type.HTTPS, Type.TXT}) {
      assertThat(ask(name, type).getSection(Section.ANSWER)).isEmpty();
      assertThat(ask(name, type).getRcode()).isEqualTo(Rcode.NOERROR);
    }
    assertThat(ask("live.warmfront.localhost.", Type.A).getRcode()).isEqualTo(Rcode.NOERROR);
    for (String none : List.of("far.live", "cam2.live", "cam1-fra.live", "a.cam1.live")) {
      assertThat(ask(none + ".warmfront.localhost.", Type.A).getRcode())
          .as(none)
          .isEqualTo(Rcode.NXDOMAIN);
    }
    assertThat(routing.status().names()).isEqualTo(3);
  }

  @Test
  void texts_are_answered_from_the_next_picture_on_and_harm_no_other_name() throws IOException {
    String name = "_acme-challenge.d1.warmfront.localhost";
    String taken = "_taken.warmfront.localhost";
    SimpleResolver resolver = resolver(0);
    resolver.setTCP(true);
    assertThat(resolver.send(query(name + ".", Type.TXT)).getRcode()).isEqualTo(Rcode.NXDOMAIN);

    Pictures pictures =
        pictures()
            .alias("E3", "d3.warmfront.localhost", taken)
            .texts(name, "one", "two")
            .texts(taken, "x")
            .texts("_acme-challenge.example.com", "x");
    assertThat(routing.take(pictures.snapshot(), List.of())).isEqualTo(new Verdict.Applied());

    assertThat(resolver.send(query(name + ".", Type.TXT)).getSection(Section.ANSWER))
        .extracting(record -> record.rdataToString())
        .containsExactlyInAnyOrder("one", "two");
    assertThat(resolver.send(query(name + ".", Type.A)).getRcode()).isEqualTo(Rcode.NOERROR);
    assertThat(resolver.send(query(taken + ".", Type.A)).getSection(Section.ANSWER)).hasSize(2);
    assertThat(resolver.send(query(NAME, Type.A)).getSection(Section.ANSWER)).isNotEmpty();

    assertThat(routing.take(pictures().snapshot(), List.of())).isEqualTo(new Verdict.Applied());
    assertThat(resolver.send(query(name + ".", Type.TXT)).getRcode()).isEqualTo(Rcode.NXDOMAIN);
  }

  @Test
  void before_the_first_picture_nothing_is_denied() throws Exception {
    Routing fresh =
        Routing.load(
            new RoutingConfig(
                Pictures.zone(),
                List.of(Pictures.free("127.0.0.1")),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                RoutingConfig.Limits.DEFAULT),
            Clock.system());
    fresh.start();
    try {
      SimpleResolver resolver = new SimpleResolver("127.0.0.1");
      resolver.setPort(fresh.dnsAddresses().getFirst().getPort());
      assertThat(resolver.send(query(NAME, Type.A)).getRcode()).isEqualTo(Rcode.SERVFAIL);
      assertThat(resolver.send(query("warmfront.localhost.", Type.SOA)).getRcode())
          .isEqualTo(Rcode.NOERROR);
    } finally {
      fresh.drain(Duration.ZERO);
    }
  }

  private static ClientSubnetOption subnet(String address, int length) {
    return new ClientSubnetOption(length, InetAddress.ofLiteral(address));
  }

  private static ClientSubnetOption echoed(Message reply) {
    return (ClientSubnetOption) reply.getOPT().getOptions(EDNSOption.Code.CLIENT_SUBNET).getFirst();
  }

  private static List<String> addresses(Message reply) {
    List<String> all = new ArrayList<>();
    for (Record record : reply.getSection(Section.ANSWER)) {
      all.add(record.rdataToString());
    }
    return all;
  }

  private static Message query(String name, int type) throws IOException {
    return Message.newQuery(Record.newRecord(Name.fromString(name), type, DClass.IN));
  }

  private Message ask(String name, int type, EDNSOption... options) throws IOException {
    return ask(0, name, type, options);
  }

  private Message ask(int listener, String name, int type, EDNSOption... options)
      throws IOException {
    Message query = query(name, type);
    query.addRecord(new OPTRecord(1232, 0, 0, 0, List.of(options)), Section.ADDITIONAL);
    return resolver(listener).send(query);
  }

  private SimpleResolver resolver(int listener) throws IOException {
    InetSocketAddress at = routing.dnsAddresses().get(listener);
    SimpleResolver resolver = new SimpleResolver(at);
    resolver.setTimeout(Duration.ofSeconds(10));
    return resolver;
  }

  private byte[] udp(byte[] query) throws IOException {
    try (DatagramSocket socket = socket()) {
      send(socket, query);
      return receive(socket);
    }
  }

  private static DatagramSocket socket() throws IOException {
    DatagramSocket socket = new DatagramSocket();
    socket.setSoTimeout(10_000);
    return socket;
  }

  private void send(DatagramSocket socket, byte[] bytes) throws IOException {
    socket.send(new DatagramPacket(bytes, bytes.length, routing.dnsAddresses().getFirst()));
  }

  private static byte[] receive(DatagramSocket socket) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
    socket.receive(packet);
    return Arrays.copyOf(packet.getData(), packet.getLength());
  }
}
