package warmfront.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import warmfront.heartbeat.Heartbeat;
import warmfront.heartbeat.HeartbeatCodec;

final class HeartbeatSenderTest {
  private final HeartbeatCodec codec = new HeartbeatCodec(new byte[32]);
  private final AtomicLong sequence = new AtomicLong();

  @Test
  void every_dns_server_hears_it_also_if_another_cannot_be_reached() throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (DatagramSocket first = new DatagramSocket(0, loopback);
        DatagramSocket second = new DatagramSocket(0, loopback)) {
      InetSocketAddress nowhere = InetSocketAddress.createUnresolved("nowhere.invalid", 9);
      List<InetSocketAddress> receivers =
          List.of(
              new InetSocketAddress(loopback, first.getLocalPort()),
              nowhere,
              new InetSocketAddress(loopback, second.getLocalPort()));

      try (HeartbeatSender sender =
          HeartbeatSender.start(() -> receivers, () -> codec, this::heartbeat)) {
        sender.sendNow();

        assertThat(hear(first).sequence()).isEqualTo(1);
        assertThat(hear(first).sequence()).isEqualTo(2);
        assertThat(hear(second).serverId()).isEqualTo("edge-1");
      }
    }
  }

  private Heartbeat heartbeat() {
    return new Heartbeat("edge-1", "FRA", 1, sequence.incrementAndGet(), 7, true, false);
  }

  private Heartbeat hear(DatagramSocket socket) throws Exception {
    byte[] buffer = new byte[HeartbeatCodec.DATAGRAM_MAX];
    DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
    socket.setSoTimeout(5000);
    socket.receive(packet);
    return codec.decode(buffer, 0, packet.getLength()).orElseThrow();
  }
}
