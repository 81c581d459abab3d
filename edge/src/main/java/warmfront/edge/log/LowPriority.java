package warmfront.edge.log;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * The lowest priority there is for a thread (setpriority(2), which Linux applies to one thread).
 */
final class LowPriority {
  private static final int PROCESS = 0; // PRIO_PROCESS
  private static final int CALLER = 0;
  private static final int LOWEST = 19;

  private LowPriority() {}

  /** Gives it to the calling thread; elsewhere than on Linux it keeps what it has. */
  @SuppressWarnings("restricted") // the types are those of the manual page
  static void take() {
    if (!System.getProperty("os.name", "").equals("Linux")) {
      return;
    }
    Linker linker = Linker.nativeLinker();
    Optional<MemorySegment> call = linker.defaultLookup().find("setpriority");
    if (call.isEmpty()) {
      return;
    }
    try {
      var _ =
          (int)
              linker
                  .downcallHandle(
                      call.get(), FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT))
                  .invokeExact(PROCESS, CALLER, LOWEST);
    } catch (Throwable e) {
      throw new LinkageError("setpriority", e);
    }
  }
}
