package warmfront.bench;

import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import warmfront.time.Clock;

/** How long calls took. Thread-safe while they are taken. */
final class Times {
  private static final double NANOS_PER_MILLI = 1e6;

  private final Clock clock;
  private final ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();

  Times(Clock clock) {
    this.clock = clock;
  }

  /** Something that takes time. */
  @FunctionalInterface
  interface Call<T> {
    T call() throws Exception;
  }

  /** Makes a call and notes how long it took. */
  <T> T take(Call<T> call) throws Exception {
    return takeSince(clock.nanos(), call);
  }

  /** Makes a call that was due at a time, and notes how long after that it was done. */
  <T> T takeSince(long due, Call<T> call) throws Exception {
    T result = call.call();
    nanos.add(clock.nanos() - due);
    return result;
  }

  int count() {
    return nanos.size();
  }

  /** Returns the time, in milliseconds, that a share (0 to 1) of the calls did not exceed. */
  double quantile(double share) {
    long[] sorted = nanos.stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(sorted);
    return Sample.quantile(sorted, share) / NANOS_PER_MILLI;
  }
}
