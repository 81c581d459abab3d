package warmfront.control.publish;

import io.grpc.inprocess.InProcessChannelBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import warmfront.control.identity.Fleet;
import warmfront.control.store.Kept;
import warmfront.control.store.Row;
import warmfront.control.store.Store;
import warmfront.distribution.Behavior;
import warmfront.distribution.Distribution;
import warmfront.distribution.Entrance;
import warmfront.distribution.Kind;
import warmfront.distribution.Location;
import warmfront.distribution.Origin;
import warmfront.distribution.PriceClass;
import warmfront.distribution.Publication;
import warmfront.distribution.Remedies;
import warmfront.distribution.Resource;
import warmfront.distribution.Server;
import warmfront.distribution.StreamingDistribution;
import warmfront.distribution.Wishes;
import warmfront.http.Fields;
import warmfront.http.Method;
import warmfront.link.Follower;
import warmfront.link.FollowerIdentity;
import warmfront.rtt.MapTaker;
import warmfront.rtt.RttReport;
import warmfront.snapshot.Entry;
import warmfront.snapshot.Snapshot;
import warmfront.snapshot.Subscriber;
import warmfront.time.ManualClock;

/** A control plane on SQLite and its fleet in one process, on a clock that a test moves. */
final class FleetFixture implements AutoCloseable {
  static final Follower.Timing QUICK =
      new Follower.Timing(
          Duration.ofMillis(10),
          Duration.ofMillis(5),
          Duration.ofMillis(50),
          Duration.ofSeconds(3600),
          Duration.ofSeconds(5));
  static final Timing TIMING =
      new Timing(
          Duration.ofMillis(50),
          Duration.ofSeconds(4),
          Duration.ofSeconds(20),
          Duration.ofMillis(100),
          Duration.ofSeconds(10));

  private static final Duration STEP = Duration.ofSeconds(2);

  final ManualClock clock = new ManualClock(Instant.parse("2026-11-23T12:00:00Z"));
  final Path folder;
  final String name = "fleet-" + new Random().nextLong();
  final MapShelf shelf = new MapShelf();
  final List<RttReport> reports = new CopyOnWriteArrayList<>();
  final List<Long> versions = new CopyOnWriteArrayList<>();
  private final Maps maps = new Maps(shelf, reports::add, versions::add);
  Store store;
  Publisher publisher;
  FleetServer server;
  private final Deque<AutoCloseable> followers = new ArrayDeque<>();

  /** What a server was shown. */
  static final class Recorder implements Subscriber {
    private final List<Snapshot> pictures = new ArrayList<>();
    private volatile @Nullable String poison;

    /** Refuses every change of the resource of this id from now on. */
    void refuse(String id) {
      poison = id;
    }

    @Override
    public synchronized Verdict take(Snapshot next, List<Entry> changes) {
      for (Entry change : changes) {
        if (change.id().equals(poison)) {
          return new Verdict.Rejected(change.revision(), "cannot be compiled");
        }
      }
      pictures.add(next);
      return new Verdict.Applied();
    }

    synchronized Snapshot last() {
      return pictures.isEmpty() ? Snapshot.empty() : pictures.getLast();
    }

    synchronized int count() {
      return pictures.size();
    }
  }

  FleetFixture(Path folder) {
    this.folder = folder;
    this.store = openStore();
    this.publisher = Publisher.start(store, clock, TIMING, Optional.of(maps));
    this.server = FleetServer.inProcess(name, publisher, new Closed());
  }

  /** Nobody enrols here. */
  static final class Closed implements Admission {
    @Override
    public Answer enrol(String secret, byte[] csr) {
      return new Answer.Refused("closed");
    }

    @Override
    public Answer renew(Peer.Vouched peer, byte[] csr) {
      return new Answer.Refused("closed");
    }

    @Override
    public Optional<String> refusal(Peer.Vouched peer) {
      return Optional.of("closed");
    }
  }

  /** Ends control as kill -9 would, as far as others can tell. */
  void stopControl() {
    server.close();
    publisher.close();
    store.close();
  }

  Store openStore() {
    return Store.open(Kept.chosen().url(folder), new SecretKeySpec(new byte[32], "AES"));
  }

  void startControl() {
    store = openStore();
    publisher = Publisher.start(store, clock, TIMING, Optional.of(maps));
    server = FleetServer.inProcess(name, publisher, new Closed());
  }

  void register(String id, Server.Role role) {
    Fleet fleet = new Fleet(store);
    fleet.register(
        new Location(
            "FRA", "Frankfurt", "DE", 50, 8, PriceClass.PRICE_CLASS_100, 10, Optional.empty()));
    fleet.register(
        new Server(id, role, "FRA", List.of(), List.of(), List.of(), 1, Server.State.ACTIVE));
  }

  Follower follow(String id, Server.Role role, Subscriber subscriber) {
    return follow(id, role, subscriber, Set.of());
  }

  Follower follow(String id, Server.Role role, Subscriber subscriber, Set<String> features) {
    return follow(id, role, subscriber, features, folder.resolve(id));
  }

  /** Follows from a folder of its own, as a machine that lost its disk. */
  Follower follow(String id, Server.Role role, Subscriber subscriber, Path disk) {
    return follow(id, role, subscriber, Set.of(), disk);
  }

  private Follower follow(
      String id, Server.Role role, Subscriber subscriber, Set<String> features, Path disk) {
    FollowerIdentity identity = new FollowerIdentity(id, role, clock.millis(), features);
    return follow(identity, disk, subscriber, around(name, Set::of, Optional.empty()));
  }

  /** Follows a server that takes latency maps. */
  Follower follow(String id, Server.Role role, MapTaker taker) {
    FollowerIdentity identity = new FollowerIdentity(id, role, clock.millis(), Set.of());
    return follow(
        identity, folder.resolve(id), new Recorder(), around(name, Set::of, Optional.of(taker)));
  }

  /** Follows a DNS server that sends viewers to {@code kept} whatever the log says. */
  Follower followDns(String id, Supplier<Set<String>> kept) {
    FollowerIdentity identity =
        new FollowerIdentity(id, Server.Role.ROUTING, clock.millis(), Set.of());
    return follow(
        identity, folder.resolve(id), new Recorder(), around(name, kept, Optional.empty()));
  }

  /** Follows an edge at another control process of this name. */
  Follower followAt(String control, String id) {
    FollowerIdentity identity =
        new FollowerIdentity(id, Server.Role.EDGE, clock.millis(), Set.of());
    return follow(
        identity, folder.resolve(id), new Recorder(), around(control, Set::of, Optional.empty()));
  }

  private Follower.Surroundings around(
      String control, Supplier<Set<String>> kept, Optional<MapTaker> taker) {
    return new Follower.Surroundings(
        () -> InProcessChannelBuilder.forName(control).build(),
        clock,
        new Random(1),
        QUICK,
        kept,
        taker);
  }

  private Follower follow(
      FollowerIdentity identity, Path disk, Subscriber subscriber, Follower.Surroundings around) {
    Follower follower = Follower.start(identity, disk, subscriber, around);
    followers.push(follower);
    return follower;
  }

  /** Lets time pass for control, while these servers go on speaking. */
  void pass(Duration time, String... speaking) {
    for (Duration left = time; left.isPositive(); left = left.minus(STEP)) {
      clock.advance(left.compareTo(STEP) < 0 ? left : STEP);
      publisher.look();
      eventually(() -> hears(publisher, Set.of(speaking)));
      publisher.judge();
    }
  }

  /** Returns whether these servers spoke since time last moved. */
  static boolean hears(Publisher publisher, Set<String> speaking) {
    return publisher.status().stream()
        .filter(one -> speaking.contains(one.serverId()))
        .allMatch(one -> one.silent().equals(Optional.of(Duration.ZERO)));
  }

  long publish(String id) {
    return append(
        Kind.PUBLICATION,
        id,
        Optional.of(
            new Publication(id, "d1.example", true, List.of(), false, Publication.Terms.USUAL)));
  }

  long append(Kind kind, String id, Optional<Resource> value) {
    return store.write(transaction -> transaction.append(kind, id, value));
  }

  /** Makes a distribution's row in progress, and its entry. */
  long distribution(String id, String header) {
    return store.write(transaction -> {
      long revision =
          transaction.append(
              Kind.DISTRIBUTION,
              id,
              Optional.of(distributionOf(id, header, PriceClass.PRICE_CLASS_ALL)));
      transaction.insert(
          new Row(
              "distribution", id, "", "InProgress", "e", clock.now(), clock.now(), revision, ""));
      return revision;
    });
  }

  /** Makes a streaming distribution's row in progress, and its entry. */
  void streamingDistribution(String id) {
    store.write(transaction -> {
      StreamingDistribution value =
          new StreamingDistribution(
              id,
              "s1.example",
              true,
              List.of("video.example"),
              "bucket.example",
              Optional.empty(),
              false,
              PriceClass.PRICE_CLASS_200,
              Optional.empty());
      long revision = transaction.append(value.kind(), id, Optional.of(value));
      Instant now = clock.now();
      transaction.insert(
          new Row("streaming-distribution", id, "", "InProgress", "e", now, now, revision, ""));
      return revision;
    });
  }

  /** Changes which locations answer for a distribution. */
  long change(String id, PriceClass priceClass) {
    return store.write(transaction -> {
      long revision =
          transaction.append(
              Kind.DISTRIBUTION, id, Optional.of(distributionOf(id, "", priceClass)));
      Row row = transaction.find("distribution", id).orElseThrow();
      transaction.update(row.withRevision(revision).withStatus("InProgress"));
      return revision;
    });
  }

  private static Distribution distributionOf(String id, String header, PriceClass priceClass) {
    Origin origin =
        new Origin(
            "o",
            "origin.example",
            "",
            Fields.of("X-Origin-Key", header),
            new Origin.S3(Optional.empty(), Duration.ofSeconds(30)),
            3,
            Duration.ofSeconds(10));
    Behavior behavior =
        new Behavior(
            "*",
            "o",
            Behavior.ViewerProtocol.ALLOW_ALL,
            Set.of(Method.GET),
            Set.of(Method.GET),
            Optional.of("policy"),
            Optional.empty(),
            Behavior.Options.NONE);
    return new Distribution(
        id,
        "d1.example",
        true,
        List.of(),
        "",
        true,
        true,
        priceClass,
        List.of(origin),
        List.of(),
        behavior,
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Wishes.NONE,
        Entrance.PLAIN,
        Remedies.NONE);
  }

  /** Makes a row in progress whose entry is a publication of {@code entryId}. */
  long row(String type, String id, String entryId) {
    return store.write(transaction -> {
      long revision =
          transaction.append(
              Kind.PUBLICATION,
              entryId,
              Optional.of(
                  new Publication(
                      entryId, "d1.example", true, List.of(), false, Publication.Terms.USUAL)));
      transaction.insert(
          new Row(type, id, "", "InProgress", "e", clock.now(), clock.now(), revision, "<x/>"));
      return revision;
    });
  }

  String status(String type, String id) {
    return store.read(transaction -> transaction.find(type, id).map(Row::status).orElse("gone"));
  }

  static void eventually(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    try {
      while (!condition.getAsBoolean()) {
        if (System.nanoTime() > end) {
          throw new AssertionError("it did not come about within 10 s");
        }
        boolean _ = new CountDownLatch(1).await(5, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", interrupted);
    }
  }

  @Override
  public void close() {
    followers.forEach(follower -> {
      if (follower instanceof Follower open) {
        open.close();
      }
    });
    stopControl();
  }
}
