package warmfront.link;

import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import warmfront.link.wire.FromServer;
import warmfront.rtt.RttReport;

/**
 * What a server tells control beside how far it is, as there is room for it: what it measured, and
 * what viewers wrote to. Confined to the follower's thread, but for the counts.
 */
final class Telling {
  /** For so long what is written is gathered into one word. */
  private static final long WRITTEN_MILLIS = 50;

  private final ScheduledExecutorService thread;
  private final Supplier<@Nullable ControlStream> stream;
  private final RttOutbox reports = new RttOutbox();
  private final WrittenOutbox written = new WrittenOutbox();
  private boolean writtenIsDue;

  /**
   * Makes one.
   *
   * @param thread the follower's
   * @param stream gives the stream that is open, if one is
   */
  Telling(ScheduledExecutorService thread, Supplier<@Nullable ControlStream> stream) {
    this.thread = thread;
    this.stream = stream;
  }

  /** Tells of what was measured, or drops it. */
  void report(RttReport report) {
    reports.put(report);
    sayReport();
  }

  /** Tells of what was written to, soon, with what else is meanwhile. */
  void wrote(String distribution, String path) {
    written.put(distribution, path);
    if (!writtenIsDue) {
      writtenIsDue = true;
      var _ = thread.schedule(this::sayWritten, WRITTEN_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** Goes on: there is a stream, or room in it. */
  void go() {
    sayReport();
    sayWritten();
  }

  /** Loses what was measured: nobody is there who would hear it. */
  void drop() {
    reports.drop();
  }

  private void sayReport() {
    @Nullable ControlStream open = stream.get();
    if (open == null || !open.takesReports) {
      reports.drop();
    } else if (open.isReady()) {
      reports.take().ifPresent(open::say);
    }
  }

  private void sayWritten() {
    writtenIsDue = false;
    @Nullable ControlStream open = stream.get();
    while (open != null && open.takesWritten && open.isReady()) {
      Optional<FromServer> word = written.take();
      if (word.isEmpty()) {
        return;
      }
      open.say(word.get());
    }
  }

  /** Returns how many reports were told. */
  long sent() {
    return reports.sent();
  }

  /** Returns how many reports were dropped. */
  long skipped() {
    return reports.skipped();
  }
}
