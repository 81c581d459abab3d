package warmfront.app.journeys;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A viewer that asks without a pause and remembers whatever was not answered with 200. */
final class Viewing implements AutoCloseable {
  /** One visit; returns the status. */
  interface Visit {
    int status() throws Exception;
  }

  private final List<String> bad = new CopyOnWriteArrayList<>();
  private final AtomicInteger visits = new AtomicInteger();
  private final Thread thread;
  private volatile boolean ends;

  private Viewing(Visit visit) {
    this.thread = Thread.ofPlatform().name("viewer").unstarted(() -> view(visit));
  }

  static Viewing begin(Visit visit) {
    Viewing viewing = new Viewing(visit);
    viewing.thread.start();
    return viewing;
  }

  private void view(Visit visit) {
    while (!ends) {
      try {
        int status = visit.status();
        if (status != 200) {
          bad.add("status " + status);
        }
      } catch (Exception failed) {
        bad.add(failed.toString());
      }
      visits.incrementAndGet();
    }
  }

  /** Waits for so many more visits. */
  void more(int count) throws Exception {
    int until = visits.get() + count;
    Await.until("the viewer goes on", () -> visits.get() >= until);
  }

  /** Returns what went wrong. */
  List<String> bad() {
    return List.copyOf(bad);
  }

  @Override
  public void close() {
    ends = true;
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
