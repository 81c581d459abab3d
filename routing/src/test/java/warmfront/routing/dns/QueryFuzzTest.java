package warmfront.routing.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.ClientSubnetOption;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Type;
import warmfront.routing.dns.DnsCounters.Transport;

/** What strangers send: broken queries and noise. Each packet comes again from its seed. */
final class QueryFuzzTest {
  private static final int PACKETS = 200_000;
  private static final int PACKETS_FULL = 10_000_000;

  /** One in so many replies is read by an independent reader, which is slow. */
  private static final int READ_ONE_OF = 16;

  private static final DnsLimits LIMITS =
      DnsLimits.DEFAULT.with(new DnsLimits.Unproven(150, Integer.MAX_VALUE, 1));

  private final SmallZone zone = new SmallZone(LIMITS, new Random(1));
  private final List<byte[]> seeds = seeds();

  QueryFuzzTest() throws IOException {}

  @Test
  void no_packet_breaks_the_server_or_gets_a_reply_that_is_larger_than_it_may_be()
      throws IOException {
    replay(PACKETS);
  }

  @Test
  @Tag("full")
  void no_packet_of_ten_million_does() throws IOException {
    replay(PACKETS_FULL);
  }

  private void replay(int packets) throws IOException {
    Responder responder = responder();
    Random random = new Random();
    int answered = 0;
    for (int seed = 0; seed < packets; seed++) {
      random.setSeed(seed);
      byte[] packet = packet(random);
      Transport transport = random.nextInt(8) == 0 ? Transport.TCP : Transport.UDP;
      int size;
      try {
        size = responder.respond(packet, packet.length, zone.client, transport);
      } catch (RuntimeException broken) {
        throw new AssertionError("seed " + seed, broken);
      }
      if (!isAllowed(packet, size, transport)) {
        throw new AssertionError(
            "seed %d: %d bytes got %d over %s".formatted(seed, packet.length, size, transport));
      }
      if (size > 0 && seed % READ_ONE_OF == 0) {
        Message reply = new Message(Arrays.copyOf(responder.reply(), size));
        assertThat(reply.getHeader().getID())
            .as("seed %d", seed)
            .isEqualTo((packet[0] & 0xff) << 8 | (packet[1] & 0xff));
        answered += reply.getHeader().getRcode() == 0 ? 1 : 0;
      }
    }
    assertThat(answered).isGreaterThan(packets / READ_ONE_OF / 20);
    for (ResponseCode code : List.of(ResponseCode.FORMERR, ResponseCode.NXDOMAIN)) {
      assertThat(zone.counters.counts().responses().get(code)).isPositive();
    }
  }

  private Responder responder() {
    return new Responder(
        Shared.of(() -> zone.zone, LIMITS, zone.counters, new Random(1), zone.clock));
  }

  private static boolean isAllowed(byte[] packet, int size, Transport transport) {
    boolean silent = packet.length < 12 || (packet[2] & 0x80) != 0;
    if (silent) {
      return size == 0;
    }
    int most =
        transport == Transport.TCP
            ? DnsLimits.REPLY_BYTES_MAX
            : Math.min(LIMITS.messages().udpReplyBytesMax(), packet.length * 3 / 2);
    return size >= 12 && size <= most;
  }

  private byte[] packet(Random random) {
    if (random.nextInt(8) == 0) {
      byte[] noise = new byte[random.nextInt(600)];
      random.nextBytes(noise);
      return noise;
    }
    byte[] packet = seeds.get(random.nextInt(seeds.size()));
    int changes = random.nextInt(5);
    for (int i = 0; i < changes; i++) {
      packet =
          switch (random.nextInt(6)) {
            case 0 -> Arrays.copyOf(packet, random.nextInt(packet.length + 1));
            case 1 -> Arrays.copyOf(packet, packet.length + random.nextInt(20));
            default -> packet.clone();
          };
      if (packet.length > 0) {
        packet[random.nextInt(packet.length)] = (byte) random.nextInt(256);
      }
    }
    return packet;
  }

  /** Well-formed queries of every kind, without a cookie that we made. */
  private static List<byte[]> seeds() throws IOException {
    List<String> names =
        List.of(
            SmallZone.D1,
            SmallZone.D2,
            SmallZone.ALIAS,
            SmallZone.CHALLENGE,
            SmallZone.ZONE,
            "a.b.wild.cdn.example.net.",
            "ns1.cdn.example.net.",
            "x.cdn.example.net.",
            "a.b.c.example.");
    int[] types = {
      Type.A, Type.AAAA, Type.NS, Type.SOA, Type.ANY, Type.TXT, Type.HTTPS, Type.CAA, Type.CNAME
    };
    EDNSOption four = new ClientSubnetOption(24, InetAddress.ofLiteral("203.0.113.0"));
    EDNSOption six = new ClientSubnetOption(56, InetAddress.ofLiteral("2001:db8:1:200::"));
    EDNSOption cookie = CookiesTest.cookie("2464c4abcf10c957");
    EDNSOption forged = CookiesTest.cookie("2464c4abcf10c957010000005cf79f111f8130c3eee29480");
    List<byte[]> all = new ArrayList<>();
    for (String name : names) {
      for (int type : types) {
        all.add(SmallZone.plain(name, type).toWire());
        all.add(SmallZone.query(name, type).toWire());
        all.add(SmallZone.query(name, type, four, cookie).toWire());
        all.add(SmallZone.query(name, type, six, forged).toWire());
      }
    }
    return all;
  }
}
