package warmfront.app.doctor;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.time.Duration;
import java.util.Optional;

/**
 * Whether something keeps this machine's clock right: the kernel is told so by NTP daemons
 * (adjtimex(2)).
 */
final class KernelClock {
  /** Certificates, signatures of the API and signed URLs bear a clock that is wrong by less. */
  private static final Duration ERROR_MAX = Duration.ofSeconds(5);

  private static final long TIMEX_BYTES = 208;
  private static final long MODES = 0;
  private static final long ESTIMATED_ERROR_MICROS = 32;
  private static final int UNSYNCHRONIZED = 5;

  private KernelClock() {}

  static Finding check() {
    Optional<MemorySegment> call = Linker.nativeLinker().defaultLookup().find("adjtimex");
    if (call.isEmpty()) {
      return Finding.note("whether the clock is kept right cannot be seen here");
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment timex = arena.allocate(TIMEX_BYTES, Long.BYTES);
      timex.set(JAVA_INT, MODES, 0);
      int state = (int) handle(call.get()).invokeExact(timex);
      long micros = timex.get(JAVA_LONG, ESTIMATED_ERROR_MICROS);
      if (state == UNSYNCHRONIZED) {
        return Finding.note(
            "nothing tells the kernel that the clock is right; run chrony or systemd-timesyncd"
                + " (in a container the host's clock counts)");
      }
      Duration error = Duration.ofNanos(1000 * micros);
      return error.compareTo(ERROR_MAX) > 0
          ? Finding.wrong("the clock may be wrong by %d s: look after NTP", error.toSeconds())
          : Finding.ok("the clock is kept right, to %d ms", error.toMillis());
    } catch (Throwable refused) {
      return Finding.note("whether the clock is kept right cannot be seen here: %s", refused);
    }
  }

  @SuppressWarnings("restricted") // the C library's own function, with the types of its manual
  private static MethodHandle handle(MemorySegment call) {
    return Linker.nativeLinker().downcallHandle(call, FunctionDescriptor.of(JAVA_INT, ADDRESS));
  }
}
