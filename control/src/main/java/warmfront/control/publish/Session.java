package warmfront.control.publish;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.control.store.LogHead;
import warmfront.control.store.Store;
import warmfront.distribution.Kind;
import warmfront.distribution.Server;
import warmfront.link.wire.FromControl;
import warmfront.link.wire.Head;
import warmfront.link.wire.MapChunk;
import warmfront.snapshot.SnapshotCodec;
import warmfront.snapshot.wire.LogEntry;
import warmfront.snapshot.wire.SnapshotChunk;

/**
 * One stream to one server. Everything is said by the session's own virtual thread, which waits
 * while the server's window is full: a slow server slows nobody else. The latency map is said where
 * the log leaves room, a part at a time.
 */
final class Session {
  private static final Logger LOG = LoggerFactory.getLogger(Session.class);
  private static final int BATCH = 128;

  /** A part of a picture is about this big, in bytes. */
  private static final int CHUNK_BYTES = 1 << 20;

  /** Kinds without secrets; one that a later version added may be a secret. */
  private static final Set<String> OPEN =
      Arrays.stream(Kind.values())
          .filter(kind -> !kind.secret())
          .map(Kind::name)
          .collect(Collectors.toUnmodifiableSet());

  private final Server server;
  private final Tail tail;
  private final Timing timing;
  private final ServerCallStreamObserver<FromControl> out;
  private final Optional<MapFeed> maps;
  private final List<String> features;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition something = lock.newCondition();

  private boolean signalled;
  private @Nullable Status end;
  private long epoch;
  private long sent;

  /** The server's last sign of life; one before the last look at the log; what is said back. */
  private OptionalLong received = OptionalLong.empty();

  private OptionalLong looking = OptionalLong.empty();
  private OptionalLong echo = OptionalLong.empty();

  /** What the last head said back; whether the next one is due whatever it says back. */
  private OptionalLong echoed = OptionalLong.empty();

  private boolean headIsDue = true;

  /**
   * Makes a session.
   *
   * @param features what control tells the server that it knows
   * @param maps the maps for a server that takes them
   */
  Session(
      Server server,
      Tail tail,
      Timing timing,
      ServerCallStreamObserver<FromControl> out,
      List<String> features,
      Optional<MapFeed> maps) {
    this.server = server;
    this.tail = tail;
    this.timing = timing;
    this.out = out;
    this.features = List.copyOf(features);
    this.maps = maps;
  }

  String serverId() {
    return server.id();
  }

  /** Returns what the server is sent of the latency map; empty if it takes none. */
  Optional<MapFeed> maps() {
    return maps;
  }

  /** Begins to send what follows this point; with {@code whole}, the whole picture first. */
  void start(long fromEpoch, long fromRevision, boolean whole) {
    epoch = whole ? 0 : fromEpoch;
    sent = whole ? 0 : fromRevision;
    Thread.ofVirtual().name("session-" + server.id()).start(this::run);
  }

  /** Says that the log moved, or that the server can take more. */
  void signal() {
    lock.lock();
    try {
      signalled = true;
      something.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Takes the time of a sign of life, by the server's clock. */
  void alive(long said) {
    lock.lock();
    try {
      received = OptionalLong.of(said);
    } finally {
      lock.unlock();
    }
  }

  /** Says that the log is about to be looked at: what was said before may be answered then. */
  void looking() {
    lock.lock();
    try {
      looking = received;
    } finally {
      lock.unlock();
    }
  }

  /** Says that the log was looked at and the head is what it was since {@link #looking}. */
  void looked() {
    lock.lock();
    try {
      echo = looking;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the stream at once. */
  void end(Status why) {
    lock.lock();
    try {
      if (end == null) {
        end = why;
      }
      something.signal();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      while (!ended()) {
        boolean more = false;
        if (out.isReady()) {
          sayAll();
          more = sayPartOfMap();
        }
        if (!more) {
          await();
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException failed) {
      LOG.warn("the stream to {} broke off", server.id(), failed);
      end(Status.UNAVAILABLE.withDescription("control failed: " + failed.getMessage()));
    }
    Status why = endStatus();
    if (!out.isCancelled()) {
      out.onError(why.asRuntimeException());
    }
  }

  private void sayAll() {
    // Entries say themselves how far the log has come: heads are for leases and for silence.
    if (headIsDue || !vouchedFor().equals(echoed)) {
      sayHead();
    }
    while (!ended() && out.isReady()) {
      Optional<List<LogEntry>> next = tail.after(epoch, sent, BATCH);
      if (next.isEmpty()) {
        Store.Picture picture = tail.picture();
        if (picture.head().epoch() == epoch && picture.head().revision() == sent) {
          return; // the store is ahead of the tail, in a new epoch: go on when the tail is there
        }
        sayPicture(picture);
        continue;
      }
      if (next.get().isEmpty()) {
        return;
      }
      for (LogEntry entry : next.get()) {
        out.onNext(FromControl.newBuilder().setEntry(forServer(entry)).build());
        sent = entry.getRevision();
      }
    }
  }

  /** Says the next part of the map; returns whether there may be another one to say now. */
  private boolean sayPartOfMap() {
    if (maps.isEmpty() || ended() || !out.isReady()) {
      return false;
    }
    Optional<MapChunk> part = maps.get().next();
    part.ifPresent(chunk -> out.onNext(FromControl.newBuilder().setMap(chunk).build()));
    return part.isPresent() && out.isReady();
  }

  private void sayHead() {
    // The echo first: a head that is newer than the look it stands for does no harm.
    OptionalLong said = vouchedFor();
    LogHead head = tail.head();
    Head.Builder word = Head.newBuilder().setEpoch(head.epoch()).setRevision(head.revision());
    word.addAllFeatures(features);
    headIsDue = false;
    echoed = said;
    said.ifPresent(nanos -> word.setEcho(nanos).setLeaseMillis(timing.lease().toMillis()));
    out.onNext(FromControl.newBuilder().setHead(word).build());
  }

  private OptionalLong vouchedFor() {
    lock.lock();
    try {
      return echo;
    } finally {
      lock.unlock();
    }
  }

  private void sayPicture(Store.Picture picture) {
    SnapshotChunk.Builder chunk = chunk(picture.head());
    int bytes = 0;
    for (LogEntry entry : picture.entries()) {
      if (!mayKnow(entry)) {
        continue;
      }
      chunk.addEntries(entry.toBuilder().clearChain().build());
      bytes += entry.getSerializedSize();
      if (bytes >= CHUNK_BYTES) {
        out.onNext(FromControl.newBuilder().setChunk(chunk).build());
        chunk = chunk(picture.head());
        bytes = 0;
      }
    }
    out.onNext(FromControl.newBuilder().setChunk(chunk.setLast(true)).build());
    epoch = picture.head().epoch();
    sent = picture.head().revision();
  }

  private static SnapshotChunk.Builder chunk(LogHead head) {
    return SnapshotChunk.newBuilder()
        .setEpoch(head.epoch())
        .setRevision(head.revision())
        .setChain(SnapshotCodec.bytes(head.chain()));
  }

  private LogEntry forServer(LogEntry entry) {
    return mayKnow(entry) ? entry : SnapshotCodec.withheld(entry);
  }

  /** Secrets go to the servers that serve them and to no other. */
  private boolean mayKnow(LogEntry entry) {
    return switch (server.role()) {
      case EDGE -> true;
      case ROUTING ->
          entry.getKind().equals(Kind.HEARTBEAT_KEY.name()) || OPEN.contains(entry.getKind());
    };
  }

  private void await() throws InterruptedException {
    lock.lock();
    try {
      long left = timing.beat().toNanos();
      while (!signalled && end == null && left > 0) {
        left = something.awaitNanos(left);
      }
      headIsDue |= left <= 0;
      signalled = false;
    } finally {
      lock.unlock();
    }
  }

  private boolean ended() {
    lock.lock();
    try {
      return end != null || out.isCancelled();
    } finally {
      lock.unlock();
    }
  }

  private Status endStatus() {
    lock.lock();
    try {
      return end == null ? Status.CANCELLED : end;
    } finally {
      lock.unlock();
    }
  }
}
