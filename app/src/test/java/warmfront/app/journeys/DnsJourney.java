package warmfront.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import warmfront.app.call.DnsQuestion;

/** Promise: the zone's DNS server sends each viewer to the best location. */
final class DnsJourney {
  @TempDir private static Path folder;
  private static Origin origin;
  private static Warmfront warmfront;
  private static Api.Made made;
  private static int port6;

  @BeforeAll
  static void a_distribution_and_a_table_of_round_trip_times() throws Exception {
    Path latencies =
        Files.writeString(
            folder.resolve("latencies.csv"),
            """
            192.0.2.0/24,FRA=8,CMH=98,NRT=228,GRU=196,SYD=285
            198.51.100.0/24,NRT=6,SYD=104,CMH=152,FRA=226,GRU=262
            """);
    Ports ports = new Ports();
    port6 = ports.free();
    origin = Origin.open();
    warmfront =
        Warmfront.up(
            folder,
            Map.of(
                "dns.listen",
                "[\"127.0.0.1:%d\", \"[::1]:%d\"]".formatted(ports.free(), port6),
                "geography.latencies",
                latencies.toString()));
    try (Api api = new Api(warmfront.callApi())) {
      made = api.createDistribution(Api.plain("dns", origin.port()));
    }
  }

  @AfterAll
  static void end() {
    warmfront.close();
    origin.close();
  }

  @ParameterizedTest
  @CsvSource({"192.0.2.77, FRA", "198.51.100.1, NRT"})
  void a_measured_viewer_is_sent_to_the_location_with_the_least_round_trip_time(
      String viewer, String location) throws Exception {
    DnsQuestion.Answer answer = ask(warmfront.dns(), viewer);

    assertThat(answer.addresses()).containsExactly(at(location));
    assertThat(answer.scope()).isEqualTo(24);
  }

  @ParameterizedTest
  @CsvSource({"193.99.144.80, FRA", "133.11.0.1, NRT"})
  void another_viewer_is_sent_to_the_location_nearest_to_the_country(String viewer, String location)
      throws Exception {
    assumeTrue(
        Files.exists(Program.home().resolve("app/target/countries.mmdb")),
        "the country table is not packed");

    DnsQuestion.Answer answer = ask(warmfront.dns(), viewer);

    assertThat(answer.addresses()).containsExactly(at(location));
    assertThat(answer.scope()).isBetween(1, 24);
  }

  @Test
  void it_answers_at_an_ipv6_address() throws Exception {
    InetSocketAddress server = new InetSocketAddress(InetAddress.ofLiteral("::1"), port6);

    assertThat(ask(server, "192.0.2.77").addresses()).containsExactly(at("FRA"));
  }

  @Test
  void a_name_without_an_ipv6_address_has_no_such_data_but_exists() throws Exception {
    Message answer = overTcp(made.domainName(), Type.AAAA);

    assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
    assertThat(answer.getSection(Section.ANSWER)).isEmpty();
    assertThat(answer.getSection(Section.AUTHORITY))
        .singleElement()
        .extracting(Record::getType)
        .isEqualTo(Type.SOA);
  }

  @Test
  void an_unknown_name_does_not_exist() throws Exception {
    Message answer = overTcp("dunknown.warmfront.localhost", Type.A);

    assertThat(answer.getRcode()).isEqualTo(Rcode.NXDOMAIN);
    assertThat(answer.getSection(Section.AUTHORITY))
        .singleElement()
        .extracting(Record::getType)
        .isEqualTo(Type.SOA);
  }

  @Test
  void tcp_is_answered_as_udp_is() throws Exception {
    Message answer = overTcp(made.domainName(), Type.A);

    assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
    assertThat(answer.getSection(Section.ANSWER)).hasSize(1);
  }

  @Test
  void dig_is_answered() throws Exception {
    assumeTrue(Tool.isThere("dig"), "dig is not installed");
    InetSocketAddress server = warmfront.dns();
    for (String transport : List.of("+notcp", "+tcp")) {
      Tool.Said said =
          Tool.run(
              folder,
              Map.of(),
              "dig",
              "@127.0.0.1",
              "-p",
              String.valueOf(server.getPort()),
              transport,
              "+subnet=198.51.100.0/24",
              "+short",
              made.domainName());

      assertThat(said.stdout().strip()).as(said.stderr()).isEqualTo(Warmfront.LOCATIONS.get("NRT"));
    }
  }

  private static InetAddress at(String location) {
    return InetAddress.ofLiteral(String.valueOf(Warmfront.LOCATIONS.get(location)));
  }

  @Test
  void a_live_channel_that_is_created_has_a_name_at_its_home() throws Exception {
    String created = channel("create", "cam1", "--location", "NRT");

    assertThat(created)
        .matches("stream-key [0-9a-f]{40}\n(?s:.*)")
        .contains(
            "publish    rtmps://cam1.live.warmfront.localhost:%s/live/%s\n"
                .formatted(
                    warmfront.settings().value("viewers.rtmp"),
                    created.substring("stream-key ".length(), created.indexOf('\n'))))
        .contains(
            "hls        http://%s/cam1/index.m3u8\n"
                .formatted(warmfront.settings().value("live.listen")));
    Await.until("its home's address", () -> home("cam1").addresses().equals(List.of(at("NRT"))));
    assertThat(channel("list")).isEqualTo("cam1  NRT  enabled\n");
    assertThat(channel("show", "cam1"))
        .contains("play       rtmp://cam1.live.warmfront.localhost:")
        .doesNotContain(created.substring("stream-key ".length(), created.indexOf('\n')));
    assertThat(channel("rotate", "cam1")).startsWith("stream-key ").isNotEqualTo(created);

    channel("remove", "cam1");
    Await.until("no such name", () -> home("cam1").code() == Rcode.NXDOMAIN);
  }

  private static DnsQuestion.Answer home(String channel) throws IOException {
    String name = channel + ".live.warmfront.localhost";
    return new DnsQuestion(name, DnsQuestion.A, InetAddress.ofLiteral("192.0.2.1"))
        .ask(warmfront.dns());
  }

  private static String channel(String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of("channel"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--api", warmfront.api().toString(), "--data", warmfront.data().toString()));
    try (Program program = warmfront.run(all.toArray(String[]::new))) {
      String said = program.stdout();
      assertThat(program.exit()).as(program.stderr()).isZero();
      return said;
    }
  }

  private static DnsQuestion.Answer ask(InetSocketAddress server, String viewer)
      throws IOException {
    InetAddress address = InetAddress.ofLiteral(viewer);
    return new DnsQuestion(made.domainName(), DnsQuestion.A, address).ask(server);
  }

  private static Message overTcp(String name, int type) throws IOException {
    byte[] question =
        Message.newQuery(Record.newRecord(Name.fromString(name + "."), type, DClass.IN)).toWire();
    URI server = URI.create("dns://" + warmfront.readyLine().get("dns"));
    try (Socket socket = new Socket(server.getHost(), server.getPort())) {
      socket.setSoTimeout(5_000);
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      out.writeShort(question.length);
      out.write(question);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      return new Message(in.readNBytes(in.readUnsignedShort()));
    }
  }
}
