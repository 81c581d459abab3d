package warmfront.edge.origin;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import warmfront.bytes.Flow;
import warmfront.bytes.Slice;

/** A request's body whose parts come from a thread of their own, as a viewer's do. */
final class PartsFromElsewhere implements Flow {
  private final List<Slice> slices = new ArrayList<>();
  private final CountDownLatch cancelled = new CountDownLatch(1);
  private int next;
  private boolean breaksOff;
  private boolean neverEnds;

  PartsFromElsewhere(String... parts) {
    for (String part : parts) {
      slices.add(Slice.of(part.getBytes(StandardCharsets.ISO_8859_1)));
    }
  }

  /** Ends with a failure. */
  PartsFromElsewhere breakingOff() {
    breaksOff = true;
    return this;
  }

  /** Never ends. */
  PartsFromElsewhere neverEnding() {
    neverEnds = true;
    return this;
  }

  CountDownLatch cancelled() {
    return cancelled;
  }

  /** Returns how many pins are left. */
  synchronized int pins() {
    return slices.stream().mapToInt(Slice::pinCount).sum();
  }

  @Override
  public synchronized void next(Receiver receiver) {
    if (next < slices.size()) {
      Slice part = slices.get(next++);
      Thread.ofVirtual().start(() -> receiver.part(part));
    } else if (breaksOff) {
      Thread.ofVirtual().start(() -> receiver.broken("the viewer left"));
    } else if (!neverEnds) {
      Thread.ofVirtual().start(receiver::end);
    }
  }

  @Override
  public synchronized void cancel() {
    while (next < slices.size()) {
      slices.get(next++).release();
    }
    cancelled.countDown();
  }
}
