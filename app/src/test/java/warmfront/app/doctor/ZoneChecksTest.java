package warmfront.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import warmfront.app.config.Config;

/** What the doctor says of a zone; resolver, parent and DNS servers are loopback addresses. */
final class ZoneChecksTest {
  private static final String RESOLVER = "127.0.0.91";
  private static final String PARENT = "127.0.0.92";
  private static final String FIRST = "127.0.0.93";
  private static final String SECOND = "127.0.0.94";
  private static final Name ZONE = name("cdn.example.net.");

  private static final Config.Zone CONFIGURED =
      new Config.Zone(
          "cdn.example.net",
          List.of(
              new Config.NameServer("ns1.cdn.example.net", List.of(FIRST)),
              new Config.NameServer("ns2.cdn.example.net", List.of(SECOND))),
          Duration.ofSeconds(20),
          List.of(),
          List.of());

  private static Name name(String text) {
    return Name.fromConstantString(text);
  }

  private static Record ns(Name owner, String target) {
    return new NSRecord(owner, DClass.IN, 3600, name(target));
  }

  private static Record a(String owner, String address) {
    return new ARecord(name(owner), DClass.IN, 3600, InetAddress.ofLiteral(address));
  }

  private static Message of(int section, Record... records) {
    Message message = new Message();
    for (Record record : records) {
      message.addRecord(record, section);
    }
    return message;
  }

  private static Message resolved(Record question) {
    if (question.getName().equals(name("example.net.")) && question.getType() == Type.NS) {
      return of(Section.ANSWER, ns(question.getName(), "ns.example.net."));
    }
    return question.getName().equals(name("ns.example.net.")) && question.getType() == Type.A
        ? of(Section.ANSWER, a("ns.example.net.", PARENT))
        : new Message();
  }

  private static Message referral(String second, String glue) {
    Message message = of(Section.AUTHORITY, ns(ZONE, "ns1.cdn.example.net."), ns(ZONE, second));
    message.addRecord(a("ns1.cdn.example.net.", FIRST), Section.ADDITIONAL);
    message.addRecord(a(second, glue), Section.ADDITIONAL);
    return message;
  }

  private static Message authority(Record question) {
    Message message =
        of(
            Section.ANSWER,
            new SOARecord(
                question.getName(),
                DClass.IN,
                3600,
                name("ns1.cdn.example.net."),
                name("hostmaster.example.net."),
                42,
                1,
                1,
                1,
                1));
    message.getHeader().setFlag(Flags.AA);
    return message;
  }

  private static List<String> wrong(Function<Record, Message> parent, boolean secondOverTcp)
      throws Exception {
    try (FakeDns resolver = FakeDns.open(RESOLVER, 0, true, ZoneChecksTest::resolved);
        FakeDns above = FakeDns.open(PARENT, resolver.port(), true, parent);
        FakeDns first = FakeDns.open(FIRST, above.port(), true, ZoneChecksTest::authority);
        FakeDns _ = FakeDns.open(SECOND, first.port(), secondOverTcp, ZoneChecksTest::authority)) {
      InetSocketAddress asked =
          new InetSocketAddress(InetAddress.ofLiteral(RESOLVER), resolver.port());
      return new ZoneChecks(CONFIGURED, asked, resolver.port())
          .examine().stream()
              .filter(one -> one.grade() == Finding.Grade.WRONG)
              .map(Finding::text)
              .toList();
    }
  }

  @Test
  void a_zone_that_is_delegated_as_it_should_be_is_fine() throws Exception {
    assertThat(wrong(_ -> referral("ns2.cdn.example.net.", SECOND), true)).isEmpty();
  }

  @Test
  void a_parent_that_does_not_know_the_zone_is_told_what_to_add() throws Exception {
    assertThat(wrong(_ -> new Message(), true))
        .singleElement()
        .asString()
        .startsWith("example.net. does not delegate cdn.example.net.")
        .contains("NS ns1.cdn.example.net.", "ns2.cdn.example.net. A " + SECOND);
  }

  @Test
  void glue_that_points_elsewhere_is_wrong() throws Exception {
    assertThat(wrong(_ -> referral("ns2.cdn.example.net.", "192.0.2.1"), true))
        .singleElement()
        .asString()
        .contains("the glue of ns2.cdn.example.net.", "192.0.2.1", SECOND);
  }

  @Test
  void a_server_that_the_parent_names_and_we_do_not_is_wrong() throws Exception {
    assertThat(wrong(_ -> referral("old.example.net.", "192.0.2.1"), true))
        .hasSize(2)
        .anyMatch(line -> line.contains("does not delegate") && line.contains("ns2."))
        .anyMatch(line -> line.contains("old.example.net.") && line.contains("does not have"));
  }

  @Test
  void a_server_that_answers_over_udp_alone_is_wrong() throws Exception {
    assertThat(wrong(_ -> referral("ns2.cdn.example.net.", SECOND), false))
        .singleElement()
        .asString()
        .contains("ns2.cdn.example.net.", "TCP", "firewall");
  }

  @Test
  void a_zone_of_this_machine_needs_no_delegation() {
    Config.Zone local =
        new Config.Zone(
            "warmfront.localhost", List.of(), Duration.ofSeconds(20), List.of(), List.of());
    InetSocketAddress nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);

    assertThat(new ZoneChecks(local, nobody, 1).examine())
        .singleElement()
        .extracting(Finding::grade)
        .isEqualTo(Finding.Grade.NOTE);
  }
}
