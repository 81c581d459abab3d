package warmfront.app.journeys;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import warmfront.app.call.Fetch;
import warmfront.http.Fields;
import warmfront.time.Clock;

/**
 * Viewers of one page, at a bounded rate, one after the other and again: each looks the name up by
 * a resolver that keeps answers, and gets the page at the address.
 */
final class Crowd implements AutoCloseable {
  /**
   * What they visit.
   *
   * @param host the name that is looked up
   * @param port of all edges
   * @param path of the page
   */
  record Target(String host, int port, String path) {}

  /**
   * One look-up, and whether the page was got.
   *
   * @param nanos when
   * @param viewer whose, by index
   * @param address what the name was found at; empty if nothing was
   * @param served whether 200 came from there
   */
  record Visit(long nanos, int viewer, String address, boolean served) {}

  private final Target target;
  private final List<InetAddress> viewers;
  private final CachingResolver resolver;
  private final Queue<Visit> visits = new ConcurrentLinkedQueue<>();
  private final Thread thread;
  private volatile boolean ends;

  private Crowd(Target target, List<InetAddress> viewers, List<InetSocketAddress> dns, int rate) {
    this.target = target;
    this.viewers = List.copyOf(viewers);
    this.resolver = new CachingResolver(target.host(), dns);
    this.thread = Thread.ofPlatform().name("crowd").unstarted(() -> come(rate));
  }

  /**
   * Begins.
   *
   * @param viewers their addresses, IPv4
   * @param dns the servers that their resolver asks
   * @param rate visits a second
   */
  static Crowd begin(
      Target target, List<InetAddress> viewers, List<InetSocketAddress> dns, int rate) {
    Crowd crowd = new Crowd(target, viewers, dns, rate);
    crowd.thread.start();
    return crowd;
  }

  private void come(int rate) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, viewers.size()).boxed().toList());
    Collections.shuffle(order, new Random(1));
    long period = TimeUnit.SECONDS.toNanos(1) / rate;
    long next = System.nanoTime();
    for (int i = 0; !ends; i++) {
      visits.add(visit(order.get(i % order.size())));
      // Who is late does not hurry: the rate is a bound.
      next = Math.max(next + period, System.nanoTime());
      try {
        TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
      } catch (InterruptedException _) {
        return;
      }
    }
  }

  private Visit visit(int viewer) {
    long now = System.nanoTime();
    Optional<InetAddress> found = find(viewer);
    return new Visit(
        now,
        viewer,
        found.map(InetAddress::getHostAddress).orElse(""),
        found.isPresent() && isServed(found.get()));
  }

  private Optional<InetAddress> find(int viewer) {
    try {
      return resolver.find(viewers.get(viewer));
    } catch (IOException silent) {
      return Optional.empty();
    }
  }

  private boolean isServed(InetAddress address) {
    try {
      InetSocketAddress edge = new InetSocketAddress(address, target.port());
      return new Fetch(Clock.system())
              .get(edge, target.host(), target.path(), Fields.empty())
              .status()
          == 200;
    } catch (IOException dead) {
      return false;
    }
  }

  /** Returns the visits from a time on, in their order. */
  List<Visit> since(long nanos) {
    return visits.stream().filter(visit -> visit.nanos() - nanos >= 0).toList();
  }

  /** Returns where each viewer was when it came last. */
  Map<Integer, String> places() {
    return visits.stream()
        .sorted(Comparator.comparingLong(Visit::nanos))
        .collect(Collectors.toMap(Visit::viewer, Visit::address, (_, later) -> later));
  }

  @Override
  public void close() {
    ends = true;
    thread.interrupt();
  }
}
