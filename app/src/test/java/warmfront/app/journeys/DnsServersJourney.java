package warmfront.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.DClass;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.GenericEDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;
import warmfront.app.call.DnsQuestion;

/**
 * Promise: all DNS servers of a fleet are one. Each answers by a new latency map within five
 * seconds, has the texts that the operator sets, and takes the cookies of the others.
 */
final class DnsServersJourney {
  private static final List<String> SERVERS = List.of("dns-1", "dns-2", "dns-3");
  private static final Duration LIVE_MAX = Duration.ofSeconds(5);

  /** Ranges that the operator has a word on: neighbours differ, so that each is in the map. */
  private static final int RANGES = 20_000;

  private static final int COOKIE = EDNSOption.Code.COOKIE;
  private static final byte[] CLIENT_COOKIE = HexFormat.of().parseHex("2464c4abcf10c957");

  @TempDir private static Path folder;
  private static Fleet fleet;
  private static Origin origin;
  private static Api.Made made;

  @BeforeAll
  static void three_dns_servers_and_the_operators_word() throws Exception {
    origin = Origin.open();
    pin("FRA", "NRT");
    fleet =
        Fleet.begin(
            folder, Map.of("routing.map", "{window: 10 s, prefixes: %s}".formatted(prefixes())));
    fleet.locations("FRA", "NRT");
    fleet.registerEdge("fra-1", "FRA", "127.0.0.2");
    fleet.registerEdge("nrt-1", "NRT", "127.0.0.3");
    for (String server : SERVERS) {
      fleet.registerDns(server, "FRA");
    }
    fleet.startAll(true, "fra-1", "nrt-1", "dns-1", "dns-2", "dns-3");
    try (Api api = fleet.api()) {
      made = api.createDistribution(Api.plain("servers", origin.port()));
    }
  }

  @AfterAll
  static void end() {
    fleet.close();
    origin.close();
  }

  private static Path prefixes() {
    return folder.resolve("prefixes.csv");
  }

  /** Pins every other range to one location, and those between to another. */
  private static void pin(String even, String odd) throws IOException {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < RANGES; i++) {
      rows.append("10.%d.%d.0/24,pin,%s\n".formatted(i >> 8, i & 0xff, i % 2 == 0 ? even : odd));
    }
    Files.writeString(prefixes(), rows);
  }

  @Test
  void a_map_is_answered_by_at_all_of_them_within_five_seconds_of_its_publication()
      throws Exception {
    // given a map that all answer by
    Await.until("the first map", () -> areAt("127.0.0.2", "127.0.0.3"));
    long before = version("control");

    // when the operator's word changes for all, and a location comes, which makes a map due
    pin("NRT", "FRA");
    fleet.registerLocation("GRU");
    Await.until("a map is published", () -> version("control") > before);

    // then all answer by it
    long published = version("control");
    Await.within(
        LIVE_MAX,
        "version " + published + " is everywhere",
        () -> {
          for (String server : SERVERS) {
            if (version(server) < published) {
              return false;
            }
          }
          return areAt("127.0.0.3", "127.0.0.2");
        });
  }

  private static boolean areAt(String even, String odd) throws IOException {
    for (String server : SERVERS) {
      for (int i : List.of(0, RANGES - 2)) {
        if (!ask(server, i).equals(even) || !ask(server, i + 1).equals(odd)) {
          return false;
        }
      }
    }
    return true;
  }

  private static String ask(String server, int range) throws IOException {
    InetAddress viewer = InetAddress.ofLiteral("10.%d.%d.9".formatted(range >> 8, range & 0xff));
    return new DnsQuestion(made.domainName(), DnsQuestion.A, viewer)
        .ask(fleet.dns(server))
        .addresses()
        .getFirst()
        .getHostAddress();
  }

  /** Returns the version of the map that a process has; 0 if it has none. */
  private static long version(String process) throws Exception {
    return fleet
        .page(process, "/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("warmfront_map_version{"))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .findFirst()
        .orElse(0);
  }

  @Test
  void a_cookie_of_one_is_taken_by_the_others() throws Exception {
    byte[] given = cookie(ask("dns-1", made.domainName(), Type.A, CLIENT_COOKIE));
    assertThat(given).hasSize(24).startsWith(CLIENT_COOKIE);

    for (String server : SERVERS) {
      assertThat(cookie(ask(server, made.domainName(), Type.A, given))).isEqualTo(given);
    }
    byte[] forged = given.clone();
    forged[23] ^= 1;
    assertThat(cookie(ask("dns-2", made.domainName(), Type.A, forged))).isNotEqualTo(forged);
  }

  private static byte[] cookie(Message answer) throws IOException {
    byte[] option = answer.getOPT().getOptions(COOKIE).getFirst().toWire();
    return Arrays.copyOfRange(option, 4, option.length);
  }

  @Test
  void texts_that_the_operator_sets_and_removes_are_the_same_everywhere() throws Exception {
    String name = "_acme-challenge." + made.domainName();

    assertThat(fleet.run("text", "set", name, "first proof", "second")).startsWith("revision ");
    assertThat(fleet.run("text", "list"))
        .isEqualToIgnoringNewLines(name + "  first proof\n" + name + "  second\n");
    for (String server : SERVERS) {
      Await.until(
          "texts at " + server, () -> texts(server, name).equals(List.of("first proof", "second")));
    }

    assertThat(fleet.run("text", "remove", name)).startsWith("revision ");
    assertThat(fleet.run("text", "list").strip()).isEmpty();
    for (String server : SERVERS) {
      Await.until("none at " + server, () -> texts(server, name).isEmpty());
    }
  }

  @Test
  void a_text_that_cannot_be_is_refused_with_the_reason() throws Exception {
    assertThat(fleet.refused("text", "set", "_x.elsewhere.example", "proof"))
        .contains("lies in the zone");
    assertThat(fleet.refused("text", "set", "_x." + made.domainName(), "x".repeat(256)))
        .contains("at most 255 bytes");
    assertThat(fleet.refused("text", "remove", "_y." + made.domainName()))
        .contains("there are no texts");
  }

  private static List<String> texts(String server, String name) throws IOException {
    Message answer = ask(server, name, Type.TXT, CLIENT_COOKIE);
    assertThat(answer.getRcode()).isIn(Rcode.NOERROR, Rcode.NXDOMAIN);
    return answer.getSection(Section.ANSWER).stream()
        .flatMap(record -> ((TXTRecord) record).getStrings().stream())
        .toList();
  }

  private static Message ask(String server, String name, int type, byte[] cookie)
      throws IOException {
    SimpleResolver asking = new SimpleResolver(fleet.dns(server));
    asking.setEDNS(0, 1232, 0, List.of(new GenericEDNSOption(COOKIE, cookie)));
    Name asked = Name.fromString(name, Name.root);
    return asking.send(Message.newQuery(Record.newRecord(asked, type, DClass.IN)));
  }
}
