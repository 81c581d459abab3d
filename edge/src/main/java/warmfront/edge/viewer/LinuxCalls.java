package warmfront.edge.viewer;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The system calls of sending that Java has no other way to. Each returns what the call returns, or
 * the negative {@code errno}. Linux alone; thread-safe.
 */
final class LinuxCalls {
  /** Not now. */
  static final int AGAIN = 11;

  private static final int MORE = 0x8000; // MSG_MORE
  private static final int DONT_WAIT = 0x40; // MSG_DONTWAIT
  private static final int NO_SIGNAL = 0x4000; // MSG_NOSIGNAL
  private static final int SPLICE_NONBLOCK = 2;
  private static final int SPLICE_MORE = 4;
  private static final int PIPE_FLAGS = 0x80800; // O_CLOEXEC | O_NONBLOCK
  private static final int WRITE_ONLY = 0x80001; // O_CLOEXEC | O_WRONLY
  private static final int SET_PIPE_SIZE = 1031; // F_SETPIPE_SZ
  private static final long OUT_QUEUE = 0x5411; // SIOCOUTQ

  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  /** One for each thread that sends: loops, which are few and live long. */
  private static final ThreadLocal<MemorySegment> CAPTURED =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(STATE));

  private static final MethodHandle SEND =
      plain("send", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
  private static final MethodHandle VMSPLICE =
      handle("vmsplice", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  private static final MethodHandle SPLICE =
      handle(
          "splice",
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
  private static final MethodHandle PIPE =
      handle("pipe2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle CONTROL =
      handle(
          "fcntl",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle OPEN =
      handle(
          "open",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle DEVICE =
      handle(
          "ioctl",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle CLOSE =
      handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  private LinuxCalls() {}

  private static MethodHandle handle(
      String name, FunctionDescriptor type, Linker.Option... options) {
    Linker.Option[] all = new Linker.Option[options.length + 1];
    System.arraycopy(options, 0, all, 1, options.length);
    all[0] = Linker.Option.captureCallState("errno");
    return plain(name, type, all);
  }

  @SuppressWarnings("restricted") // the types are those of the manual pages
  private static MethodHandle plain(
      String name, FunctionDescriptor type, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type, options);
  }

  /**
   * Sends without waiting; {@code more} waits for what follows, to send it in one packet. Returns
   * -1 for any failure: every hit comes here, and the channel meets the error again.
   */
  static long send(int socket, long address, int length, boolean more) {
    int flags = DONT_WAIT | NO_SIGNAL | (more ? MORE : 0);
    try {
      return (long) SEND.invokeExact(socket, address, (long) length, flags);
    } catch (Throwable e) {
      throw new LinkageError("send", e);
    }
  }

  /** Puts the pages of one iovec into a pipe. */
  static long vmsplice(int pipe, MemorySegment part) {
    MemorySegment state = CAPTURED.get();
    try {
      return result((long) VMSPLICE.invokeExact(state, pipe, part, 1L, SPLICE_NONBLOCK), state);
    } catch (Throwable e) {
      throw new LinkageError("vmsplice", e);
    }
  }

  /** Moves bytes from a pipe on to where a descriptor leads. */
  static long splice(int pipe, int to, long length, boolean more) {
    MemorySegment state = CAPTURED.get();
    int flags = SPLICE_NONBLOCK | (more ? SPLICE_MORE : 0);
    try {
      return result((long) SPLICE.invokeExact(state, pipe, 0L, to, 0L, length, flags), state);
    } catch (Throwable e) {
      throw new LinkageError("splice", e);
    }
  }

  /** Makes a pipe of so many bytes: its ends for reading and for writing; nothing if it cannot. */
  static int[] pipe(int bytes) {
    MemorySegment state = CAPTURED.get();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ends = arena.allocate(JAVA_INT, 2);
      if ((int) PIPE.invokeExact(state, ends, PIPE_FLAGS) != 0) {
        return new int[0];
      }
      int[] pipe = {ends.getAtIndex(JAVA_INT, 0), ends.getAtIndex(JAVA_INT, 1)};
      // What is not granted only makes turns shorter.
      var _ = (int) CONTROL.invokeExact(state, pipe[1], SET_PIPE_SIZE, bytes);
      return pipe;
    } catch (Throwable e) {
      throw new LinkageError("pipe2", e);
    }
  }

  /** Returns how many bytes a socket was given that the other side has not acknowledged; or 0. */
  static int unacknowledged(int socket) {
    MemorySegment state = CAPTURED.get();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocate(JAVA_INT);
      int failed = (int) DEVICE.invokeExact(state, socket, OUT_QUEUE, bytes);
      return failed == 0 ? bytes.get(JAVA_INT, 0) : 0;
    } catch (Throwable e) {
      throw new LinkageError("ioctl", e);
    }
  }

  static int openForWriting(String path) {
    MemorySegment state = CAPTURED.get();
    try (Arena arena = Arena.ofConfined()) {
      return (int) OPEN.invokeExact(state, arena.allocateFrom(path), WRITE_ONLY);
    } catch (Throwable e) {
      throw new LinkageError("open", e);
    }
  }

  static void close(int descriptor) {
    MemorySegment state = CAPTURED.get();
    try {
      var _ = (int) CLOSE.invokeExact(state, descriptor);
    } catch (Throwable e) {
      throw new LinkageError("close", e);
    }
  }

  private static long result(long returned, MemorySegment state) {
    return returned >= 0 ? returned : -(int) ERRNO.get(state, 0L);
  }
}
