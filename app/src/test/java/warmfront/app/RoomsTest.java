package warmfront.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import warmfront.app.config.Config;
import warmfront.routing.RoutingConfig;
import warmfront.routing.dns.DnsLimits;
import warmfront.routing.dns.IssuerRecord;

final class RoomsTest {
  @Test
  void an_empty_file_gives_a_DNS_server_its_usual_limits_and_names_no_issuer() throws Exception {
    Config config = Config.parse("");

    assertThat(Rooms.limits(config.dns())).isEqualTo(RoutingConfig.Limits.DEFAULT);
    assertThat(Rooms.zone(config.zone()).issuers()).isEmpty();
  }

  @Test
  void what_the_operator_says_of_issuers_and_strangers_reaches_the_DNS_server() throws Exception {
    Config config =
        Config.parse(
            """
            zone: {caa: [letsencrypt.org, "pki.goog; validationmethods=dns-01", ";"]}
            dns: {repliesPerSecond: 7, connections: 20, connectionsPerClient: 3, idle: 2 s}
            """);

    DnsLimits limits = Rooms.limits(config.dns()).dns();
    assertThat(limits.unproven()).isEqualTo(new DnsLimits.Unproven(150, 7, 2));
    assertThat(limits.connections())
        .isEqualTo(new DnsLimits.Connections(20, 3, Duration.ofSeconds(2)));
    assertThat(Rooms.zone(config.zone()).issuers())
        .containsExactly(
            new IssuerRecord(false, "issue", "letsencrypt.org"),
            new IssuerRecord(false, "issue", "pki.goog; validationmethods=dns-01"),
            new IssuerRecord(false, "issue", ";"));
  }
}
