package warmfront.edge.cache;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.bytes.Backing;

/**
 * Memory straight from the system, taken page by page as it is first written to, in huge pages
 * where the system has some (madvise(2)). Its pages may be lent to the kernel: what the kernel has
 * yet to send is let go of, not written over (MADV_DONTNEED), and stays with the kernel until the
 * last byte is acknowledged. Linux alone. Thread-safe.
 */
final class Pages implements Backing {
  private static final Logger LOG = LoggerFactory.getLogger(Pages.class);
  private static final Pages LINUX = new Pages();

  private Pages() {}

  /** Returns pages that can be lent, or plain memory where that is not Linux's. */
  static Backing orPlain() {
    return System.getProperty("os.name", "").equals("Linux") ? LINUX : Backing.PLAIN;
  }

  @Override
  @SuppressWarnings("restricted") // a mapping of our own, unmapped when nobody refers to it
  public ByteBuffer take(int bytes) {
    long address = Calls.map(bytes);
    if (address == Calls.FAILED) {
      throw new OutOfMemoryError("the system has no " + bytes + " bytes for cached objects");
    }
    var _ = Calls.advise(address, bytes, Calls.HUGE); // of no effect where there are none
    return MemorySegment.ofAddress(address)
        .reinterpret(bytes, Arena.ofAuto(), gone -> Calls.unmap(gone.address(), bytes))
        .asByteBuffer();
  }

  @Override
  public boolean lends() {
    return true;
  }

  @Override
  public boolean renew(ByteBuffer pages) {
    long address = MemorySegment.ofBuffer(pages).address();
    boolean fresh = Calls.advise(address, pages.remaining(), Calls.DONT_NEED) == 0;
    if (!fresh) {
      LOG.error("{} bytes of memory cannot be renewed and are lost", pages.remaining());
    }
    return fresh;
  }

  /** The system calls that Java has no other way to. */
  private static final class Calls {
    static final long FAILED = -1;
    static final int DONT_NEED = 4; // MADV_DONTNEED
    static final int HUGE = 14; // MADV_HUGEPAGE

    private static final int READ_WRITE = 3; // PROT_READ | PROT_WRITE
    private static final int PRIVATE_ANONYMOUS = 0x22; // MAP_PRIVATE | MAP_ANONYMOUS
    private static final int LAZY = 0x4000; // MAP_NORESERVE

    private static final MethodHandle MAP =
        handle(
            "mmap",
            FunctionDescriptor.of(
                JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle UNMAP =
        handle("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle ADVISE =
        handle("madvise", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));

    @SuppressWarnings("restricted") // the types are those of the manual pages
    private static MethodHandle handle(String name, FunctionDescriptor type) {
      Linker linker = Linker.nativeLinker();
      return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
    }

    static long map(long bytes) {
      try {
        return (long) MAP.invokeExact(0L, bytes, READ_WRITE, PRIVATE_ANONYMOUS | LAZY, -1, 0L);
      } catch (Throwable e) {
        throw new LinkageError("mmap", e);
      }
    }

    static void unmap(long address, long bytes) {
      try {
        var _ = (int) UNMAP.invokeExact(address, bytes);
      } catch (Throwable e) {
        throw new LinkageError("munmap", e);
      }
    }

    static int advise(long address, long bytes, int advice) {
      try {
        return (int) ADVISE.invokeExact(address, bytes, advice);
      } catch (Throwable e) {
        throw new LinkageError("madvise", e);
      }
    }
  }
}
