package warmfront.app.call;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One question to a DNS server, as a resolver asks it for a viewer: with the viewer's network (RFC
 * 7871) in it.
 *
 * @param name the name, without a dot at its end
 * @param type 1 for A, 28 for AAAA
 * @param viewer the viewer's address; its /24 or /56 is sent
 */
public record DnsQuestion(String name, int type, InetAddress viewer) {
  /** The type of an IPv4 address. */
  public static final int A = 1;

  /** The type of an IPv6 address. */
  public static final int AAAA = 28;

  private static final int OPT = 41;
  private static final int CLIENT_SUBNET = 8;
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
   * Asks over UDP and waits for the answer.
   *
   * @throws IOException if none comes within two seconds, or one that cannot be read
   */
  public Answer ask(InetSocketAddress server) throws IOException {
    byte[] question = encode();
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.connect(server);
      socket.send(new DatagramPacket(question, question.length));
      DatagramPacket packet = new DatagramPacket(new byte[UDP_BYTES_MAX], UDP_BYTES_MAX);
      socket.receive(packet);
      return decode(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()));
    } catch (BufferUnderflowException e) {
      throw new IOException("the DNS answer ends too early", e);
    }
  }

  private byte[] encode() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] header = {0x57, 0x46, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1}; // recursion desired; one OPT
    out.writeBytes(header);
    for (String label : name.split("\\.", -1)) {
      byte[] letters = label.getBytes(StandardCharsets.US_ASCII);
      out.write(letters.length);
      out.writeBytes(letters);
    }
    out.writeBytes(new byte[] {0, 0, (byte) type, 0, 1});
    byte[] address = viewer.getAddress();
    int family = address.length == 4 ? 1 : 2;
    int prefixBytes = address.length == 4 ? 3 : 7;
    ByteBuffer opt = ByteBuffer.allocate(11 + 8 + prefixBytes);
    opt.put((byte) 0).putShort((short) OPT).putShort((short) UDP_BYTES_MAX).putInt(0);
    opt.putShort((short) (8 + prefixBytes));
    opt.putShort((short) CLIENT_SUBNET).putShort((short) (4 + prefixBytes));
    opt.putShort((short) family).put((byte) (8 * prefixBytes)).put((byte) 0);
    opt.put(address, 0, prefixBytes);
    out.writeBytes(opt.array());
    return out.toByteArray();
  }

  private Answer decode(ByteBuffer in) throws IOException {
    if (in.getShort() != 0x5746) {
      throw new IOException("an answer to another question");
    }
    int code = in.getShort() & 0xf;
    int questions = in.getShort();
    int records = in.getShort() + in.getShort() + in.getShort();
    for (int i = 0; i < questions; i++) {
      skipName(in);
      in.getInt();
    }
    List<InetAddress> addresses = new ArrayList<>();
    int scope = 0;
    int ttl = 0;
    for (int i = 0; i < records; i++) {
      skipName(in);
      int recordType = in.getShort() & 0xffff;
      in.getShort();
      int recordTtl = in.getInt();
      byte[] data = new byte[in.getShort() & 0xffff];
      in.get(data);
      if (recordType == type) {
        addresses.add(InetAddress.getByAddress(data));
        ttl = recordTtl;
      } else if (recordType == OPT) {
        scope = scope(ByteBuffer.wrap(data));
      }
    }
    return new Answer(code, addresses, scope, ttl);
  }

  private static int scope(ByteBuffer options) {
    while (options.remaining() >= 4) {
      int option = options.getShort() & 0xffff;
      int length = options.getShort() & 0xffff;
      if (option == CLIENT_SUBNET && length >= 4) {
        return options.get(options.position() + 3) & 0xff;
      }
      options.position(options.position() + Math.min(length, options.remaining()));
    }
    return 0;
  }

  private static void skipName(ByteBuffer in) {
    for (int length = in.get() & 0xff; length != 0; length = in.get() & 0xff) {
      if (length >= 0xc0) {
        in.get();
        return;
      }
      in.position(in.position() + length);
    }
  }
}
