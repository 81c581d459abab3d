package warmfront.edge.viewer;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Who is connected and how much each asks, by address: one that opens too many connections, or asks
 * too often, is turned away, so that nobody uses up what is there for all. An IPv6 address counts
 * as its network of 64 bits, which is what one viewer has. Thread-safe.
 *
 * <p>A connection counts its requests for itself and tells of them when its loop looks after it,
 * twice a second: a request costs an increment, and a look at a flag that seldom changes.
 */
final class Guests {
  private static final long WINDOW_NANOS = 1_000_000_000;
  private static final int NETWORK_BYTES = 8;

  private final Limits.Address limits;
  private final Map<Network, Guest> byNetwork = new ConcurrentHashMap<>();

  /** Those whose last connection has ended, until it is clear that they do not ask too often. */
  private final Queue<Guest> gone = new ConcurrentLinkedQueue<>();

  private final AtomicInteger goneCount = new AtomicInteger();

  Guests(Limits.Address limits) {
    this.limits = limits;
  }

  /** What counts as one viewer: an address of IPv4, or a network of IPv6. */
  private record Network(boolean isIpv6, long bits) {
    static Network of(InetAddress address) {
      byte[] bytes = address.getAddress();
      long bits = 0;
      for (int i = 0; i < Math.min(bytes.length, NETWORK_BYTES); i++) {
        bits = bits << Byte.SIZE | (bytes[i] & 0xff);
      }
      return new Network(address instanceof Inet6Address, bits);
    }
  }

  /**
   * Counts a connection that begins.
   *
   * @param nanos now, on the steady clock
   * @return what it has to count its requests by; null if its address has too many connections
   */
  @Nullable Visit enter(InetAddress address, long nanos) {
    if (address.isLoopbackAddress() && !limits.loopback()) {
      return Visit.UNCOUNTED;
    }
    Guest guest =
        byNetwork.compute(
            Network.of(address),
            (network, known) -> {
              Guest one = known == null ? new Guest(network, nanos) : known;
              one.connections.incrementAndGet();
              return one;
            });
    Visit visit = new Visit(guest);
    if (limits.connectionsMax() > 0 && guest.connections.get() > limits.connectionsMax()) {
      leave(visit, nanos);
      return null;
    }
    return visit;
  }

  /** Counts a connection that has ended; called on its loop. */
  void leave(Visit visit, long nanos) {
    visit.tell(nanos);
    @Nullable Guest guest = visit.guest();
    if (guest == null) {
      return;
    }
    byNetwork.computeIfPresent(
        guest.network,
        (_, one) -> {
          if (one.connections.decrementAndGet() == 0) {
            gone.add(one);
            goneCount.incrementAndGet();
          }
          return one;
        });
  }

  /** Forgets those who have left and did not ask too often lately. */
  void sweep(long nanos) {
    for (int i = goneCount.get(); i > 0; i--) {
      @Nullable Guest guest = gone.poll();
      if (guest == null) {
        return;
      }
      goneCount.decrementAndGet();
      byNetwork.computeIfPresent(
          guest.network,
          (_, one) -> {
            if (one.connections.get() > 0) {
              return one; // it came back, and will leave again
            }
            if (one.isQuiet(nanos)) {
              return null;
            }
            gone.add(one);
            goneCount.incrementAndGet();
            return one;
          });
    }
  }

  /** Returns how many viewers are known. */
  int size() {
    return byNetwork.size();
  }

  /** One viewer, be it many behind one address. */
  final class Guest {
    private final Network network;

    private final AtomicInteger connections = new AtomicInteger();
    private long windowNanos;
    private long asked;
    private volatile boolean over;

    private Guest(Network network, long nanos) {
      this.network = network;
      windowNanos = nanos;
    }

    /** Returns whether it asks too often. */
    boolean isOver() {
      return over;
    }

    /** Counts requests, and judges the second that has passed. */
    synchronized void tell(int requests, long nanos) {
      long max = limits.requestsPerSecond();
      long passed = nanos - windowNanos;
      if (passed >= WINDOW_NANOS) {
        over = max > 0 && asked > max * (passed / (double) WINDOW_NANOS);
        asked = 0;
        windowNanos = nanos;
      }
      asked += requests;
      over |= max > 0 && asked > max;
    }

    private boolean isQuiet(long nanos) {
      tell(0, nanos);
      return !over && asked == 0;
    }
  }
}
