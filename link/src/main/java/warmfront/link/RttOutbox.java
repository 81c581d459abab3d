package warmfront.link;

import com.google.protobuf.ByteString;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import warmfront.link.wire.FromServer;
import warmfront.link.wire.Rtt;
import warmfront.rtt.RttCodec;
import warmfront.rtt.RttReport;

/**
 * The report that waits until the stream has room for it. There is one at most: a newer one takes
 * its place, and the older is lost. Confined to one thread, but for the counts.
 */
final class RttOutbox {
  private final LongAdder sent = new LongAdder();
  private final LongAdder skipped = new LongAdder();
  private @Nullable RttReport waiting;

  /** Takes a report that is to be said. */
  void put(RttReport report) {
    drop();
    waiting = report;
  }

  /** Loses what waits: nobody is there who would hear it. */
  void drop() {
    if (waiting != null) {
      waiting = null;
      skipped.increment();
    }
  }

  /** Returns what is to be said now. */
  Optional<FromServer> take() {
    RttReport report = waiting;
    if (report == null) {
      return Optional.empty();
    }
    waiting = null;
    sent.increment();
    Rtt.Builder word =
        Rtt.newBuilder()
            .setLocation(report.location())
            .setRows(ByteString.copyFrom(RttCodec.encode(report)));
    return Optional.of(FromServer.newBuilder().setRtt(word).build());
  }

  long sent() {
    return sent.sum();
  }

  long skipped() {
    return skipped.sum();
  }
}
