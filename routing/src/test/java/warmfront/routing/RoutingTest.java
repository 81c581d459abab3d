package warmfront.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.ClientSubnetOption;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.GenericEDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;
import warmfront.distribution.Kind;
import warmfront.distribution.Publication;
import warmfront.routing.dns.RecordType;
import warmfront.routing.dns.ResponseCode;
import warmfront.routing.latency.LatencyTable;
import warmfront.snapshot.Entry;
import warmfront.snapshot.Snapshot;
import warmfront.snapshot.Subscriber.Verdict;
import warmfront.time.Clock;

/** Which answer a viewer gets, over real sockets. */
final class RoutingTest {
  @TempDir private Path folder;
  private Answering dns;

  @BeforeEach
  void start() throws IOException {
    dns = Answering.start(folder);
  }

  @AfterEach
  void stop() throws InterruptedException {
    dns.close();
  }

  @Test
  void a_viewer_gets_the_nearest_location_by_latency_row_and_by_country() throws IOException {
    Message measured = dns.ask(Answering.NAME, Type.A, Answering.subnet("203.0.113.0", 24));
    Message german = dns.ask(Answering.NAME, Type.A, Answering.subnet("198.51.100.0", 24));
    Message brazilian = dns.ask(Answering.NAME, Type.AAAA, Answering.subnet("45.1.2.0", 24));

    assertThat(Answering.addresses(measured)).containsExactly("127.0.0.3");
    assertThat(Answering.addresses(german)).containsExactly("127.0.0.2");
    assertThat(Answering.addresses(brazilian)).containsExactly("fd00:0:0:0:0:0:0:4");
    assertThat(german.getHeader().getFlag(Flags.AA)).isTrue();
    assertThat(german.getSection(Section.ANSWER).getFirst().getTTL()).isEqualTo(20);
  }

  @Test
  void the_scope_is_the_length_of_the_range_and_the_option_comes_back_as_it_was()
      throws IOException {
    ClientSubnetOption wide =
        Answering.echoed(dns.ask(Answering.NAME, Type.A, Answering.subnet("198.51.100.0", 24)));
    ClientSubnetOption narrow =
        Answering.echoed(dns.ask(Answering.NAME, Type.A, Answering.subnet("203.0.113.77", 32)));
    ClientSubnetOption six =
        Answering.echoed(dns.ask(Answering.NAME, Type.A, Answering.subnet("2a00:1450::", 56)));

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
    Message four = dns.ask(Answering.NAME, Type.A, Answering.subnet("10.1.2.0", 24));
    Message six = dns.ask(Answering.NAME, Type.A, Answering.subnet("fd12:3456::", 64));

    assertThat(Answering.addresses(four)).hasSize(1);
    assertThat(Answering.echoed(four).getScopePrefixLength()).isEqualTo(24);
    assertThat(Answering.echoed(six).getScopePrefixLength()).isEqualTo(56);
  }

  @Test
  void a_subnet_of_length_0_gets_scope_0_and_the_same_from_every_resolver() throws IOException {
    GenericEDNSOption none = new GenericEDNSOption(8, new byte[] {0, 1, 0, 0});
    Message fromFour = dns.ask(0, Answering.NAME, Type.A, none);
    Message fromSix = dns.ask(1, Answering.NAME, Type.A, none);

    assertThat(Answering.echoed(fromFour).getScopePrefixLength()).isZero();
    assertThat(Answering.addresses(fromFour)).isEqualTo(Answering.addresses(fromSix));
  }

  @Test
  void answers_that_are_not_addresses_have_scope_0() throws IOException {
    for (String name :
        List.of(Answering.NAME, "nothing.warmfront.localhost.", "warmfront.localhost.")) {
      Message reply = dns.ask(name, Type.TXT, Answering.subnet("198.51.100.0", 24));
      assertThat(Answering.echoed(reply).getScopePrefixLength()).isZero();
    }
    Message noFamily = dns.ask(Answering.NO_IPV6, Type.AAAA, Answering.subnet("198.51.100.0", 24));
    assertThat(Answering.echoed(noFamily).getScopePrefixLength()).isZero();
  }

  @Test
  void without_an_option_the_resolver_counts_and_none_comes_back() throws IOException {
    Message plain = dns.ask(Answering.NAME, Type.A);

    assertThat(Answering.addresses(plain)).hasSize(1);
    assertThat(plain.getOPT().getOptions(EDNSOption.Code.CLIENT_SUBNET)).isEmpty();
  }

  @Test
  void price_classes_keep_viewers_to_their_locations() throws IOException {
    Message reply = dns.ask(Answering.NO_IPV6, Type.A, Answering.subnet("45.1.2.0", 24));

    assertThat(Answering.addresses(reply)).containsExactly("127.0.0.1");
  }

  @Test
  void a_resolver_asks_on_IPv6_loopback_over_UDP_and_TCP() throws IOException {
    SimpleResolver resolver = dns.resolver(1);
    Message overUdp = resolver.send(Answering.query(Answering.NAME, Type.AAAA));
    resolver.setTCP(true);
    Message overTcp = resolver.send(Answering.query(Answering.NAME, Type.AAAA));

    assertThat(Answering.addresses(overUdp)).hasSize(1).isEqualTo(Answering.addresses(overTcp));
  }

  @Test
  void an_explanation_says_what_the_answer_says() throws IOException {
    Explanation explanation =
        dns.routing().route(InetAddress.ofLiteral("203.0.113.9"), Optional.of("E1"));

    assertThat(explanation).isInstanceOf(Explanation.Routed.class);
    Explanation.Routed routed = (Explanation.Routed) explanation;
    assertThat(routed.basis()).isEqualTo(Basis.LATENCY);
    assertThat(routed.detail()).isEqualTo("latency row 203.0.113.0/24");
    assertThat(routed.range()).isEqualTo("203.0.113.0/24");
    assertThat(routed.location()).contains("NRT");
    assertThat(routed.candidates()).hasSize(5);
    assertThat(routed.candidates().getFirst().measured()).isTrue();
    assertThat(routed.ipv4()).extracting(InetAddress::getHostAddress).containsExactly("127.0.0.3");
    assertThat(
            Answering.addresses(
                dns.ask(Answering.NAME, Type.A, Answering.subnet("203.0.113.9", 32))))
        .containsExactly("127.0.0.3");
    assertThat(dns.routing().route(InetAddress.ofLiteral("203.0.113.9"), Optional.of("E3")))
        .isEqualTo(new Explanation.NotPublished("E3"));
    Explanation.Routed cheap =
        (Explanation.Routed)
            dns.routing().route(InetAddress.ofLiteral("45.1.1.1"), Optional.of("E2"));
    assertThat(cheap.detail()).isEqualTo("country BR");
    assertThat(cheap.candidates().getFirst().excluded().orElse("")).contains("PRICE_CLASS");
    assertThat(cheap.ipv6()).isEmpty();
  }

  @Test
  void what_was_done_is_counted() throws IOException {
    dns.ask(Answering.NAME, Type.A, Answering.subnet("198.51.100.0", 24));
    dns.ask("x.warmfront.localhost.", Type.A);

    RoutingCounts counts = dns.routing().counts();

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
  void a_taken_port_is_an_error_that_names_it() throws Exception {
    InetSocketAddress taken = dns.routing().dnsAddresses().getFirst();
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
  void a_change_outlives_other_tables_and_judgements_and_a_change_that_is_refused()
      throws IOException {
    Snapshot before = Answering.pictures().snapshot();
    Entry third = published(before, "E3", "d3.warmfront.localhost");
    Snapshot after = before.after(third);
    assertThat(dns.routing().take(after, List.of(third))).isEqualTo(new Verdict.Applied());

    dns.routing().use(LatencyTable.EMPTY);
    dns.routing().refresh();
    Entry bad = published(after, "E4", "d3.warmfront.localhost");
    Verdict refused = dns.routing().take(after.after(bad), List.of(bad));

    assertThat(refused).isInstanceOf(Verdict.Rejected.class);
    assertThat(dns.routing().status().revision()).isEqualTo(after.revision());
    for (String name : List.of(Answering.NAME, "d3.warmfront.localhost.")) {
      assertThat(Answering.addresses(dns.ask(name, Type.A))).as(name).hasSize(1);
    }
  }

  private static Entry published(Snapshot before, String id, String name) {
    return Pictures.after(
        before,
        Kind.PUBLICATION,
        id,
        Optional.of(new Publication(id, name, true, List.of(), false, Publication.Terms.USUAL)));
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
      assertThat(resolver.send(Answering.query(Answering.NAME, Type.A)).getRcode())
          .isEqualTo(Rcode.SERVFAIL);
      assertThat(resolver.send(Answering.query("warmfront.localhost.", Type.SOA)).getRcode())
          .isEqualTo(Rcode.NOERROR);
    } finally {
      fresh.drain(Duration.ZERO);
    }
  }

  @Test
  void addresses_that_are_announced_everywhere_are_given_to_all_alike() throws IOException {
    String[] announced = {
      "192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.5", "192.0.2.6", "2001:db8::1"
    };
    Verdict verdict =
        dns.routing()
            .take(
                Answering.pictures()
                    .anycast("E3", "d3.warmfront.localhost", announced)
                    .anycast("E4", "d4.warmfront.localhost", "192.0.2.1")
                    .snapshot(),
                List.of());
    assertThat(verdict).isEqualTo(new Verdict.Applied());
    String name = "d3.warmfront.localhost.";

    Message german = dns.ask(name, Type.A, Answering.subnet("198.51.100.0", 24));
    Message brazilian = dns.ask(name, Type.A, Answering.subnet("45.1.2.0", 24));

    assertThat(Answering.addresses(german)).isNotEmpty().isSubsetOf(announced);
    assertThat(Answering.addresses(brazilian)).isEqualTo(Answering.addresses(german));
    assertThat(
            ((ClientSubnetOption) german.getOPT().getOptions().getFirst()).getScopePrefixLength())
        .isZero();
    assertThat(Answering.addresses(dns.ask(name, Type.AAAA)))
        .containsExactly("2001:db8:0:0:0:0:0:1");
    assertThat(Answering.addresses(dns.ask("d4.warmfront.localhost.", Type.AAAA))).isEmpty();
    assertThat(Answering.addresses(dns.ask("d3-fra.warmfront.localhost.", Type.A)))
        .containsExactly("127.0.0.2");
    Explanation why = dns.routing().route(InetAddress.ofLiteral("198.51.100.1"), Optional.of("E3"));
    assertThat(why)
        .isInstanceOfSatisfying(
            Explanation.Routed.class,
            routed -> {
              assertThat(routed.basis()).isEqualTo(Basis.ANYCAST);
              assertThat(routed.ipv4()).hasSize(4);
              assertThat(routed.location()).isEmpty();
            });
  }
}
