package warmfront.control.maps;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.control.store.Lead;
import warmfront.control.store.MapTable;
import warmfront.control.store.Store;
import warmfront.control.store.StoreUnavailable;
import warmfront.control.store.Transaction;
import warmfront.distribution.Kind;
import warmfront.distribution.Location;
import warmfront.rtt.MapEdition;
import warmfront.rtt.MapSource;
import warmfront.rtt.RttCodec;
import warmfront.rtt.RttReport;
import warmfront.time.Clock;

/**
 * Takes what edges measured, has maps made of it where this process has the lead, and gives the
 * newest map away. Its work is one thread's, in turns; {@link #take}, {@link #since} and the counts
 * are called by any and never wait.
 */
public final class MapDesk implements MapSource, AutoCloseable {
  /**
   * How long things take.
   *
   * @param turn between two looks at what waits
   * @param window between two editions
   * @param save between two times that what was learnt is written to the disk
   */
  public record Timing(Duration turn, Duration window, Duration save) {
    /** What control uses, with this window. */
    public static Timing of(Duration window) {
      return new Timing(Duration.ofSeconds(1), window, Duration.ofMinutes(10));
    }
  }

  /**
   * What a desk is told.
   *
   * @param maker makes the maker of maps, when the first one is due: it may take a second
   * @param state the file where what it learnt is kept for the next start
   * @param eager whether a map is made as soon as there are locations, though nothing was measured
   *     yet
   * @param timing how long things take
   */
  public record Options(Supplier<Maker> maker, Path state, boolean eager, Timing timing) {}

  /** Most rows that wait here for the next turn; reports beyond are lost. */
  static final int QUEUE_ROWS_MAX = 200_000;

  /** Most bytes that wait in the database for the process that makes maps. */
  static final long WAITING_BYTES_MAX = 64L << 20;

  /** A part of a map in the database, in bytes: no change waits longer than one is written. */
  static final int PART_BYTES = 1 << 20;

  /** Bytes of reports that are written to the database in one transaction. */
  private static final int BATCH_BYTES = 1 << 20;

  private static final int READ_AT_ONCE = 32;

  /** A server that says it has a map so far above ours is not believed. */
  private static final long AHEAD_MAX = 1L << 32;

  private static final Logger LOG = LoggerFactory.getLogger(MapDesk.class);

  private final Store store;
  private final Options options;
  private final Clock clock;
  private final Lead lead;
  private final ReportQueue queue = new ReportQueue(QUEUE_ROWS_MAX);
  private final Loads loads;
  private final LongAdder taken = new LongAdder();
  private final LongAdder lost = new LongAdder();
  private final LongAdder made = new LongAdder();
  private final AtomicLong ahead = new AtomicLong();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("latency-map").factory());
  private volatile Shelf shelf = Shelf.EMPTY;
  private volatile boolean making;
  private volatile Map<String, Double> loadGbps = Map.of();
  private @Nullable Maker maker;
  private List<Location> locations = List.of();
  private List<Location> madeOf = List.of();
  private long lookedAt = -1;
  private long madeNanos;
  private long savedNanos;

  private MapDesk(Store store, Options options, Clock clock) {
    this.store = store;
    this.options = options;
    this.clock = clock;
    this.lead = store.lead("latency-map");
    this.loads = new Loads(clock, options.timing().window().multipliedBy(Loads.WINDOWS));
    this.madeNanos = clock.nanos();
    this.savedNanos = madeNanos;
  }

  /** Opens a desk that works when it is told to. */
  static MapDesk open(Store store, Options options, Clock clock) {
    return new MapDesk(store, options, clock);
  }

  /** Begins to work. */
  public static MapDesk start(Store store, Options options, Clock clock) {
    MapDesk desk = new MapDesk(store, options, clock);
    long nanos = options.timing().turn().toNanos();
    ScheduledFuture<?> _ =
        desk.thread.scheduleWithFixedDelay(desk::work, 0, nanos, TimeUnit.NANOSECONDS);
    return desk;
  }

  /** Takes what an edge measured. */
  public void take(RttReport report) {
    taken.increment();
    if (!queue.offer(report)) {
      lost.increment();
    }
  }

  /** Hears that a server has a map of this version; the next ones are to be above it. */
  public void heardOf(long version) {
    if (version - shelf.version() < AHEAD_MAX) {
      ahead.accumulateAndGet(version, Math::max);
    }
  }

  @Override
  public Optional<MapEdition> since(long version) {
    return shelf.since(version);
  }

  @Override
  public long version() {
    return shelf.version();
  }

  /** Returns how it does. */
  public MapDeskCounts counts() {
    Shelf now = shelf;
    return new MapDeskCounts(
        now.version(),
        now.created(),
        now.bytes(),
        making,
        taken.sum(),
        lost.sum(),
        made.sum(),
        loadGbps);
  }

  /** Ends; what was learnt is on the disk, and another process may go on at once. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
        LOG.warn("the making of a map does not end");
        return;
      }
      save();
      lead.close();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void work() {
    try {
      turn();
    } catch (StoreUnavailable unavailable) {
      LOG.warn("maps wait for the database: {}", unavailable.getMessage());
    } catch (RuntimeException bug) {
      LOG.error("no map could be made", bug);
    }
  }

  /** Does what is due. */
  void turn() {
    making = lead.hold();
    look();
    if (making) {
      lookForLocations();
      if (options.eager() && maker == null && !locations.isEmpty()) {
        Maker _ = maker(); // which makes the first map
      }
      takeIn();
    } else {
      loads.forget();
      passOn();
    }
    loadGbps = loads.gbps();
    if (making) {
      makeIfDue();
    }
    if (isDue(savedNanos, options.timing().save())) {
      save();
    }
  }

  private void makeIfDue() {
    Maker there = maker;
    boolean due = isDue(madeNanos, options.timing().window());
    // A location that is gone gets viewers no longer, and a new one does not wait for its first.
    if (there != null && (due || !locations.equals(madeOf))) {
      madeNanos = clock.nanos();
      make(there);
    } else if (there == null && due && isKnown()) {
      madeNanos = clock.nanos();
      Maker _ = maker(); // which makes a map
    }
  }

  private void lookForLocations() {
    long head = store.read(Transaction::head);
    if (head != lookedAt) {
      locations =
          store.read(transaction ->
              transaction.latest(Kind.LOCATION).stream().map(Location.class::cast).toList());
      lookedAt = head;
    }
  }

  private boolean isDue(long since, Duration length) {
    return clock.nanos() - since >= length.toNanos();
  }

  /** Leaves what came in here to the process that makes maps. */
  private void passOn() {
    List<MapTable.Waiting> batch = new ArrayList<>();
    int bytes = 0;
    for (RttReport report : queue.drain()) {
      ByteBuffer rows = ByteBuffer.wrap(RttCodec.encode(report));
      batch.add(new MapTable.Waiting(report.serverId(), report.location(), rows));
      bytes += rows.remaining();
      if (bytes >= BATCH_BYTES) {
        write(batch);
        batch.clear();
        bytes = 0;
      }
    }
    if (!batch.isEmpty()) {
      write(batch);
    }
  }

  private void write(List<MapTable.Waiting> batch) {
    lost.add(store.write(transaction -> transaction.maps().addReports(batch, WAITING_BYTES_MAX)));
  }

  /** Gives the maker what came in here, and what other processes left. */
  private void takeIn() {
    queue.drain().forEach(this::takeIn);
    MapTable.Oldest oldest;
    do {
      oldest = store.read(transaction -> transaction.maps().oldestReports(READ_AT_ONCE));
      if (!oldest.reports().isEmpty()) {
        oldest.reports().forEach(this::takeIn);
        long upTo = oldest.upTo();
        making =
            lead.write(
                    transaction -> {
                      transaction.maps().removeReports(upTo);
                      return true;
                    })
                .isPresent();
      }
    } while (making && oldest.reports().size() == READ_AT_ONCE);
  }

  private void takeIn(RttReport report) {
    loads.hear(report);
    if (!report.rows().isEmpty()) {
      maker().take(report);
    }
  }

  private void takeIn(MapTable.Waiting waiting) {
    try {
      takeIn(RttCodec.decode(waiting.serverId(), waiting.location(), waiting.rows()));
    } catch (IllegalArgumentException newer) {
      LOG.warn("what {} measured cannot be read: {}", waiting.serverId(), newer.getMessage());
      lost.increment();
    }
  }

  /** Takes the newest map from the database, if it is newer than the one at hand. */
  private void look() {
    Optional<MapTable.Newest> newest = store.read(transaction -> transaction.maps().newest());
    if (newest.isPresent() && newest.get().version() > shelf.version()) {
      long known = shelf.version();
      List<MapEdition> fresh =
          store.read(transaction ->
              transaction.maps().editions(known == 0 ? 0 : known - Shelf.CHANGES_MAX));
      shelf = shelf.with(fresh, newest.get().created());
      heardOf(shelf.version());
    }
  }

  /** Whether a maker would know something that it was not told since this process started. */
  private boolean isKnown() {
    return shelf.version() > 0 || Files.exists(options.state());
  }

  private void make(Maker own) {
    if (own.version() < ahead.get()) {
      own.startAfter(ahead.get());
    }
    madeOf = locations;
    Optional<Maker.Made> edition = own.make(locations, loads.gbps());
    if (edition.isPresent() && publish(edition.get())) {
      made.increment();
    }
  }

  private boolean publish(Maker.Made edition) {
    Instant now = clock.now();
    List<MapEdition> both = new ArrayList<>(List.of(edition.whole()));
    edition.change().ifPresent(both::add);
    long version = edition.whole().version();
    boolean shown =
        both.stream().allMatch(this::put)
            && lead.write(transaction -> show(transaction, both, now)).orElse(false);
    if (shown) {
      shelf = shelf.with(both, now);
      LOG.info("made map {} of {} bytes", version, edition.whole().content().remaining());
    } else {
      LOG.warn("map {} is dropped: another process makes maps by now", version);
    }
    return shown;
  }

  private static boolean show(Transaction transaction, List<MapEdition> both, Instant now) {
    MapTable table = transaction.maps();
    long version = both.getFirst().version();
    if (table.newest().map(MapTable.Newest::version).orElse(0L) >= version) {
      return false;
    }
    both.forEach(one -> table.show(one.version(), one.base(), now));
    table.prune(version, version - Shelf.CHANGES_MAX);
    return true;
  }

  private boolean put(MapEdition edition) {
    ByteBuffer content = edition.content();
    int part = 0;
    for (int from = 0; from < content.limit(); from += PART_BYTES) {
      ByteBuffer slice = content.slice(from, Math.min(PART_BYTES, content.limit() - from));
      int number = part++;
      Optional<Boolean> written =
          lead.write(transaction -> {
            transaction.maps().putPart(edition.version(), edition.base(), number, slice);
            return true;
          });
      if (written.isEmpty()) {
        return false;
      }
    }
    return true;
  }

  private Maker maker() {
    Maker there = maker;
    if (there == null) {
      there = options.maker().get();
      maker = there;
      restore(there);
      // It takes nothing of locations that it has not heard of.
      make(there);
    }
    return there;
  }

  private void restore(Maker into) {
    if (Files.notExists(options.state())) {
      return;
    }
    try (InputStream in = new BufferedInputStream(Files.newInputStream(options.state()))) {
      into.restore(in);
    } catch (IOException unreadable) {
      LOG.warn("what was learnt of round-trip times is lost: {}", unreadable.getMessage());
    }
  }

  private void save() {
    savedNanos = clock.nanos();
    Maker there = maker;
    if (there == null) {
      return;
    }
    Path fresh = options.state().resolveSibling(options.state().getFileName() + ".new");
    try {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(fresh))) {
        there.save(out);
      }
      Files.move(fresh, options.state(), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException failed) {
      LOG.warn("what was learnt of round-trip times is not on the disk: {}", failed.getMessage());
    }
  }
}
