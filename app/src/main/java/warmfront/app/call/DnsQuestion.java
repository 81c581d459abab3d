package warmfront.app.call;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Address;
import org.xbill.DNS.ClientSubnetOption;
import org.xbill.DNS.DClass;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * One question to a DNS server, as a resolver asks it for a viewer: with the viewer's network (RFC
 * 7871) in it.
 *
 * @param name the name, without a dot at its end
 * @param type {@link #A} or {@link #AAAA}
 * @param viewer the viewer's address; its /24 or /56 is sent
 */
public record DnsQuestion(String name, int type, InetAddress viewer) {
  /** The type of an IPv4 address. */
  public static final int A = Type.A;

  /** The type of an IPv6 address. */
  public static final int AAAA = Type.AAAA;

  private static final int UDP_BYTES_MAX = 1232;
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /**
   * What the server said.
   *
   * @param code 0 for no error, 3 for no such name
   * @param addresses of the wanted type
   * @param scope for how long a prefix of viewers the answer is good, in bits
   * @param ttl how long the addresses may be kept, in seconds; 0 if there are none
   */
  public record Answer(int code, List<InetAddress> addresses, int scope, int ttl) {
    public Answer {
      addresses = List.copyOf(addresses);
    }
  }

  /**
   * Asks over UDP, from a socket that is made on the caller's thread, and waits for the answer.
   *
   * @throws IOException if none comes within two seconds, or one that cannot be read
   */
  public Answer ask(InetSocketAddress server) throws IOException {
    Message question = message();
    byte[] bytes = question.toWire();
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.connect(server);
      socket.send(new DatagramPacket(bytes, bytes.length));
      DatagramPacket packet = new DatagramPacket(new byte[UDP_BYTES_MAX], UDP_BYTES_MAX);
      socket.receive(packet);
      Message answer = new Message(Arrays.copyOf(packet.getData(), packet.getLength()));
      if (answer.getHeader().getID() != question.getHeader().getID()) {
        throw new IOException("an answer to another question");
      }
      return read(answer);
    }
  }

  private Message message() throws IOException {
    int prefix = viewer instanceof Inet4Address ? 24 : 56;
    Message message =
        Message.newQuery(Record.newRecord(Name.fromString(name, Name.root), type, DClass.IN));
    ClientSubnetOption network = new ClientSubnetOption(prefix, Address.truncate(viewer, prefix));
    message.addRecord(new OPTRecord(UDP_BYTES_MAX, 0, 0, 0, List.of(network)), Section.ADDITIONAL);
    return message;
  }

  private Answer read(Message answer) {
    List<InetAddress> addresses = new ArrayList<>();
    long ttl = 0;
    for (Record record : answer.getSection(Section.ANSWER)) {
      if (record.getType() == type) {
        switch (record) {
          case ARecord a -> addresses.add(a.getAddress());
          case AAAARecord aaaa -> addresses.add(aaaa.getAddress());
          default -> {}
        }
        ttl = record.getTTL();
      }
    }
    return new Answer(answer.getRcode(), addresses, scope(answer.getOPT()), (int) ttl);
  }

  private static int scope(@Nullable OPTRecord options) {
    return options == null
        ? 0
        : options.getOptions(EDNSOption.Code.CLIENT_SUBNET).stream()
            .map(ClientSubnetOption.class::cast)
            .mapToInt(ClientSubnetOption::getScopePrefixLength)
            .findFirst()
            .orElse(0);
  }
}
