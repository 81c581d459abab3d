package warmfront.edge.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.edge.step.AccessRecord;
import warmfront.edge.step.Atlas;
import warmfront.edge.step.Route;
import warmfront.edge.step.Site;
import warmfront.edge.step.StreamRecord;
import warmfront.time.Clock;

/**
 * The access logs of distributions that have logging on. {@link #take} never waits for the disk and
 * is called by any thread, mostly the event loops: each writes its rows into memory of its own, and
 * one thread writes those to the disk, many at a time.
 */
public final class Journal implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

  /** How long nothing must come before what was written is made visible. */
  private static final long REST_MILLIS = 200;

  /** After so many full batches those are asked for that fill slowly. */
  private static final int BATCHES_MAX = 64;

  /** So many written batches are kept to be filled again. */
  private static final int SPARE_MAX = 16;

  /** Of so many sites each thread knows where their rows go. */
  private static final int KNOWN_MAX = 256;

  /** How long nothing is tried after the disk failed. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** How long stopping waits for what is left to be written. */
  private static final Duration STOP_MAX = Duration.ofSeconds(2);

  /** Where one thread writes its rows; also the lock of them. */
  private static final class Desk {
    final Cells line = new Cells();
    final Sheet sheet = new Sheet(line);
    final Cells chosen = new Cells();
    Rows rows;
    private final IdentityHashMap<Site, Outlets> known = new IdentityHashMap<>();
    private @Nullable Site site;
    private Outlets outlets = Outlets.UNMATCHED;

    Desk(Rows rows) {
      this.rows = rows;
    }

    /** Returns where the rows of a site go; most requests are of the site of the one before. */
    @SuppressWarnings("ReferenceEquality") // a site is one object until something in it changes
    Outlets outlets(Site of, Form form, boolean logsAll) {
      if (of != site) {
        if (known.size() >= KNOWN_MAX) {
          known.clear();
        }
        site = of;
        outlets = known.computeIfAbsent(of, _ -> Outlets.of(of, form, logsAll));
      }
      return outlets;
    }
  }

  private final BlockingQueue<Rows> full = new LinkedBlockingQueue<>();
  private final Queue<Rows> spare = new ArrayBlockingQueue<>(SPARE_MAX);
  private final List<Desk> desks = new CopyOnWriteArrayList<>();
  private final ThreadLocal<Desk> own = ThreadLocal.withInitial(this::desk);

  /** Rows in batches that are full, or being written. */
  private final AtomicInteger waiting = new AtomicInteger();

  private final int queuedMax;
  private final Spool spool;
  private final Compressor compressor;
  private final Courier courier;
  private final LogFolder folder;
  private final boolean logsAll;
  private final Supplier<Atlas> atlas;
  private final Clock clock;
  private final Thread thread =
      Thread.ofPlatform().name("access-log").daemon().unstarted(this::run);
  private final LongAdder overflowed = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private volatile boolean stopping;
  private @Nullable Long pausedAtNanos;

  /**
   * Makes a journal.
   *
   * @param directory where the files go, one folder per distribution
   * @param logsAll whether every distribution is logged, and requests of none
   * @param atlas where viewers are, now
   */
  public Journal(
      Path directory,
      Limits limits,
      boolean logsAll,
      Supplier<Atlas> atlas,
      Clock clock,
      RandomGenerator random) {
    this.queuedMax = limits.queuedMax();
    this.spool = new Spool(directory, limits.spoolBytesMax());
    this.courier = new Courier(spool, limits.delivering(), new SplittableRandom(random.nextLong()));
    this.compressor = new Compressor(spool, courier::add);
    this.folder = new LogFolder(directory, limits, clock, random, this::finished);
    this.logsAll = logsAll;
    this.atlas = atlas;
    this.clock = clock;
  }

  /** Begins to write. */
  public void start() {
    thread.start();
    compressor.start();
  }

  /** Has finished files brought to their buckets by this one, from now on. */
  public void deliver(Carrier carrier) {
    courier.use(carrier);
  }

  /** Returns whether requests of a route are logged. */
  public boolean wants(Route route) {
    Site site = route.site();
    return logsAll || site.distribution().logging().isPresent() || !site.deliveries().isEmpty();
  }

  /** Returns whether requests that are of no distribution are logged. */
  public boolean wantsUnmatched() {
    return logsAll;
  }

  /** Takes a record; drops and counts it if too many wait. */
  public void take(AccessRecord accessRecord) {
    Desk desk = own.get();
    synchronized (desk) {
      if (hasRoom(desk)) {
        Line.write(accessRecord, desk.line);
        long millis = accessRecord.finishedMillis();
        @Nullable Route route = accessRecord.route().orElse(null);
        Outlets outlets =
            route == null
                ? Outlets.UNMATCHED
                : desk.outlets(route.site(), Form.Standard.WEB, logsAll);
        if (outlets.own().isPresent()) {
          put(desk, outlets.own().get(), desk.line, millis);
        }
        if (!outlets.chosen().isEmpty()) {
          desk.sheet.write(accessRecord, atlas.get());
          for (Outlets.Choice choice : outlets.chosen()) {
            choice.columns().write(desk.sheet, desk.chosen);
            put(desk, choice.series(), desk.chosen, millis);
          }
        }
      }
    }
  }

  /**
   * Takes an event of a streaming distribution; drops and counts it if too many wait.
   *
   * @param route the distribution's
   */
  public void take(Route route, StreamRecord event) {
    Desk desk = own.get();
    synchronized (desk) {
      if (hasRoom(desk)) {
        StreamLine.write(event, desk.line);
        desk.outlets(route.site(), Form.Standard.STREAM, logsAll)
            .own()
            .ifPresent(series -> put(desk, series, desk.line, event.millis()));
      }
    }
  }

  private boolean hasRoom(Desk desk) {
    boolean room = waiting.get() + desk.rows.count() < queuedMax;
    if (!room) {
      overflowed.increment();
    }
    return room;
  }

  /** Puts a row that is written among those of its file. Under the desk's lock. */
  private void put(Desk desk, Series series, Cells row, long millis) {
    if (!desk.rows.hasRoom(row.length())) {
      hand(desk);
    }
    desk.rows.add(series, millis, row);
  }

  private Desk desk() {
    Desk desk = new Desk(new Rows());
    desks.add(desk);
    return desk;
  }

  /** Gives the writer what is on a desk. Under its lock. */
  private void hand(Desk desk) {
    waiting.addAndGet(desk.rows.count());
    full.add(desk.rows);
    @Nullable Rows empty = spare.poll();
    desk.rows = empty == null ? new Rows() : empty;
  }

  /** Returns how many records were dropped because too many waited. */
  public long overflowed() {
    return overflowed.sum();
  }

  /** Returns how many records were dropped because the disk failed. */
  public long failed() {
    return failed.sum();
  }

  /** Returns what became of finished files. */
  public Counters.Files files() {
    return courier.counts();
  }

  /** Writes what waits, finishes and delivers the files, and ends; waits for that up to 10 s. */
  @Override
  public void close() {
    stopping = true;
    if (!thread.isAlive()) {
      return;
    }
    try {
      if (!thread.join(STOP_MAX)) {
        LOG.warn("access logs were not written within {}", STOP_MAX);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    compressor.close();
    courier.close();
  }

  private void finished(Path file) {
    spool.add(file);
    compressor.add(file);
  }

  /** Goes on with what an earlier process left. */
  private void goOn() throws IOException {
    for (Path file : spool.open()) {
      if (file.toString().endsWith(LogFile.OPEN)) {
        compressor.add(file);
      } else {
        courier.add(file);
      }
    }
  }

  private void run() {
    attempt(this::goOn);
    try {
      int batches = 0;
      while (!stopping) {
        @Nullable Rows next = full.poll(REST_MILLIS, TimeUnit.MILLISECONDS);
        if (next != null) {
          write(next);
        }
        batches = next == null ? 0 : batches + 1;
        if (batches % BATCHES_MAX == 0) {
          collect();
          attempt(folder::rest);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    collect();
    attempt(folder::finish);
  }

  /** Writes all that waits, on whatever desk. */
  private void collect() {
    for (Desk desk : desks) {
      synchronized (desk) {
        if (desk.rows.count() > 0) {
          hand(desk);
        }
      }
    }
    for (Rows left = full.poll(); left != null; left = full.poll()) {
      write(left);
    }
  }

  private void write(Rows rows) {
    for (Rows.Run run : rows.runs()) {
      if (isPaused()) {
        failed.add(run.count());
      } else if (!attempt(() -> folder.write(rows, run))) {
        failed.add(run.count());
        pausedAtNanos = clock.nanos();
      }
    }
    waiting.addAndGet(-rows.count());
    rows.clear();
    var _ = spare.offer(rows);
  }

  private boolean isPaused() {
    if (pausedAtNanos != null && clock.nanos() - pausedAtNanos >= PAUSE.toNanos()) {
      pausedAtNanos = null;
    }
    return pausedAtNanos != null;
  }

  private static boolean attempt(Deed deed) {
    try {
      deed.run();
      return true;
    } catch (IOException | UncheckedIOException e) {
      LOG.warn("access log: {}", e.toString());
      return false;
    }
  }

  /** Something that a full or broken disk may prevent. */
  private interface Deed {
    void run() throws IOException;
  }
}
