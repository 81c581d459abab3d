package warmfront.app.journeys;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import warmfront.app.call.DnsQuestion;

/**
 * A resolver of one name that tells viewers' networks (RFC 7871): it keeps an answer for all of its
 * scope and as long as its TTL says, and asks the DNS servers in turn. Owned by one thread.
 */
final class CachingResolver {
  private record Range(int first, int length) {
    static Range of(int address, int length) {
      return new Range(length == 0 ? 0 : address & (-1 << (Integer.SIZE - length)), length);
    }
  }

  private record Kept(InetAddress address, long untilNanos) {}

  private final String name;
  private final List<InetSocketAddress> servers;
  private final Map<Range, Kept> kept = new HashMap<>();
  private final TreeSet<Integer> lengths = new TreeSet<>();
  private int asked;

  CachingResolver(String name, List<InetSocketAddress> servers) {
    this.name = name;
    this.servers = List.copyOf(servers);
  }

  /** Returns the address for an IPv4 viewer; empty if the server said that there is none. */
  Optional<InetAddress> find(InetAddress viewer) throws IOException {
    int address = World.number(viewer.getHostAddress());
    for (int length : lengths.descendingSet()) {
      Kept there = kept.get(Range.of(address, length));
      if (there != null && there.untilNanos() - System.nanoTime() > 0) {
        return Optional.of(there.address());
      }
    }
    DnsQuestion.Answer answer =
        new DnsQuestion(name, DnsQuestion.A, viewer).ask(servers.get(asked++ % servers.size()));
    Optional<InetAddress> found = answer.addresses().stream().findFirst();
    long until = System.nanoTime() + Duration.ofSeconds(answer.ttl()).toNanos();
    found.ifPresent(first -> {
      lengths.add(answer.scope());
      kept.put(Range.of(address, answer.scope()), new Kept(first, until));
    });
    return found;
  }
}
