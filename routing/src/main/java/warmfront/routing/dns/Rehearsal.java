package warmfront.routing.dns;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import warmfront.routing.dns.DnsCounters.Transport;
import warmfront.time.Clock;

/**
 * Questions of our own before there are any of others: the way from a query to its reply is
 * compiled when the ports open. A cold server takes tens of microseconds where a warm one takes
 * one, and a resolver that meets it so goes elsewhere.
 */
final class Rehearsal {
  private static final int[] TYPES = {
    RecordType.TYPE_A, RecordType.TYPE_AAAA, RecordType.TYPE_HTTPS, RecordType.TYPE_A
  };

  private Rehearsal() {}

  /** Answers as many questions as the limits say; nobody counts them. */
  static void run(Zone zone, DnsLimits limits, Clock clock) {
    Random random = new Random(1);
    List<byte[]> queries = new ArrayList<>();
    for (WireName name : zone.names().samples()) {
      for (int type : TYPES) {
        queries.add(query(name, type));
      }
    }
    Responder responder =
        new Responder(Shared.of(() -> zone, limits, new DnsCounters(), random, clock));
    Client client = new Client();
    for (int i = 0; i < limits.warmQueries(); i++) {
      byte[] query = queries.get(random.nextInt(queries.size()));
      int network = random.nextInt();
      query[query.length - 3] = (byte) (network >> 16);
      query[query.length - 2] = (byte) (network >> 8);
      query[query.length - 1] = (byte) network;
      // Each from a network of its own, so that no rate is reached.
      client.setIpv4(i << 8);
      responder.respond(query, query.length, client, Transport.UDP);
    }
  }

  /** Returns a question with a client subnet of 24 bits at its end. */
  private static byte[] query(WireName name, int type) {
    byte[] wire = new byte[name.length()];
    name.copy(wire, 0);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(new byte[] {0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1});
    bytes.writeBytes(wire);
    ByteBuffer rest = ByteBuffer.allocate(26).putShort((short) type).putShort((short) 1);
    rest.put((byte) 0).putShort((short) RecordType.TYPE_OPT).putShort((short) 1232).putInt(0);
    rest.putShort((short) 11).putShort((short) Query.OPTION_CLIENT_SUBNET).putShort((short) 7);
    rest.putShort((short) 1).put((byte) 24);
    bytes.writeBytes(rest.array());
    return bytes.toByteArray();
  }
}
