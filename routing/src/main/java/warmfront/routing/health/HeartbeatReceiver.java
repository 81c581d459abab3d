package warmfront.routing.health;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.heartbeat.Heartbeat;
import warmfront.heartbeat.HeartbeatCodec;

/**
 * Takes heartbeats from a UDP port, on a thread of its own. A datagram that no key of the fleet
 * proves is counted and forgotten; nothing is ever sent back.
 */
public final class HeartbeatReceiver implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HeartbeatReceiver.class);

  private final DatagramChannel channel;
  private final InetSocketAddress address;
  private final Supplier<List<HeartbeatCodec>> codecs;
  private final Consumer<Heartbeat> taker;
  private final LongAdder refused = new LongAdder();
  private final Thread thread;

  private HeartbeatReceiver(
      DatagramChannel channel,
      InetSocketAddress address,
      Supplier<List<HeartbeatCodec>> codecs,
      Consumer<Heartbeat> taker) {
    this.channel = channel;
    this.address = address;
    this.codecs = codecs;
    this.taker = taker;
    this.thread = Thread.ofPlatform().name("heartbeats").unstarted(this::receive);
  }

  /**
   * Opens a port and begins to receive.
   *
   * @param at where; port 0 takes a free one
   * @param codecs one for each key that is valid at the time
   * @param taker is given what was proven
   * @throws IOException if the port cannot be had
   */
  public static HeartbeatReceiver open(
      InetSocketAddress at, Supplier<List<HeartbeatCodec>> codecs, Consumer<Heartbeat> taker)
      throws IOException {
    ProtocolFamily family =
        at.getAddress().getAddress().length == 4
            ? StandardProtocolFamily.INET
            : StandardProtocolFamily.INET6;
    DatagramChannel channel = DatagramChannel.open(family);
    try {
      channel.bind(at);
      InetSocketAddress address = (InetSocketAddress) channel.getLocalAddress();
      HeartbeatReceiver made = new HeartbeatReceiver(channel, address, codecs, taker);
      made.thread.start();
      return made;
    } catch (IOException taken) {
      channel.close();
      throw new IOException(
          "cannot take heartbeats at UDP %s:%d: %s"
              .formatted(at.getAddress().getHostAddress(), at.getPort(), taken.getMessage()),
          taken);
    }
  }

  /** Returns where it listens. */
  public InetSocketAddress address() {
    return address;
  }

  /** Returns how many datagrams nobody of the fleet can have sent. */
  public long refused() {
    return refused.sum();
  }

  private void receive() {
    // One byte more than the largest, so that a longer datagram shows.
    byte[] bytes = new byte[HeartbeatCodec.DATAGRAM_MAX + 1];
    ByteBuffer in = ByteBuffer.wrap(bytes);
    while (channel.isOpen()) {
      try {
        in.clear();
        channel.receive(in);
        take(bytes, in.position());
      } catch (ClosedChannelException closed) {
        return;
      } catch (IOException | RuntimeException failed) {
        LOG.warn("a heartbeat could not be taken", failed);
      }
    }
  }

  private void take(byte[] bytes, int length) {
    for (HeartbeatCodec codec : codecs.get()) {
      Optional<Heartbeat> heartbeat = codec.decode(bytes, 0, length);
      if (heartbeat.isPresent()) {
        taker.accept(heartbeat.get());
        return;
      }
    }
    refused.increment();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
