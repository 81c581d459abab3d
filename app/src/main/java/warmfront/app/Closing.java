package warmfront.app;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is to be closed when a process ends, last opened first; a failure stops none of the rest.
 */
final class Closing implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

  private record Opened(String name, AutoCloseable closing) {}

  private final Deque<Opened> all = new ArrayDeque<>();

  /** Remembers what was opened. */
  synchronized void add(String name, AutoCloseable opened) {
    all.push(new Opened(name, opened));
  }

  @Override
  public void close() {
    for (Opened last = next(); last != null; last = next()) {
      try {
        last.closing().close();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      } catch (Exception failed) { // AutoCloseable declares nothing narrower
        LOG.warn("{} did not close: {}", last.name(), failed.toString());
      }
    }
  }

  private synchronized @Nullable Opened next() {
    return all.poll();
  }
}
