package warmfront.routing.dns;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.routing.dns.DnsCounters.Transport;

/** Answers the datagrams of one UDP port, on a thread of its own. */
final class UdpListener {
  private static final Logger LOG = LoggerFactory.getLogger(UdpListener.class);

  private final DatagramChannel channel;
  private final Responder responder;
  private final DnsLimits limits;
  private final DnsCounters counters;
  private final Client client = new Client();
  private final Thread thread;

  UdpListener(
      DatagramChannel channel, Responder responder, DnsLimits limits, DnsCounters counters) {
    this.channel = channel;
    this.responder = responder;
    this.limits = limits;
    this.counters = counters;
    this.thread = Thread.ofPlatform().name("dns-udp").unstarted(this::serve);
  }

  void start() {
    thread.start();
  }

  void close() throws IOException {
    channel.close();
  }

  private void serve() {
    // One byte more than a query may have, so that a longer one shows.
    ByteBuffer in = ByteBuffer.allocateDirect(limits.queryBytesMax() + 1);
    ByteBuffer out = ByteBuffer.allocateDirect(DnsLimits.REPLY_BYTES_MAX);
    byte[] message = new byte[in.capacity()];
    while (channel.isOpen()) {
      try {
        in.clear();
        if (channel.receive(in) instanceof InetSocketAddress from) {
          answer(in.flip(), from, message, out);
        }
      } catch (ClosedChannelException closed) {
        return;
      } catch (IOException | RuntimeException failed) {
        counters.failures.increment();
        LOG.warn("a DNS query over UDP failed", failed);
      }
    }
  }

  private void answer(ByteBuffer in, InetSocketAddress from, byte[] message, ByteBuffer out)
      throws IOException {
    int length = in.remaining();
    if (length > limits.queryBytesMax() || from.getPort() == 0) {
      counters.silent.increment();
      return;
    }
    in.get(message, 0, length);
    client.set(from.getAddress());
    int size = responder.respond(message, length, client, Transport.UDP);
    if (size > 0) {
      out.clear().put(responder.reply(), 0, size).flip();
      channel.send(out, from);
    }
  }
}
