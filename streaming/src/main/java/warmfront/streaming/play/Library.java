package warmfront.streaming.play;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import warmfront.bytes.RangedReader.Wanted;
import warmfront.streaming.media.Medium;

/**
 * The media that viewers play: opened once for all who ask meanwhile, and kept for those who ask
 * later, as long as the object is the same and there is room. Thread-safe; never waits.
 */
final class Library {
  private final OnDemand.Objects objects;
  private final PlayLimits.Shelf limits;
  private final AtomicLong gathered = new AtomicLong();
  private final ReentrantLock lock = new ReentrantLock();

  /** Those being opened. Guarded by the lock. */
  private final Map<Wanted, Opener> openers = new HashMap<>();

  /** Those kept, the longest unused first. Guarded by the lock. */
  private final LinkedHashMap<Wanted, Outcome.Opened> kept = new LinkedHashMap<>(16, 0.75f, true);

  private long keptBytes;
  private long opened;

  /** What opening came to. */
  sealed interface Outcome {
    /** It can be played. */
    record Opened(Stretch.Source source, Medium medium) implements Outcome {}

    /** There is none, or it may not be had; {@code status} as HTTP has it. */
    record Missing(int status) implements Outcome {}

    /** It is there but cannot be played; {@code reason} says why. */
    record Unplayable(String reason) implements Outcome {}
  }

  /** Makes an empty library. */
  Library(OnDemand.Objects objects, PlayLimits.Shelf limits) {
    this.objects = objects;
    this.limits = limits;
  }

  /**
   * Opens the first of some paths that there is.
   *
   * @param paths at least one
   * @param loop where {@code then} is called, once
   */
  void open(String distribution, List<String> paths, Executor loop, Consumer<Outcome> then) {
    Wanted wanted = new Wanted(distribution, paths.getFirst());
    join(
        wanted,
        new Opener.Waiter(
            loop,
            outcome -> {
              if (isAbsent(outcome) && paths.size() > 1) {
                open(distribution, paths.subList(1, paths.size()), loop, then);
              } else {
                then.accept(outcome);
              }
            }));
  }

  /** Returns what is kept, in bytes. */
  long keptBytes() {
    lock.lock();
    try {
      return keptBytes;
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many files were opened that were not kept. */
  long opened() {
    lock.lock();
    try {
      return opened;
    } finally {
      lock.unlock();
    }
  }

  /** S3 says 403 of what is not there to those who may not list the bucket. */
  private static boolean isAbsent(Outcome outcome) {
    return outcome instanceof Outcome.Missing(int status) && (status == 404 || status == 403);
  }

  private void join(Wanted wanted, Opener.Waiter waiter) {
    Optional<Opener> begun = Optional.empty();
    lock.lock();
    try {
      Opener running = openers.get(wanted);
      if (running != null) {
        running.waiters().add(waiter);
        return;
      }
      if (openers.size() < limits.openingsMax()) {
        Opener opener = new Opener(this, wanted, objects, limits);
        opener.waiters().add(waiter);
        openers.put(wanted, opener);
        begun = Optional.of(opener);
      }
    } finally {
      lock.unlock();
    }
    begun.ifPresentOrElse(
        Opener::begin,
        () -> waiter.tell(new Outcome.Unplayable("too many files are being opened")));
  }

  /** Returns a medium that is kept, if the object still is what it was. */
  Optional<Outcome.Opened> kept(Wanted wanted, String version, long length) {
    lock.lock();
    try {
      return Optional.ofNullable(kept.get(wanted))
          .filter(found -> found.source().version().equals(version))
          .filter(found -> found.source().length() == length);
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether so many bytes more, or fewer, may be gathered. */
  boolean gather(long bytes) {
    return gathered.addAndGet(bytes) <= limits.gatheredBytesMax();
  }

  /** Ends an opening: whoever waits is told, and whoever asks from now on begins another. */
  void ended(Wanted wanted, Opener opener, Outcome outcome) {
    List<Opener.Waiter> told;
    lock.lock();
    try {
      openers.remove(wanted);
      told = List.copyOf(opener.waiters());
      if (outcome instanceof Outcome.Opened medium && !medium.equals(kept.get(wanted))) {
        opened++;
        keep(wanted, medium);
      }
    } finally {
      lock.unlock();
    }
    told.forEach(waiter -> waiter.tell(outcome));
  }

  private void keep(Wanted wanted, Outcome.Opened medium) {
    Outcome.Opened before = kept.put(wanted, medium);
    keptBytes += medium.medium().weight() - (before == null ? 0 : before.medium().weight());
    Iterator<Outcome.Opened> oldest = kept.values().iterator();
    while (keptBytes > limits.bytesMax() && oldest.hasNext()) {
      keptBytes -= oldest.next().medium().weight();
      oldest.remove();
    }
  }
}
