package warmfront.routing.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.ClientSubnetOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Both ways of taking datagrams, over real sockets. */
final class UdpListenerTest {
  private static final ClientSubnetOption SUBNET =
      new ClientSubnetOption(24, InetAddress.ofLiteral("203.7.113.0"));

  private final SmallZone zone = new SmallZone();
  private final Shared shared =
      Shared.of(() -> zone.zone, DnsLimits.DEFAULT, zone.counters, new Random(1), zone.clock);

  private UdpListener listener(boolean batches, InetSocketAddress at) throws IOException {
    assumeTrue(!batches || LinuxDatagrams.AVAILABLE, "recvmmsg and sendmmsg are Linux's");
    return batches ? BatchListener.open(at, shared) : ChannelListener.open(at, shared);
  }

  @ParameterizedTest
  @CsvSource({"true,127.0.0.1", "true,::1", "false,127.0.0.1", "false,::1"})
  void each_of_many_queries_sent_at_once_gets_its_own_reply(boolean batches, String address)
      throws IOException {
    InetSocketAddress at = free(address);
    UdpListener listener = listener(batches, at);
    listener.start();
    try (DatagramSocket socket = socket()) {
      for (int round = 0; round < 10; round++) {
        Set<Integer> asked = new HashSet<>();
        for (int i = 0; i < 10; i++) {
          asked.add(round * 10 + i);
          send(socket, query(round * 10 + i), at);
          // Between them, what gets no reply.
          send(socket, new byte[] {1, 2, 3}, at);
        }
        send(socket, new byte[DnsLimits.DEFAULT.messages().queryBytesMax() + 1], at);
        for (int i = 0; i < 10; i++) {
          Message reply = new Message(receive(socket));
          int id = reply.getHeader().getID();
          assertThat(asked.remove(id)).isTrue();
          assertThat(reply.getSection(Section.ANSWER).getFirst().rdataToString())
              .startsWith("192.0.%d.".formatted(id));
        }
      }
    } finally {
      listener.close();
    }
  }

  @Test
  void a_batch_makes_no_garbage() throws IOException {
    InetSocketAddress at = free("127.0.0.1");
    UdpListener listener = listener(true, at);
    listener.start();
    long thread = ((BatchListener) listener).thread().threadId();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long fewest = Long.MAX_VALUE;
    try (DatagramSocket socket = socket()) {
      byte[] query = query(7);
      // Until the calls to the kernel are compiled, each has its arguments in a list.
      for (int turn = 0; turn < 100 && fewest > 0; turn++) {
        long before = threads.getThreadAllocatedBytes(thread);
        for (int i = 0; i < 400; i++) {
          for (int j = 0; j < 10; j++) {
            send(socket, query, at);
          }
          for (int j = 0; j < 10; j++) {
            receive(socket);
          }
        }
        fewest = Math.min(fewest, threads.getThreadAllocatedBytes(thread) - before);
      }
    } finally {
      listener.close();
    }
    assertThat(fewest).isZero();
  }

  @Test
  void several_sockets_share_a_port_and_give_it_back_together() throws IOException {
    InetSocketAddress at = free("127.0.0.1");
    for (int round = 0; round < 3; round++) {
      var listeners = UdpListener.open(at, shared);
      listeners.forEach(UdpListener::start);
      try (DatagramSocket one = socket();
          DatagramSocket other = socket()) {
        for (DatagramSocket socket : Arrays.asList(one, other)) {
          send(socket, query(round), at);
          assertThat(new Message(receive(socket)).getHeader().getID()).isEqualTo(round);
        }
      }
      for (UdpListener listener : listeners) {
        listener.close();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void a_port_that_cannot_be_had_is_an_error(boolean batches) throws IOException {
    try (DatagramSocket taken = new DatagramSocket(free("127.0.0.1"))) {
      InetSocketAddress at = (InetSocketAddress) taken.getLocalSocketAddress();

      assertThatThrownBy(() -> listener(batches, at)).isInstanceOf(IOException.class);
    }
  }

  private static byte[] query(int id) throws IOException {
    ClientSubnetOption subnet =
        new ClientSubnetOption(24, InetAddress.ofLiteral("203.%d.1.0".formatted(id)));
    Message query = SmallZone.query(SmallZone.D1, Type.A, id == 7 ? SUBNET : subnet);
    query.getHeader().setID(id);
    return query.toWire();
  }

  private static InetSocketAddress free(String address) throws IOException {
    try (DatagramSocket socket =
        new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral(address), 0))) {
      return (InetSocketAddress) socket.getLocalSocketAddress();
    }
  }

  private static DatagramSocket socket() throws IOException {
    DatagramSocket socket = new DatagramSocket();
    socket.setSoTimeout(10_000);
    socket.setReceiveBufferSize(1 << 20);
    return socket;
  }

  private static void send(DatagramSocket socket, byte[] bytes, InetSocketAddress to)
      throws IOException {
    socket.send(new DatagramPacket(bytes, bytes.length, to));
  }

  private static byte[] receive(DatagramSocket socket) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
    socket.receive(packet);
    return Arrays.copyOf(packet.getData(), packet.getLength());
  }
}
