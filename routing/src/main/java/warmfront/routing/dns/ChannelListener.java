package warmfront.routing.dns;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.routing.dns.DnsCounters.Transport;

/** Datagrams one by one, as Java itself has them: for systems other than Linux. */
final class ChannelListener implements UdpListener {
  private static final Logger LOG = LoggerFactory.getLogger(ChannelListener.class);

  private final DatagramChannel channel;
  private final Responder responder;
  private final DnsLimits limits;
  private final DnsCounters counters;
  private final Client client = new Client();
  private final Thread thread;

  private ChannelListener(DatagramChannel channel, Shared shared) {
    this.channel = channel;
    this.responder = new Responder(shared);
    this.limits = shared.limits();
    this.counters = shared.counters();
    this.thread = Thread.ofPlatform().name("dns-udp").unstarted(this::serve);
  }

  static ChannelListener open(InetSocketAddress at, Shared shared) throws IOException {
    DatagramChannel channel =
        DatagramChannel.open(
            at.getAddress() instanceof Inet4Address
                ? StandardProtocolFamily.INET
                : StandardProtocolFamily.INET6);
    try {
      channel.bind(at);
      return new ChannelListener(channel, shared);
    } catch (IOException taken) {
      channel.close();
      throw taken;
    }
  }

  @Override
  public void start() {
    thread.start();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private void serve() {
    // One byte more than a query may have, so that a longer one shows.
    ByteBuffer in = ByteBuffer.allocateDirect(limits.messages().queryBytesMax() + 1);
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
    if (length > limits.messages().queryBytesMax() || from.getPort() == 0) {
      counters.silent.increment();
      return;
    }
    in.get(message, 0, length);
    client.set(from.getAddress());
    responder.readClock();
    int size = responder.respond(message, length, client, Transport.UDP);
    if (size > 0) {
      out.clear().put(responder.reply(), 0, size).flip();
      channel.send(out, from);
    }
  }
}
