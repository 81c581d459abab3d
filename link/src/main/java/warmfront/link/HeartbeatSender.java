package warmfront.link;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.heartbeat.Heartbeat;
import warmfront.heartbeat.HeartbeatCodec;

/**
 * Tells DNS servers once a second that an edge serves. They judge by themselves: no word for a few
 * seconds and it leaves their answers.
 */
public final class HeartbeatSender implements AutoCloseable {
  /** Time between two heartbeats. */
  public static final Duration PERIOD = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(HeartbeatSender.class);

  private final Supplier<List<InetSocketAddress>> receivers;
  private final Supplier<HeartbeatCodec> codec;
  private final Supplier<Heartbeat> heartbeat;
  private final DatagramSocket socket;
  private final ScheduledExecutorService thread;
  private boolean failing;

  private HeartbeatSender(
      Supplier<List<InetSocketAddress>> receivers,
      Supplier<HeartbeatCodec> codec,
      Supplier<Heartbeat> heartbeat,
      DatagramSocket socket) {
    this.receivers = receivers;
    this.codec = codec;
    this.heartbeat = heartbeat;
    this.socket = socket;
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("heartbeat").factory());
  }

  /**
   * Begins to send.
   *
   * @param receivers the heartbeat addresses of the DNS servers, asked each time because the fleet
   *     changes
   * @param codec of the fleet's key, asked each time because the key may change
   * @param heartbeat what to say now
   */
  public static HeartbeatSender start(
      Supplier<List<InetSocketAddress>> receivers,
      Supplier<HeartbeatCodec> codec,
      Supplier<Heartbeat> heartbeat) {
    try {
      HeartbeatSender sender =
          new HeartbeatSender(receivers, codec, heartbeat, new DatagramSocket());
      var _ =
          sender.thread.scheduleAtFixedRate(
              sender::send, 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
      return sender;
    } catch (IOException failed) {
      throw new UncheckedIOException("no socket for heartbeats", failed);
    }
  }

  /**
   * Sends one heartbeat now, as when the edge begins to drain; returns when it is sent, or after a
   * period at most.
   */
  public void sendNow() throws InterruptedException {
    CountDownLatch sent = new CountDownLatch(1);
    thread.execute(() -> {
      send();
      sent.countDown();
    });
    if (!sent.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS)) {
      LOG.warn("a heartbeat takes longer than {} ms to be sent", PERIOD.toMillis());
    }
  }

  /** Stops sending. */
  @Override
  public void close() {
    thread.shutdownNow();
    socket.close();
  }

  private void send() {
    try {
      byte[] datagram = codec.get().encode(heartbeat.get());
      for (InetSocketAddress receiver : receivers.get()) {
        send(datagram, receiver);
      }
    } catch (RuntimeException bug) {
      // An exception would end the schedule, and with it the edge's place in DNS.
      LOG.error("a heartbeat could not be made", bug);
    }
  }

  private void send(byte[] datagram, InetSocketAddress receiver) {
    try {
      if (receiver.isUnresolved()) {
        throw new UnknownHostException(receiver.getHostString() + " has no address");
      }
      socket.send(new DatagramPacket(datagram, datagram.length, receiver));
      failing = false;
    } catch (IOException unreachable) {
      if (!failing && !socket.isClosed()) {
        LOG.warn("heartbeats do not reach {}: {}", receiver, unreachable.getMessage());
      }
      failing = true;
    }
  }
}
