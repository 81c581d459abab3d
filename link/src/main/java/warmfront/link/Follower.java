package warmfront.link;

import io.grpc.ManagedChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.link.wire.Ack;
import warmfront.link.wire.Alive;
import warmfront.link.wire.FromControl;
import warmfront.link.wire.FromServer;
import warmfront.link.wire.Head;
import warmfront.link.wire.Hello;
import warmfront.link.wire.MapChunk;
import warmfront.rtt.MapTaker;
import warmfront.rtt.RttReport;
import warmfront.snapshot.Snapshot;
import warmfront.snapshot.SnapshotCodec;
import warmfront.snapshot.Subscriber;
import warmfront.time.Clock;

/**
 * Follows the control plane's log: from this server's own disk first, then over a stream that
 * resumes where the disk ends. What was acknowledged is on the disk and obeyed, but for what is
 * held.
 *
 * <p>All work, the subscriber's included, runs on one thread; {@link #state} may be called by any.
 */
public final class Follower implements AutoCloseable {
  /**
   * How long things take.
   *
   * @param beat between two signs of life
   * @param retryFirst wait before the second attempt to connect; doubles, with jitter
   * @param retryMax greatest such wait
   * @param silenceMax control is taken for gone when it said nothing for so long
   * @param readyAfter without contact for so long, the disk's state is good enough
   */
  public record Timing(
      Duration beat,
      Duration retryFirst,
      Duration retryMax,
      Duration silenceMax,
      Duration readyAfter) {
    /** What servers use: DESIGN's 5 s rule, and a stream found dead within 10 s. */
    public static final Timing STANDARD =
        new Timing(
            Duration.ofSeconds(1),
            Duration.ofMillis(100),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(5));
  }

  /**
   * What a follower needs of its surroundings.
   *
   * @param control makes a channel to the control plane; the follower shuts it down
   * @param clock what time it is
   * @param random for jitter
   * @param timing how long things take
   * @param kept the edges without a lease to which this server sends viewers all the same; none but
   *     by a DNS server
   * @param maps who answers by latency maps here; control sends none if it is empty, and while they
   *     are not wanted
   */
  public record Surroundings(
      Supplier<ManagedChannel> control,
      Clock clock,
      RandomGenerator random,
      Timing timing,
      Supplier<Set<String>> kept,
      Optional<MapTaker> maps) {
    /** The surroundings of a server that sends viewers nowhere. */
    public Surroundings(
        Supplier<ManagedChannel> control, Clock clock, RandomGenerator random, Timing timing) {
      this(control, clock, random, timing, Set::of, Optional.empty());
    }
  }

  /** So many signs of life go into a lease. */
  private static final int BEATS_PER_LEASE = 5;

  private static final Logger LOG = LoggerFactory.getLogger(Follower.class);

  private final FollowerIdentity identity;
  private final Surroundings around;
  private final StateDirectory disk;
  private final ScheduledExecutorService thread;
  private final Inbox inbox;
  private final Lease lease;
  private final MapInbox maps;
  private final Telling telling;

  private @Nullable ControlStream stream;
  private int failures;
  private volatile Seen seen = new Seen(1, 0, OptionalLong.empty(), false, 0, List.of());
  private volatile @Nullable Instant lastContact;
  private volatile long lastContactNanos;
  private volatile boolean ready;

  private record Seen(
      long epoch,
      long revision,
      OptionalLong head,
      boolean connected,
      long size,
      List<Held> held) {}

  private Follower(
      FollowerIdentity identity, Surroundings around, StateDirectory disk, Subscriber subscriber) {
    this.identity = identity;
    this.around = around;
    this.disk = disk;
    this.inbox = new Inbox(disk, new Pictures(subscriber, new SnapshotCodec(identity.features())));
    this.lease = new Lease(around.clock());
    this.maps = new MapInbox(around.maps());
    this.lastContactNanos = around.clock().nanos();
    // What comes in after the end is dropped.
    this.thread =
        new ScheduledThreadPoolExecutor(
            1,
            Thread.ofPlatform().daemon().name("follower-" + identity.serverId()).factory(),
            new ThreadPoolExecutor.DiscardPolicy());
    this.telling = new Telling(thread, () -> stream);
  }

  /**
   * Gives the disk's picture to the subscriber, then begins to follow.
   *
   * @param folder the server's own; made if it is not there
   * @throws IllegalStateException if a newer version wrote the folder
   * @throws UncheckedIOException if the folder cannot be used
   */
  public static Follower start(
      FollowerIdentity identity, Path folder, Subscriber subscriber, Surroundings around) {
    try {
      StateDirectory disk = StateDirectory.open(folder, new SecureRandom());
      Follower follower = new Follower(identity, around, disk, subscriber);
      follower.inbox.load();
      follower.show(OptionalLong.empty(), false);
      follower.thread.execute(follower::connect);
      follower.nextBeat();
      return follower;
    } catch (IOException failed) {
      throw new UncheckedIOException("the state in " + folder + " cannot be used", failed);
    }
  }

  /** Returns how far it is. */
  public FollowerState state() {
    Seen now = seen;
    return new FollowerState(
        now.epoch(),
        now.revision(),
        now.head(),
        now.connected(),
        Optional.ofNullable(lastContact),
        ready(now),
        lease.held(),
        now.held());
  }

  /** Returns how long this server may be sure that it knows the latest changes. */
  public Lease lease() {
    return lease;
  }

  /**
   * Carries what this server measured to control. It is lost if control is not there or does not
   * know such words, and if it does not keep up until the next one: that tells as much.
   */
  public void report(RttReport report) {
    thread.execute(() -> telling.report(report));
  }

  /**
   * Has control invalidate what viewers wrote to at an origin, everywhere; soon, with what else is
   * written meanwhile. It waits while control is not there. A word that is under way when the
   * stream breaks may be lost.
   *
   * @param distribution its id
   * @param path raw, begins with a slash
   */
  public void wrote(String distribution, String path) {
    thread.execute(() -> telling.wrote(distribution, path));
  }

  /** Returns how many reports were carried to control. */
  public long reportsSent() {
    return telling.sent();
  }

  /** Returns how many reports were dropped. */
  public long reportsSkipped() {
    return telling.skipped();
  }

  /** Leaves the stream; the disk's state stays. */
  @Override
  public void close() {
    thread.execute(() -> {
      disconnect();
      thread.shutdownNow();
    });
    try {
      if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
        LOG.warn("the follower of {} does not end", identity.serverId());
      }
      disk.close();
    } catch (IOException failed) {
      LOG.warn("the state of {} was not closed: {}", identity.serverId(), failed.getMessage());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean ready(Seen now) {
    if (ready) {
      return true;
    }
    Duration silent = Duration.ofNanos(around.clock().nanos() - lastContactNanos);
    boolean onDisk = now.revision() > 0 && !now.connected();
    if (onDisk && silent.compareTo(around.timing().readyAfter()) >= 0) {
      ready = true;
    }
    return ready;
  }

  private void connect() {
    if (thread.isShutdown()) {
      return;
    }
    try {
      ControlStream opened =
          new ControlStream(
              around.control().get(), new Words(), thread, around.clock().nanos(), takesMaps());
      stream = opened;
      opened.open();
      opened.say(alive());
    } catch (RuntimeException failed) {
      LOG.error("{} cannot open a stream to control", identity.serverId(), failed);
      disconnect();
      retry("no stream: " + failed);
    }
  }

  private void disconnect() {
    ControlStream open = stream;
    stream = null;
    if (open != null) {
      open.close();
    }
  }

  private void lost(ControlStream which, String why) {
    if (stream != which) {
      return;
    }
    leave();
    retry(why);
  }

  private void leave() {
    disconnect();
    show(seen.head(), false);
    inbox.reset();
    maps.reset();
    telling.drop();
  }

  /** What a stream tells: on the follower's thread. */
  private final class Words implements ControlStream.Owner {
    @Override
    public FromServer hello() {
      return FromServer.newBuilder().setHello(Follower.this.hello()).build();
    }

    @Override
    public void heard(ControlStream from, FromControl word) {
      Follower.this.heard(from, word);
    }

    @Override
    public void lost(ControlStream which, String why) {
      Follower.this.lost(which, why);
    }

    @Override
    public void ready() {
      telling.go();
    }
  }

  private void retry(String why) {
    Timing timing = around.timing();
    long doubled = timing.retryFirst().toMillis() << Math.min(failures, 16);
    long longest = Math.clamp(doubled, 1, timing.retryMax().toMillis());
    failures++;
    long wait = longest / 2 + around.random().nextLong(longest / 2 + 1);
    LOG.info("{} lost control, asks again in {} ms: {}", identity.serverId(), wait, why);
    var _ = thread.schedule(this::connect, wait, TimeUnit.MILLISECONDS);
  }

  private void nextBeat() {
    Duration length = lease.length();
    long beat = around.timing().beat().toNanos();
    long next = length == null ? beat : Math.min(beat, length.toNanos() / BEATS_PER_LEASE);
    var _ = thread.schedule(this::beat, next, TimeUnit.NANOSECONDS);
  }

  private void beat() {
    try {
      sayAlive();
    } finally {
      nextBeat();
    }
  }

  private void sayAlive() {
    ControlStream open = stream;
    if (open == null) {
      return;
    }
    Duration silent = Duration.ofNanos(around.clock().nanos() - open.lastWordNanos);
    if (silent.compareTo(around.timing().silenceMax()) > 0) {
      lost(open, "nothing heard for " + silent);
      return;
    }
    try {
      open.say(alive());
    } catch (RuntimeException failed) {
      lost(open, "no word can be said: " + failed);
    }
  }

  private FromServer alive() {
    Alive.Builder word =
        Alive.newBuilder().setSent(around.clock().nanos()).addAllKept(around.kept().get());
    return FromServer.newBuilder().setAlive(word).build();
  }

  /** One word of control; on the follower's thread. */
  private void heard(ControlStream from, FromControl word) {
    if (stream != from) {
      return;
    }
    from.lastWordNanos = around.clock().nanos();
    lastContactNanos = from.lastWordNanos;
    lastContact = around.clock().now();
    failures = 0;
    try {
      boolean moved =
          switch (word.getWordCase()) {
            case HEAD -> head(from, word.getHead());
            case ENTRY -> inbox.entry(word.getEntry());
            case CHUNK -> inbox.chunk(word.getChunk());
            case MAP -> map(from, word.getMap());
            // A later version's word, which it may not say to a server without its feature.
            case WORD_NOT_SET -> false;
          };
      if (moved) {
        acknowledge(from);
        if (from.takesMaps() != takesMaps()) {
          // What this server takes is said in the first word of a stream.
          LOG.info(
              "{} opens its stream anew: latency maps are {}",
              identity.serverId(),
              takesMaps() ? "wanted" : "not wanted any more");
          leave();
          connect();
          return;
        }
      }
      from.more();
    } catch (Inbox.NotOurLog refused) {
      lost(from, String.valueOf(refused.getMessage()));
    } catch (IOException failed) {
      LOG.error("the state of {} cannot be written", identity.serverId(), failed);
      lost(from, "its disk failed: " + failed.getMessage());
    } catch (RuntimeException | Error bug) {
      LOG.error("{} could not take a change", identity.serverId(), bug);
      lost(from, "a change could not be taken: " + bug);
    }
  }

  private boolean map(ControlStream from, MapChunk chunk) throws Inbox.NotOurLog {
    maps.chunk(chunk).ifPresent(held -> from.say(FromServer.newBuilder().setMapHeld(held).build()));
    return false;
  }

  private boolean head(ControlStream from, Head head) {
    from.takesReports = LinkFeature.RTT.isIn(head.getFeaturesList());
    boolean before = from.takesWritten;
    from.takesWritten = LinkFeature.WRITES.isIn(head.getFeaturesList());
    if (from.takesWritten && !before) {
      telling.go();
    }
    if (head.hasEcho() && head.getLeaseMillis() > 0) {
      Duration length = Duration.ofMillis(head.getLeaseMillis());
      lease.grant(new Lease.Grant(head.getEpoch(), head.getRevision(), head.getEcho(), length));
    }
    show(OptionalLong.of(head.getRevision()), true);
    return false;
  }

  private void acknowledge(ControlStream to) {
    show(seen.head(), true);
    Seen now = seen;
    Ack.Builder ack = Ack.newBuilder().setEpoch(now.epoch()).setRevision(now.revision());
    now.held().forEach(held -> ack.addHeld(held.toWire()));
    ack.addAllKept(around.kept().get());
    to.say(FromServer.newBuilder().setAck(ack).build());
    try {
      if (disk.isToBeFolded()) {
        inbox.compact();
      }
    } catch (IOException failed) {
      LOG.warn("the log of {} was not folded: {}", identity.serverId(), failed.getMessage());
    }
  }

  private void show(OptionalLong head, boolean connected) {
    Snapshot picture = inbox.picture();
    lease.applied(picture.epoch(), picture.revision());
    if (connected && head.isPresent() && picture.revision() >= head.getAsLong()) {
      ready = true;
    }
    seen =
        new Seen(
            picture.epoch(), picture.revision(), head, connected, picture.size(), inbox.held());
  }

  private boolean takesMaps() {
    return around.maps().map(MapTaker::isWanted).orElse(false);
  }

  private Hello hello() {
    Snapshot picture = inbox.picture();
    Hello.Builder hello =
        Hello.newBuilder()
            .setServerId(identity.serverId())
            .setRole(identity.role().name())
            .setIncarnation(identity.incarnation())
            .setEpoch(picture.epoch())
            .setRevision(picture.revision())
            .setChain(SnapshotCodec.bytes(picture.chain()))
            .addAllFeatures(new ArrayList<>(identity.features()));
    around
        .maps()
        .filter(MapTaker::isWanted)
        .ifPresent(
            taker -> hello.addFeatures(LinkFeature.MAPS.name()).setMapVersion(taker.version()));
    inbox.held().forEach(held -> hello.addHeld(held.toWire()));
    return hello.build();
  }
}
