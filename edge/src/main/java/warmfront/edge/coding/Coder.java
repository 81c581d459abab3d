package warmfront.edge.coding;

import java.io.IOException;
import java.io.OutputStream;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.bytes.Flow;
import warmfront.edge.step.Coding;

/** Compresses bodies, only so many at a time. Thread-safe. */
public final class Coder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Coder.class);

  private final Limits limits;
  private final ExecutorService threads;
  private final Future<Set<Coding>> working;
  private final AtomicInteger open = new AtomicInteger();
  private final LongAdder bodies = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder bytesIn = new LongAdder();
  private final LongAdder bytesOut = new LongAdder();

  /** Starts its threads, and has the native libraries loaded in the background. */
  public Coder(Limits limits) {
    this.limits = limits;
    threads =
        Executors.newFixedThreadPool(
            limits.threads(), Thread.ofPlatform().name("coding-", 0).daemon().factory());
    working = threads.submit(Coder::working);
  }

  /**
   * Returns a body in a coding, compressed while it flows.
   *
   * @param body taken over, unless there is no room
   * @param length of the body in bytes
   * @return empty if too many bodies are being compressed, or the coding is not to be had here
   */
  public Optional<Flow> encode(Coding coding, Flow body, long length) {
    if (!works(coding) || !enter()) {
      refused.increment();
      return Optional.empty();
    }
    bodies.increment();
    return Optional.of(new CodedFlow(this, body, coding, length));
  }

  private boolean works(Coding coding) {
    try {
      return working.get().contains(coding);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the codings were not tried", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** A library may be missing for this machine, or lie where nothing may be executed. */
  private static Set<Coding> working() {
    Set<Coding> working = EnumSet.noneOf(Coding.class);
    for (Coding coding : Coding.values()) {
      try (OutputStream encoder = Encoders.open(coding, 1, OutputStream.nullOutputStream())) {
        encoder.write(0);
        working.add(coding);
      } catch (IOException | LinkageError e) {
        LOG.warn("nothing is compressed by {}: {}", coding.token(), e.toString());
      }
    }
    return working;
  }

  private boolean enter() {
    if (open.incrementAndGet() > limits.bodies()) {
      open.decrementAndGet();
      return false;
    }
    return true;
  }

  /** A body has ended; called once for each. */
  void leave() {
    open.decrementAndGet();
  }

  void count(int in, int out) {
    bytesIn.add(in);
    bytesOut.add(out);
  }

  ExecutorService threads() {
    return threads;
  }

  /** Returns what it has done. */
  public Counts counts() {
    return new Counts(bodies.sum(), refused.sum(), bytesIn.sum(), bytesOut.sum());
  }

  /** Ends its threads; bodies under way break off. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
