package warmfront.edge.viewer;

import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollTcpInfo;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import warmfront.rtt.Family;
import warmfront.rtt.Measured;
import warmfront.rtt.Prefix;

/**
 * How far the viewers of one loop's connections are. The kernel measures the way between its
 * SYN-ACK and the viewer's answer; it is asked once, when the connection is accepted: what comes
 * later is blurred by queues of our own making, and by acknowledgements that wait.
 */
final class RoundTrips {
  private final int rangesMax;
  private final RandomGenerator chance;
  private final Tally tally;
  private final EpollTcpInfo info = new EpollTcpInfo();
  private Map<String, RttTable> tables = new HashMap<>();

  RoundTrips(int rangesMax, RandomGenerator chance, Tally tally) {
    this.rangesMax = rangesMax;
    this.chance = chance;
    this.tally = tally;
  }

  /** Takes the time of a connection that was accepted just now at a location. */
  void measure(EpollSocketChannel viewer, String location) {
    if (rangesMax == 0) {
      return;
    }
    try {
      viewer.tcpInfo(info);
    } catch (ChannelException _) {
      tally.unmeasured(Unmeasured.NO_TIME);
      return;
    }
    take(location, viewer.remoteAddress().getAddress(), info.rtt(), info.totalRetrans());
  }

  /**
   * Takes a time.
   *
   * @param micros 0 if there is none
   * @param sentAgain how many packets of ours were sent again
   */
  void take(String location, InetAddress viewer, long micros, long sentAgain) {
    if (micros <= 0) {
      tally.unmeasured(Unmeasured.NO_TIME);
    } else if (sentAgain > 0) {
      tally.unmeasured(Unmeasured.SENT_AGAIN);
    } else if (micros > Measured.MICROS_MAX) {
      tally.unmeasured(Unmeasured.TOO_LONG);
    } else if (table(location).add(family(viewer), bits(viewer), (int) micros)) {
      tally.measured();
    } else {
      tally.unmeasured(Unmeasured.NO_ROOM);
    }
  }

  /** Returns what was gathered since the last call, by location. */
  Map<String, RttTable> swap() {
    Map<String, RttTable> full = tables;
    tables = new HashMap<>();
    return full;
  }

  private RttTable table(String location) {
    RttTable table = tables.get(location);
    if (table == null) {
      table = new RttTable(rangesMax, chance.nextLong());
      tables.put(location, table);
    }
    return table;
  }

  private static Family family(InetAddress viewer) {
    return viewer instanceof Inet4Address ? Family.IPV4 : Family.IPV6;
  }

  private static long bits(InetAddress viewer) {
    // The hash code of an IPv4 address is the address; its bytes would be a copy.
    return viewer instanceof Inet4Address
        ? (long) viewer.hashCode() << Integer.SIZE
        : Prefix.firstBits(viewer);
  }
}
