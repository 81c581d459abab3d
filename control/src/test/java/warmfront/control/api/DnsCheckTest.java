package warmfront.control.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudfront.model.DnsConfiguration;
import warmfront.control.api.DomainPointers.Alias;
import warmfront.control.api.DomainPointers.None;
import warmfront.control.api.DomainPointers.Pointer;
import warmfront.control.api.DomainPointers.Unknown;

/** Where tenants' domains point. */
final class DnsCheckTest {
  private static final String ENDPOINT = "d1.cdn.example";

  @Test
  void a_domain_is_right_if_it_points_to_the_routing_endpoint_or_lies_in_the_zone() {
    Map<String, Pointer> known =
        Map.of(
            "right.example.com", new Alias(ENDPOINT),
            "other.example.com", new Alias("d2.cdn.example"),
            "none.example.com", new None(),
            "lost.example.com", new Unknown("ServiceUnavailableException"));
    DnsCheck check =
        new DnsCheck("cdn.example", domain -> Objects.requireNonNull(known.get(domain)));

    List<DnsConfiguration> said =
        check.of(
            List.of(
                "right.example.com",
                "other.example.com",
                "none.example.com",
                "lost.example.com",
                "shop.cdn.example"),
            ENDPOINT);

    assertThat(said)
        .extracting(DnsConfiguration::statusAsString)
        .containsExactly(
            "valid-configuration",
            "invalid-configuration",
            "invalid-configuration",
            "unknown-configuration",
            "valid-configuration");
    assertThat(said.get(1).reason()).isEqualTo("it points to d2.cdn.example, not to " + ENDPOINT);
  }

  @Test
  void a_resolver_is_asked_for_the_alias() throws Exception {
    Thread answering;
    try (DatagramSocket resolver = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      answering = Thread.ofVirtual().start(() -> answer(resolver));
      var pointers = new SystemPointers("dns://127.0.0.1:" + resolver.getLocalPort());

      assertThat(pointers.of("www.example.com")).isEqualTo(new Alias("d1.cdn.example"));
      assertThat(pointers.of("none.example.com")).isEqualTo(new None());
    }
    answering.join();
  }

  /** Names that begin with www are aliases; others are not there. */
  private static void answer(DatagramSocket resolver) {
    try {
      while (true) {
        DatagramPacket question = new DatagramPacket(new byte[512], 512);
        resolver.receive(question);
        byte[] asked = question.getData();
        boolean there = asked[13] == 'w';
        ByteBuffer said = ByteBuffer.allocate(512);
        said.put(asked, 0, question.getLength());
        if (there) {
          // RFC 1035, 4.1.3: the name of the question, CNAME, IN, 60 s.
          said.putShort((short) 0xC00C).putShort((short) 5).putShort((short) 1).putInt(60);
          byte[] target = "\2d1\3cdn\7example\0".getBytes(StandardCharsets.ISO_8859_1);
          said.putShort((short) target.length).put(target);
        }
        said.putShort(2, (short) (there ? 0x8180 : 0x8183));
        said.putShort(6, (short) (there ? 1 : 0));
        resolver.send(
            new DatagramPacket(said.array(), said.position(), question.getSocketAddress()));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }
}
