package warmfront.app.journeys;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The way between two networks: each packet takes as long as the two ends are apart. Packets
 * between the same two ends keep their order.
 */
final class Distances {
  /** How far two ends are apart. */
  interface Matrix {
    /**
     * Returns the time one way, in nanoseconds; negative if there is no way.
     *
     * @param viewer the address on the viewers' side
     * @param server the address on the servers' side
     */
    long oneWayNanos(int viewer, int server);
  }

  /** Where the source's address stands in an IPv4 header, and where the destination's. */
  private static final int SOURCE = 12;

  private static final int DESTINATION = 16;
  private static final int HEADER_BYTES_MIN = 20;

  private final Tun viewers;
  private final Tun servers;
  private final Matrix matrix;
  private final DelayQueue<Packet> underWay = new DelayQueue<>();
  private final AtomicLong sequence = new AtomicLong();

  private Distances(Tun viewers, Tun servers, Matrix matrix) {
    this.viewers = viewers;
    this.servers = servers;
    this.matrix = matrix;
  }

  private record Packet(ByteBuffer bytes, Tun to, long due, long sequence) implements Delayed {
    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(due - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      Packet packet = (Packet) other;
      int first = Long.compare(due - packet.due, 0);
      return first != 0 ? first : Long.compare(sequence, packet.sequence);
    }
  }

  /** Begins to carry packets, until the process ends. */
  static void between(Tun viewers, Tun servers, Matrix matrix) {
    Distances distances = new Distances(viewers, servers, matrix);
    Thread.ofPlatform().daemon().name("from-viewers").start(() -> distances.take(true));
    Thread.ofPlatform().daemon().name("from-servers").start(() -> distances.take(false));
    Thread.ofPlatform().daemon().name("arrivals").start(distances::deliver);
  }

  private void take(boolean fromViewers) {
    Tun from = fromViewers ? viewers : servers;
    Tun to = fromViewers ? servers : viewers;
    MemorySegment scratch = Arena.ofAuto().allocate(Tun.PACKET_BYTES_MAX);
    while (true) {
      try {
        byte[] packet = from.read(scratch);
        if (packet.length < HEADER_BYTES_MIN || packet[0] >> 4 != 4) {
          continue; // IPv6 announces itself on every new device
        }
        ByteBuffer header = ByteBuffer.wrap(packet);
        int source = header.getInt(SOURCE);
        int destination = header.getInt(DESTINATION);
        long nanos =
            fromViewers
                ? matrix.oneWayNanos(source, destination)
                : matrix.oneWayNanos(destination, source);
        if (nanos >= 0) {
          underWay.add(
              new Packet(header, to, System.nanoTime() + nanos, sequence.getAndIncrement()));
        }
      } catch (IOException gone) {
        throw new UncheckedIOException(gone);
      }
    }
  }

  private void deliver() {
    MemorySegment scratch = Arena.ofAuto().allocate(Tun.PACKET_BYTES_MAX);
    while (true) {
      try {
        Packet packet = underWay.take();
        packet.to().write(packet.bytes().array(), scratch);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
