package warmfront.edge.origin;

import io.netty.channel.EventLoopGroup;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import warmfront.edge.step.Fetched;
import warmfront.edge.step.Reason;

/**
 * The connections over HTTP/2 to one peer. One is opened when all others are full, and only one at
 * a time: who waited for it may find room on it. Thread-safe.
 */
final class CallLines {
  private final Peer peer;
  private final Calls.Tools tools;
  private final Limits limits;
  private final List<CallConnection> all = new CopyOnWriteArrayList<>();
  private final ReentrantLock opening = new ReentrantLock(); // held while one is opened

  /** What came of opening one. */
  sealed interface Opened {
    /** A stream is reserved on it. */
    record Ready(CallConnection connection) implements Opened {}

    /**
     * There is none.
     *
     * @param failed what the call ends with if nobody tries again
     * @param mayRetry whether another attempt could end otherwise
     */
    record Closed(Fetched.Failed failed, boolean mayRetry) implements Opened {}
  }

  CallLines(Peer peer, Calls.Tools tools, Limits limits) {
    this.peer = peer;
    this.tools = tools;
    this.limits = limits;
  }

  /** Reserves a stream on a connection that is open; null if none has room. */
  @Nullable CallConnection take() {
    for (CallConnection connection : all) {
      if (connection.reserve()) {
        return connection;
      }
    }
    return null;
  }

  boolean isUnused() {
    return all.isEmpty() && !opening.isLocked();
  }

  /**
   * Opens a connection, unless another one has room by then.
   *
   * @param near the loop that it is to live on, or several
   * @param keepAlive how long it is kept without a call
   */
  Opened open(EventLoopGroup near, List<InetAddress> addresses, Duration keepAlive, Duration limit)
      throws InterruptedException {
    long end = tools.clock().nanos() + limit.toNanos();
    if (!opening.tryLock(limit.toNanos(), TimeUnit.NANOSECONDS)) {
      return late(limit);
    }
    try {
      @Nullable CallConnection other = take();
      if (other != null) {
        return new Opened.Ready(other);
      }
      if (all.size() >= limits.calls().connections()) {
        return closed(503, Reason.OVERLOADED, "has as many calls as it may", false);
      }
      Duration left = Duration.ofNanos(Math.max(1, end - tools.clock().nanos()));
      return switch (tools.connector().connect(opening(keepAlive), near, addresses, left)) {
        case Connector.Connected.Closed<CallConnection>(Fetched.Failed failed, boolean again) ->
            new Opened.Closed(failed, again);
        case Connector.Connected.Open<CallConnection>(CallConnection connection) -> {
          tools.counters().opened.increment();
          yield greeted(connection, Duration.ofNanos(end - tools.clock().nanos()));
        }
      };
    } finally {
      opening.unlock();
    }
  }

  private Connector.Opening<CallConnection> opening(Duration keepAlive) {
    return new Connector.Opening<>(
        peer,
        tools.tls(),
        channel -> new CallConnection(channel, tools.clock(), limits, keepAlive, all::remove));
  }

  /** Waits for the settings, which say how many streams there may be. */
  private Opened greeted(CallConnection connection, Duration limit) throws InterruptedException {
    try {
      String fault = connection.greeted().get(limit.toNanos(), TimeUnit.NANOSECONDS);
      if (!fault.isEmpty()) {
        connection.close();
        return closed(502, Reason.ORIGIN_TLS, fault, false);
      }
    } catch (TimeoutException e) {
      connection.close();
      return late(limit);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a greeting completes with a value", e);
    } catch (InterruptedException e) {
      connection.close();
      throw e;
    }
    boolean reserved = connection.reserve();
    all.add(connection);
    if (connection.isRetired()) {
      all.remove(connection); // it may have ended before it was in the list
    }
    if (!reserved) {
      connection.close();
      return closed(502, Reason.ORIGIN_BROKE_OFF, "allows no stream", true);
    }
    return new Opened.Ready(connection);
  }

  private Opened late(Duration limit) {
    return closed(
        504,
        Reason.ORIGIN_UNREACHED,
        "did not connect within %d ms".formatted(limit.toMillis()),
        true);
  }

  private Opened closed(int status, Reason reason, String why, boolean mayRetry) {
    return new Opened.Closed(new Fetched.Failed(status, reason, peer + " " + why), mayRetry);
  }
}
