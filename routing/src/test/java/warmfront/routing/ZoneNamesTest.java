package warmfront.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import warmfront.distribution.PriceClass;
import warmfront.distribution.Publication;
import warmfront.snapshot.Subscriber.Verdict;

/** Which names there are in the zone, and what is said of each. */
final class ZoneNamesTest {
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
  void what_is_not_there_is_denied_with_the_SOA_for_30_seconds() throws IOException {
    Message noFamily = dns.ask(Answering.NO_IPV6, Type.AAAA);
    Message noType = dns.ask(Answering.NAME, Type.HTTPS);
    Message between = dns.ask("dns.warmfront.localhost.", Type.A);
    Message unpublished = dns.ask("d3.warmfront.localhost.", Type.A);
    Message unknown = dns.ask("x.warmfront.localhost.", Type.A);

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
    Message servers = dns.ask("warmfront.localhost.", Type.NS);
    Message soa = dns.ask("warmfront.localhost.", Type.SOA);

    assertThat(servers.getSection(Section.ANSWER)).hasSize(2);
    assertThat(servers.getSection(Section.ANSWER).getFirst().getTTL()).isEqualTo(3600);
    assertThat(servers.getSection(Section.ADDITIONAL))
        .filteredOn(record -> record.getType() != Type.OPT)
        .extracting(Record::rdataToString)
        .containsExactly("127.0.0.1", "0:0:0:0:0:0:0:1");
    assertThat(soa.getSection(Section.ANSWER).getFirst().getTTL()).isEqualTo(3600);
    assertThat(Answering.addresses(dns.ask("warmfront.localhost.", Type.A)))
        .containsExactly("127.0.0.9");
    assertThat(Answering.addresses(dns.ask("ns1.dns.warmfront.localhost.", Type.AAAA)))
        .containsExactly("0:0:0:0:0:0:0:1");
  }

  @Test
  void a_picture_with_a_name_of_another_zone_is_refused_and_the_old_one_serves()
      throws IOException {
    Pictures bad =
        Answering.pictures().published("E9", "d9.example.com", true, PriceClass.PRICE_CLASS_ALL);

    Verdict verdict = dns.routing().take(bad.snapshot(), List.of());

    assertThat(verdict).isInstanceOf(Verdict.Rejected.class);
    assertThat(((Verdict.Rejected) verdict).revision()).isEqualTo(7);
    assertThat(Answering.addresses(dns.ask(Answering.NAME, Type.A))).hasSize(1);
  }

  @Test
  void edges_with_TLS_at_its_port_have_HTTPS_records() throws IOException {
    dns.take(Answering.pictures().secure(8443));
    Message elsewhere = dns.ask(Answering.NAME, Type.HTTPS);
    dns.take(Answering.pictures().secure(443));
    Message there = dns.ask(Answering.NAME, Type.HTTPS);

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
    dns.close();
    dns =
        Answering.start(
            new RoutingConfig(
                Pictures.zone(),
                List.of(Pictures.free("127.0.0.1")),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                atEdges,
                RoutingConfig.Limits.DEFAULT));
    dns.take(
        Answering.pictures()
            .speaking("E3", "d3.warmfront.localhost", new Publication.Spoken(http2, http3))
            .secure(443));

    List<Record> answers =
        dns.ask("d3.warmfront.localhost.", Type.HTTPS).getSection(Section.ANSWER);
    String other =
        dns.ask(Answering.NAME, Type.HTTPS).getSection(Section.ANSWER).getFirst().rdataToString();

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
    dns.take(Answering.pictures().alias("E3", "d3.warmfront.localhost", alias));

    assertThat(dns.askAtLength(name, Type.A).getSection(Section.ANSWER)).hasSize(answers);
  }

  @Test
  void tenants_domains_in_the_zone_are_aliases_of_their_connection_group() throws IOException {
    Pictures pictures =
        Answering.pictures()
            .published("cg_1", "d5.warmfront.localhost", true, PriceClass.PRICE_CLASS_ALL)
            .guest("dt_1", "d5.warmfront.localhost", "shop.warmfront.localhost")
            .guest("dt_2", "d5.warmfront.localhost", "*.eu.warmfront.localhost")
            .guest("dt_3", "d6.warmfront.localhost", "early.warmfront.localhost");

    dns.take(pictures);

    for (String domain : List.of("shop", "a.eu")) {
      Message answer = dns.askAtLength(domain + ".warmfront.localhost.", Type.A);
      assertThat(answer.getSection(Section.ANSWER)).hasSize(2);
      assertThat(answer.getSection(Section.ANSWER).getFirst().rdataToString())
          .isEqualTo("d5.warmfront.localhost.");
    }
    assertThat(dns.ask("d5.warmfront.localhost.", Type.A).getSection(Section.ANSWER)).hasSize(1);
    assertThat(dns.ask("early.warmfront.localhost.", Type.A).getSection(Section.ANSWER)).isEmpty();
    assertThat(dns.routing().status().names()).isEqualTo(3);
  }

  @Test
  void channels_have_names_of_their_own_beneath_the_zone() throws IOException {
    Pictures pictures =
        Answering.pictures()
            .with(Pictures.channel("cam1", "NRT"))
            .with(Pictures.channel("far", "LAX"))
            .alias("E3", "s3.warmfront.localhost", "cam1.live.warmfront.localhost");

    dns.take(pictures);

    String name = "cam1.live.warmfront.localhost.";
    assertThat(Answering.addresses(dns.ask(name, Type.A, Answering.subnet("198.51.100.0", 24))))
        .containsExactly("127.0.0.3");
    for (int type : new int[] {Type.AAAA, Type.HTTPS, Type.TXT}) {
      assertThat(dns.ask(name, type).getSection(Section.ANSWER)).isEmpty();
      assertThat(dns.ask(name, type).getRcode()).isEqualTo(Rcode.NOERROR);
    }
    assertThat(dns.ask("live.warmfront.localhost.", Type.A).getRcode()).isEqualTo(Rcode.NOERROR);
    for (String none : List.of("far.live", "cam2.live", "cam1-fra.live", "a.cam1.live")) {
      assertThat(dns.ask(none + ".warmfront.localhost.", Type.A).getRcode())
          .as(none)
          .isEqualTo(Rcode.NXDOMAIN);
    }
    assertThat(dns.routing().status().names()).isEqualTo(3);
  }

  @Test
  void texts_are_answered_from_the_next_picture_on_and_harm_no_other_name() throws IOException {
    String name = "_acme-challenge.d1.warmfront.localhost";
    String taken = "_taken.warmfront.localhost";
    assertThat(dns.askAtLength(name + ".", Type.TXT).getRcode()).isEqualTo(Rcode.NXDOMAIN);

    Pictures pictures =
        Answering.pictures()
            .alias("E3", "d3.warmfront.localhost", taken)
            .texts(name, "one", "two")
            .texts(taken, "x")
            .texts("_acme-challenge.example.com", "x");
    dns.take(pictures);

    assertThat(dns.askAtLength(name + ".", Type.TXT).getSection(Section.ANSWER))
        .extracting(record -> record.rdataToString())
        .containsExactlyInAnyOrder("one", "two");
    assertThat(dns.askAtLength(name + ".", Type.A).getRcode()).isEqualTo(Rcode.NOERROR);
    assertThat(dns.askAtLength(taken + ".", Type.A).getSection(Section.ANSWER)).hasSize(2);
    assertThat(dns.askAtLength(Answering.NAME, Type.A).getSection(Section.ANSWER)).isNotEmpty();

    dns.take(Answering.pictures());
    assertThat(dns.askAtLength(name + ".", Type.TXT).getRcode()).isEqualTo(Rcode.NXDOMAIN);
  }
}
