package warmfront.app;

import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.heartbeat.Heartbeat;
import warmfront.link.HeartbeatSender;

/** Tells the DNS server in the same process once a second that each location serves. */
final class Reports implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Reports.class);

  /**
   * A location that is reported.
   *
   * @param serverId its server
   * @param code its code
   */
  record Reported(String serverId, String code) {}

  private final List<Reported> all;
  private final long incarnation;
  private final LongSupplier revision;
  private final Consumer<Heartbeat> receiver;
  private final AtomicLong sequence = new AtomicLong();
  private final AtomicBoolean draining = new AtomicBoolean();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("reports").factory());

  private Reports(
      List<Reported> all, long incarnation, LongSupplier revision, Consumer<Heartbeat> receiver) {
    this.all = List.copyOf(all);
    this.incarnation = incarnation;
    this.revision = revision;
    this.receiver = receiver;
  }

  /** Begins to report. */
  static Reports start(
      List<Reported> all, long incarnation, LongSupplier revision, Consumer<Heartbeat> receiver) {
    Reports reports = new Reports(all, incarnation, revision, receiver);
    ScheduledFuture<?> _ =
        reports.thread.scheduleAtFixedRate(
            reports::report, 0, HeartbeatSender.PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    return reports;
  }

  /** Says at once, and from now on, that no new viewers are wanted. */
  void drain() {
    draining.set(true);
    report();
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }

  private void report() {
    try {
      for (Reported one : all) {
        receiver.accept(
            new Heartbeat(
                one.serverId(),
                one.code(),
                incarnation,
                sequence.incrementAndGet(),
                revision.getAsLong(),
                true,
                draining.get()));
      }
    } catch (RuntimeException bug) {
      // An exception would end the schedule, and with it every location's place in DNS.
      LOG.error("the locations could not be reported", bug);
    }
  }
}
