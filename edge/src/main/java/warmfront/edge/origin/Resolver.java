package warmfront.edge.origin;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import warmfront.time.Clock;

/**
 * Names to addresses. Names under {@code .localhost} are loopback before anyone is asked (RFC 6761,
 * 6.3); an address that was good is used for as long as nobody answers. Thread-safe.
 *
 * <p>The machine's resolver blocks in native code, which would hold a virtual thread's carrier: it
 * is asked on a few threads of its own. It tells no TTL, so an answer is fresh for a fixed time.
 */
final class Resolver implements AutoCloseable {
  private static final List<InetAddress> LOOPBACK =
      List.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1"));

  private final NameService names;
  private final Clock clock;
  private final Limits.Names limits;
  private final ThreadPoolExecutor threads;
  private final Map<String, Known> known = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<Known>> asking = new ConcurrentHashMap<>();
  private final AtomicInteger turns = new AtomicInteger();

  /**
   * What was last heard of a name.
   *
   * @param addresses the last good answer; empty if there never was one
   * @param untilNanos when it is asked again, on the steady clock
   * @param failure why there is no newer answer; empty if it is new
   */
  private record Known(List<InetAddress> addresses, long untilNanos, String failure) {}

  /** What came of resolving. */
  sealed interface Resolved {
    /** At least one address; IPv4 first. */
    record Addresses(List<InetAddress> addresses) implements Resolved {}

    record Unresolved(String why) implements Resolved {}
  }

  Resolver(NameService names, Clock clock, Limits.Names limits) {
    this.names = names;
    this.clock = clock;
    this.limits = limits;
    this.threads =
        new ThreadPoolExecutor(
            limits.threads(),
            limits.threads(),
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(limits.names()),
            Thread.ofPlatform().daemon().name("origin-names-", 0).factory());
    threads.allowCoreThreadTimeOut(true);
  }

  /** Resolves a name, within the limits' patience. */
  Resolved resolve(String host) throws InterruptedException {
    return resolve(host, limits.patience());
  }

  /**
   * Resolves a name.
   *
   * @param atMost how long to wait, if that is less than the limits' patience
   */
  Resolved resolve(String host, Duration atMost) throws InterruptedException {
    String name = host.toLowerCase(Locale.ROOT);
    if (isLocalhost(name)) {
      return new Resolved.Addresses(LOOPBACK);
    }
    if (isLiteral(name)) {
      return new Resolved.Addresses(List.of(InetAddress.ofLiteral(name)));
    }
    @Nullable Known last = known.get(name);
    if (last != null && last.untilNanos() - clock.nanos() > 0) {
      return resolved(name, last);
    }
    Duration patience = limits.patience();
    return resolved(name, asked(name, atMost.compareTo(patience) < 0 ? atMost : patience));
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private Resolved resolved(String name, Known known) {
    return known.addresses().isEmpty()
        ? new Resolved.Unresolved(name + " does not resolve: " + known.failure())
        : new Resolved.Addresses(inTurn(known.addresses()));
  }

  /** Asks once for all who want to know, and waits no longer than the limit. */
  private Known asked(String name, Duration patience) throws InterruptedException {
    CompletableFuture<Known> mine = new CompletableFuture<>();
    @Nullable CompletableFuture<Known> others = asking.putIfAbsent(name, mine);
    if (others == null) {
      try {
        threads.execute(() -> ask(name, mine));
      } catch (RejectedExecutionException e) {
        asking.remove(name);
        mine.complete(failed(name, "too many names are being resolved"));
      }
    }
    try {
      return (others == null ? mine : others).get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return failed(name, "no answer within " + patience);
    } catch (ExecutionException e) {
      throw new IllegalStateException("resolving completes with a value", e);
    }
  }

  private void ask(String name, CompletableFuture<Known> answer) {
    Known heard;
    try {
      heard = new Known(List.copyOf(names.addresses(name)), until(limits.fresh()), "");
    } catch (UnknownHostException e) {
      heard = failed(name, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) { // a resolver plugged in from outside; nobody may wait for ever
      heard = failed(name, e.toString());
    }
    remember(name, heard);
    asking.remove(name, answer);
    answer.complete(heard);
  }

  private Known failed(String name, String why) {
    @Nullable Known last = known.get(name);
    List<InetAddress> lastGood = last == null ? List.of() : last.addresses();
    Known failed = new Known(lastGood, until(limits.retry()), why);
    remember(name, failed);
    return failed;
  }

  private void remember(String name, Known heard) {
    if (known.size() >= limits.names() && !known.containsKey(name)) {
      known.entrySet().stream()
          .min(Comparator.comparingLong(entry -> entry.getValue().untilNanos() - clock.nanos()))
          .ifPresent(oldest -> known.remove(oldest.getKey()));
    }
    known.put(name, heard);
  }

  private long until(Duration from) {
    return clock.nanos() + from.toNanos();
  }

  /** IPv4 first, as CloudFront asks by default; within a family each address has its turn. */
  private List<InetAddress> inTurn(List<InetAddress> all) {
    List<InetAddress> four = new ArrayList<>();
    List<InetAddress> six = new ArrayList<>();
    all.forEach(address -> (address instanceof Inet4Address ? four : six).add(address));
    int turn = turns.getAndIncrement();
    Collections.rotate(four, four.isEmpty() ? 0 : turn % four.size());
    Collections.rotate(six, six.isEmpty() ? 0 : turn % six.size());
    four.addAll(six);
    return List.copyOf(four);
  }

  static boolean isLocalhost(String name) {
    String bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    return bare.equals("localhost") || bare.endsWith(".localhost");
  }

  static boolean isLiteral(String name) {
    if (name.indexOf(':') < 0 && !name.matches("[0-9.]+")) {
      return false;
    }
    try {
      InetAddress.ofLiteral(name);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
