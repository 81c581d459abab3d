package warmfront.routing.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import warmfront.routing.dns.DnsCounters.Transport;

final class RateLimitTest {
  private static final int RATE = 10;

  private final SmallZone zone =
      new SmallZone(DnsLimits.DEFAULT.with(new DnsLimits.Unproven(150, RATE, 2)), new Random(1));
  private final byte[] plain;
  private final byte[] withCookie;

  RateLimitTest() throws IOException {
    plain = SmallZone.query(SmallZone.D1, Type.A).toWire();
    withCookie =
        SmallZone.query(SmallZone.D1, Type.A, CookiesTest.cookie("2464c4abcf10c957")).toWire();
  }

  @Test
  void beyond_the_rate_every_second_reply_sends_the_client_to_TCP_and_the_others_are_dropped()
      throws IOException {
    for (int i = 0; i < RATE; i++) {
      assertThat(flag(zone.respond(plain, Transport.UDP), Flags.TC)).isFalse();
    }

    byte[] dropped = zone.respond(plain, Transport.UDP);
    byte[] slipped = zone.respond(plain, Transport.UDP);

    assertThat(dropped).isEmpty();
    assertThat(flag(slipped, Flags.TC)).isTrue();
    assertThat(slipped).hasSize(plain.length);
    assertThat(zone.counters.counts().dropped()).isEqualTo(1);
    assertThat(zone.counters.counts().slipped()).isEqualTo(1);
  }

  @Test
  void a_client_that_has_cookies_is_told_to_use_them_and_then_served() throws IOException {
    use();
    zone.respond(withCookie, Transport.UDP);

    Message told = new Message(zone.respond(withCookie, Transport.UDP));
    byte[] cookie = told.getOPT().getOptions(10).getFirst().toWire();
    Message query =
        SmallZone.query(
            SmallZone.D1,
            Type.A,
            new org.xbill.DNS.GenericEDNSOption(10, Arrays.copyOfRange(cookie, 4, cookie.length)));

    assertThat(told.getRcode()).isEqualTo(Rcode.BADCOOKIE);
    for (int i = 0; i < 5; i++) {
      assertThat(zone.udp(query).getSection(Section.ANSWER)).hasSize(4);
    }
  }

  @Test
  void TCP_other_networks_loopback_and_the_next_second_are_not_limited() throws IOException {
    use();
    assertThat(zone.respond(plain, Transport.UDP)).isEmpty();

    assertThat(zone.respond(plain, Transport.TCP)).isNotEmpty();
    zone.client.set(InetAddress.ofLiteral("198.51.101.100"));
    assertThat(zone.respond(plain, Transport.UDP)).isNotEmpty();
    zone.client.set(InetAddress.ofLiteral("127.0.0.1"));
    for (int i = 0; i < 3 * RATE; i++) {
      assertThat(zone.respond(plain, Transport.UDP)).isNotEmpty();
    }
    zone.client.set(InetAddress.ofLiteral("198.51.100.100"));
    zone.clock.advance(Duration.ofSeconds(1));
    assertThat(zone.respond(plain, Transport.UDP)).isNotEmpty();
  }

  @Test
  void the_rate_is_a_networks_not_an_addresses() throws IOException {
    for (int i = 0; i < RATE; i++) {
      zone.client.set(InetAddress.ofLiteral("198.51.100." + i));
      assertThat(zone.respond(plain, Transport.UDP)).isNotEmpty();
    }
    zone.client.set(InetAddress.ofLiteral("198.51.100.200"));

    assertThat(zone.respond(plain, Transport.UDP)).isEmpty();
  }

  private void use() {
    for (int i = 0; i < RATE; i++) {
      zone.respond(plain, Transport.UDP);
    }
  }

  private static boolean flag(byte[] reply, int flag) throws IOException {
    return new Message(reply).getHeader().getFlag(flag);
  }
}
