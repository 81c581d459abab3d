package warmfront.control.publish;

import io.grpc.Status;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.control.store.LogHead;
import warmfront.control.store.Store;
import warmfront.control.store.StoreUnavailable;
import warmfront.control.store.Transaction;
import warmfront.distribution.Kind;
import warmfront.distribution.Resource;
import warmfront.distribution.Server;
import warmfront.link.LinkFeature;
import warmfront.link.wire.Rtt;
import warmfront.snapshot.Decoded;
import warmfront.snapshot.Entry;
import warmfront.snapshot.SnapshotCodec;
import warmfront.snapshot.wire.LogEntry;
import warmfront.time.Clock;

/**
 * Carries the log to the fleet and moves changes on as it is obeyed. One thread tails the log,
 * another moves changes on; each stream has a virtual thread of its own.
 */
public final class Publisher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);

  /** Looks at the log that are further apart than a lease divided by this are a pause. */
  private static final int LOOKS_PER_LEASE = 3;

  /** What servers say within it is taken together: each look goes through the whole fleet. */
  private static final long GATHERED_MILLIS = 10;

  private final Timing timing;
  private final Tail tail;
  private final Members members;
  private final Attention attention;
  private final Leases leases;
  private final Optional<Elsewhere> elsewhere;
  private final Optional<Maps> maps;
  private final Optional<RttIntake> intake;
  private final Rollout rollout;
  private final Semaphore appended = new Semaphore(0);
  private final Semaphore obeyed = new Semaphore(0);
  private final Thread tailing;
  private final Thread rolling;
  private volatile boolean closing;
  private volatile Consumer<Written> written = _ -> {};

  private Publisher(Store store, Clock clock, Timing timing, Optional<Maps> maps) {
    this.maps = maps;
    this.intake = maps.map(one -> new RttIntake(one.reports(), clock));
    this.timing = timing;
    this.tail = new Tail(store);
    this.attention = new Attention(clock, timing.lease().dividedBy(LOOKS_PER_LEASE));
    this.members = new Members(clock, timing, attention, tail::head);
    this.leases = new Leases(store, members);
    this.elsewhere =
        store.isShared()
            ? Optional.of(new Elsewhere(store, members, attention, timing))
            : Optional.empty();
    this.rollout = new Rollout(store, members, clock, timing);
    this.tailing = Thread.ofPlatform().daemon().name("log-tail").unstarted(this::tail);
    this.rolling = Thread.ofPlatform().daemon().name("rollout").unstarted(this::roll);
  }

  /**
   * Begins to publish; servers come by way of {@link FleetServer}.
   *
   * @param maps if latency maps are made for this fleet
   */
  public static Publisher start(Store store, Clock clock, Timing timing, Optional<Maps> maps) {
    Publisher publisher = new Publisher(store, clock, timing, maps);
    store.read(transaction -> {
      publisher.members.begin(
          transaction.latest(Kind.SERVER).stream().map(Server.class::cast).toList(),
          lapses(transaction));
      return true;
    });
    store.onAppend(publisher.appended::release);
    publisher.tailing.start();
    publisher.rolling.start();
    return publisher;
  }

  private static Map<String, Long> lapses(Transaction transaction) {
    Map<String, Long> lapses = new HashMap<>();
    for (Resource lapse : transaction.latest(Kind.LAPSE)) {
      transaction
          .latestRevision(Kind.LAPSE, lapse.id())
          .ifPresent(revision -> lapses.put(lapse.id(), revision));
    }
    return lapses;
  }

  /** Returns what is known of each server of the fleet, in the order of their ids. */
  public List<ServerStatus> status() {
    return members.status(tail.head().revision());
  }

  /** Returns where the log ends. */
  public LogHead head() {
    return tail.head();
  }

  /** Returns whether all DNS servers that can be asked answer by a revision of the log. */
  public boolean isAnswered(long revision) {
    return members.answer(tail.head().epoch(), revision);
  }

  /** Returns what became of edges' reports of round-trip times, and who has which map. */
  public MapCounts mapCounts() {
    Map<String, Long> held = new TreeMap<>();
    for (Session session : members.sessions()) {
      session.maps().ifPresent(feed -> held.put(session.serverId(), feed.held()));
    }
    return new MapCounts(
        intake.map(RttIntake::taken).orElse(0L),
        intake.map(RttIntake::refused).orElseGet(Map::of),
        held);
  }

  /** Ends all streams. */
  @Override
  public void close() {
    closing = true;
    appended.release();
    obeyed.release();
    members
        .sessions()
        .forEach(session -> session.end(Status.UNAVAILABLE.withDescription("control stops")));
    try {
      tailing.join(TimeUnit.SECONDS.toMillis(5));
      rolling.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    if (!rolling.isAlive()) {
      leave();
    }
  }

  private synchronized void leave() {
    try {
      elsewhere.ifPresent(Elsewhere::leave);
    } catch (StoreUnavailable unavailable) {
      LOG.warn("other control processes are not told of the end: {}", unavailable.getMessage());
    }
  }

  Tail tailOfLog() {
    return tail;
  }

  Members members() {
    return members;
  }

  Timing timing() {
    return timing;
  }

  /** Returns what servers are told that control knows. */
  List<String> features() {
    return intake.isPresent()
        ? List.of(LinkFeature.RTT.name(), LinkFeature.WRITES.name())
        : List.of(LinkFeature.WRITES.name());
  }

  /** Returns the maps for a server that has this version. */
  Optional<MapFeed> mapsFrom(long version) {
    maps.ifPresent(known -> known.versions().accept(version));
    return maps.map(known -> new MapFeed(known.source(), version));
  }

  /** Has what edges say was written to taken care of, from now on. */
  public void onWritten(Consumer<Written> taker) {
    written = taker;
  }

  /** Takes what was written to. */
  void wrote(Written paths) {
    try {
      written.accept(paths);
    } catch (RuntimeException failed) { // the database is away: the edges' copies live on
      LOG.error("what was written to is not invalidated: {}", paths.distribution(), failed);
    }
  }

  /** Takes what a server measured. */
  void measured(Server from, Rtt word) {
    intake.ifPresent(open -> open.take(from, word));
  }

  /** Says that a server obeys more than before, or is gone. */
  void moved() {
    obeyed.release();
  }

  /** Looks at the log at once: by its own thread, or because a server may have been registered. */
  synchronized void look() {
    Collection<Session> sessions = members.sessions();
    sessions.forEach(Session::looking);
    List<LogEntry> fresh = tail.move();
    attention.look();
    sessions.forEach(Session::looked);
    take(fresh);
  }

  /** Exchanges what is known with other control processes, and judges leases. */
  synchronized void judge() {
    elsewhere.ifPresent(Elsewhere::exchange);
    leases.advance();
  }

  private void tail() {
    while (!closing) {
      try {
        boolean _ = appended.tryAcquire(timing.poll().toNanos(), TimeUnit.NANOSECONDS);
        appended.drainPermits();
        look();
      } catch (StoreUnavailable unavailable) {
        LOG.warn("the log cannot be read: {}", unavailable.getMessage());
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException bug) {
        LOG.error("the log could not be published", bug);
      }
    }
  }

  private void roll() {
    boolean underWay = true;
    while (!closing) {
      try {
        long pause = timing.poll().toNanos() / Rollout.LOOKS_PER_POLL;
        boolean woken = obeyed.tryAcquire(pause, TimeUnit.NANOSECONDS);
        if (woken && !closing) {
          TimeUnit.MILLISECONDS.sleep(GATHERED_MILLIS);
        }
        obeyed.drainPermits();
        judge();
        if (woken || underWay) {
          underWay = rollout.advance();
        }
      } catch (StoreUnavailable unavailable) {
        LOG.warn("changes cannot be moved on: {}", unavailable.getMessage());
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException bug) {
        LOG.error("changes could not be moved on", bug);
      }
    }
  }

  private void take(List<LogEntry> fresh) {
    for (LogEntry entry : fresh) {
      if (entry.getKind().equals(Kind.SERVER.name())) {
        server(entry).ifPresent(Publisher::endRevoked);
      } else if (entry.getKind().equals(Kind.LAPSE.name())) {
        members.lapsed(
            entry.getId(),
            entry.getDeleted() ? OptionalLong.empty() : OptionalLong.of(entry.getRevision()));
      }
    }
    members.sessions().forEach(Session::signal);
    if (!fresh.isEmpty()) {
      moved();
    }
  }

  private Optional<Session> server(LogEntry entry) {
    SnapshotCodec all = new SnapshotCodec(Set.copyOf(entry.getFeaturesList()));
    return switch (all.decode(entry)) {
      case Decoded.Understood(Entry understood) ->
          understood
              .value()
              .map(value -> members.registered((Server) value))
              .orElseGet(() -> members.removed(entry.getId()));
      case Decoded.NeedsFeature _, Decoded.Malformed _ ->
          throw new IllegalStateException("a newer version registered " + entry.getId());
    };
  }

  private static void endRevoked(Session session) {
    session.end(
        Status.PERMISSION_DENIED.withDescription(
            session.serverId() + " is no longer of the fleet"));
  }
}
