package warmfront.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import warmfront.distribution.PriceClass;
import warmfront.time.Clock;

/** The DNS server before other people's clients: query tools, a load generator, a resolver. */
@Tag("full")
final class DnsClientsTest {
  private static final String NAME = "d1.warmfront.localhost";
  private static final String PLACES = "/usr/sbin:/sbin:" + System.getenv("PATH");

  @TempDir private Path folder;
  private Routing routing;

  @BeforeEach
  void start() throws IOException {
    Path latency =
        Files.writeString(
            folder.resolve("rtt.csv"),
            "203.0.113.0/24,NRT=5\n198.51.100.0/24,FRA=5\n127.0.0.0/24,GRU=5\n");
    routing =
        Routing.load(
            new RoutingConfig(
                Pictures.zone(),
                List.of(Pictures.free("127.0.0.1")),
                Optional.empty(),
                Optional.of(latency),
                Optional.empty(),
                Optional.empty(),
                RoutingConfig.Limits.DEFAULT),
            Clock.system());
    Pictures pictures =
        Pictures.five().published("E1", NAME, true, PriceClass.PRICE_CLASS_ALL).secure(443);
    routing.take(pictures.snapshot(), List.of());
    routing.start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    routing.drain(Duration.ZERO);
  }

  @Test
  void dig_gets_each_viewers_answer_and_uses_a_cookie() throws Exception {
    assertThat(run("dig", server(), port(), "+short", "+subnet=203.0.113.0/24", NAME))
        .isEqualTo("127.0.0.3");
    assertThat(run("dig", server(), port(), "+short", "+tcp", "+subnet=198.51.100.0/24", NAME))
        .isEqualTo("127.0.0.2");
    assertThat(run("dig", server(), port(), "HTTPS", NAME)).contains("alpn=\"h2\"");
    assertThat(run("dig", server(), port(), "nothing.warmfront.localhost"))
        .contains("NXDOMAIN", "COOKIE", "(good)");
    assertThat(run("dig", server(), port(), "AXFR", "warmfront.localhost"))
        .contains("Transfer failed");
  }

  @Test
  void kdig_gets_each_viewers_answer() throws Exception {
    assertThat(run("kdig", server(), "-p", at(), "+short", "+subnet=203.0.113.0/24", NAME))
        .isEqualTo("127.0.0.3");
    assertThat(run("kdig", server(), "-p", at(), "+tcp", "+cookie", "warmfront.localhost", "NS"))
        .contains("ns1.dns.warmfront.localhost.", "NOERROR");
  }

  @Test
  void drill_is_answered() throws Exception {
    assertThat(run("drill", "-p", at(), NAME, server(), "A")).contains("NOERROR", "127.0.0.4");
    assertThat(run("drill", "-t", "-p", at(), NAME, server(), "AAAA")).contains("fd00::4");
  }

  @Test
  void dnsperf_loses_nothing() throws Exception {
    Path questions = Files.writeString(folder.resolve("questions"), NAME + " A\n");
    String said =
        run(
            "dnsperf",
            "-s",
            "127.0.0.1",
            "-p",
            at(),
            "-d",
            questions.toString(),
            "-e",
            "-l",
            "2",
            "-Q",
            "5000");

    assertThat(said).containsPattern("Queries lost:\\s+0 ").contains("NOERROR");
    assertThat(said).doesNotContain("SERVFAIL", "REFUSED");
  }

  /** Two viewers behind one resolver: each gets its own answer, from the cache too. */
  @Test
  @Timeout(60)
  void unbound_keeps_each_viewers_answer_apart() throws Exception {
    String own = String.valueOf(freePort());
    Path settings =
        Files.writeString(
            folder.resolve("unbound.conf"),
            """
            server:
              directory: "%1$s"
              username: ""
              chroot: ""
              pidfile: ""
              use-syslog: no
              interface: 127.0.0.1@%2$s
              do-daemonize: no
              module-config: "subnetcache iterator"
              client-subnet-zone: warmfront.localhost
              client-subnet-always-forward: yes
              send-client-subnet: 127.0.0.1
              do-not-query-localhost: no
              local-zone: localhost. transparent
              access-control: 127.0.0.0/8 allow
            remote-control:
              control-enable: no
            stub-zone:
              name: warmfront.localhost
              stub-addr: 127.0.0.1@%3$s
            """
                .formatted(folder, own, at()));
    Process unbound = start("unbound", "-d", "-c", settings.toString());
    try {
      while (unbound.isAlive() && behind(own, "192.0.2.0/24").contains("refused")) {
        TimeUnit.MILLISECONDS.sleep(50); // it does not listen yet
      }
      for (int round = 0; round < 2; round++) {
        assertThat(behind(own, "203.0.113.0/24")).isEqualTo("127.0.0.3");
        assertThat(behind(own, "198.51.100.0/24")).isEqualTo("127.0.0.2");
      }
      long asked = routing.counts().dns().questions().values().stream().mapToLong(n -> n).sum();
      assertThat(behind(own, "203.0.113.0/24")).isEqualTo("127.0.0.3");
      assertThat(routing.counts().dns().questions().values().stream().mapToLong(n -> n).sum())
          .as("the resolver has it by now")
          .isEqualTo(asked);
    } finally {
      unbound.destroy();
      unbound.waitFor();
    }
  }

  private String behind(String resolver, String subnet) throws Exception {
    return run("dig", server(), "-p" + resolver, "+tries=20", "+short", "+subnet=" + subnet, NAME);
  }

  private String at() {
    return String.valueOf(routing.dnsAddresses().getFirst().getPort());
  }

  private String port() {
    return "-p" + at();
  }

  private static String server() {
    return "@127.0.0.1";
  }

  private static int freePort() throws IOException {
    try (DatagramSocket socket =
        new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      return socket.getLocalPort();
    }
  }

  private Process start(String... command) throws IOException {
    Optional<Path> program =
        Arrays.stream(PLACES.split(File.pathSeparator, -1))
            .map(place -> Path.of(place, command[0]))
            .filter(Files::isExecutable)
            .findFirst();
    assumeTrue(program.isPresent(), command[0] + " is not installed");
    List<String> words = new ArrayList<>(Arrays.asList(command));
    words.set(0, program.orElseThrow().toString());
    return new ProcessBuilder(words)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(command[0] + ".said").toFile())
        .start();
  }

  private String run(String... command) throws Exception {
    Process process = start(command);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    Path said = folder.resolve(command[0] + ".said");
    return Files.readString(said, StandardCharsets.UTF_8).strip();
  }
}
