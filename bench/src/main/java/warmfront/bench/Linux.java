package warmfront.bench;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The few system calls of the load, straight to the C library: the JDK's channels copy every byte
 * they receive, and a fast server would wait for its client. Each returns what the call returns, or
 * the negative {@code errno}. One thread at a time.
 */
final class Linux {
  /** Nothing to read now. */
  static final int AGAIN = -11;

  /** Interrupted: the call may be made again. */
  static final int INTERRUPTED = -4;

  /** Bytes of one entry of {@link #await}'s table: packed on x86-64 alone (epoll_event). */
  private static final long EVENT_BYTES = amd64() ? 12 : 16;

  private static final long EVENT_DATA = amd64() ? 4 : 8;

  private static final int AF_INET = 2;
  private static final int SOCK_STREAM = 1;
  private static final int IN = 1;
  private static final int ADD = 1;
  private static final int DONT_WAIT = 0x40;
  private static final int NO_SIGNAL = 0x4000;
  private static final int TRUNCATE = 0x20;
  private static final byte[] LOOPBACK = {127, 0, 0, 1};

  private static final VarHandle ERRNO =
      Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle SOCKET =
      call("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle CONNECT =
      call("connect", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle SEND =
      call("send", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  private static final MethodHandle RECV =
      call("recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  private static final MethodHandle CLOSE =
      call("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle EPOLL_CREATE =
      call("epoll_create1", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle EPOLL_CTL =
      call("epoll_ctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
  private static final MethodHandle EPOLL_WAIT =
      call("epoll_wait", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));

  private final MemorySegment state;
  private final MemorySegment address;
  private final MemorySegment event;
  private final MemorySegment events;
  private final int eventsMost;

  /** Room for {@code eventsMost} events at a time, in {@code arena}. */
  Linux(Arena arena, int eventsMost) {
    this.state = arena.allocate(Linker.Option.captureStateLayout());
    this.address = arena.allocate(16, 4);
    this.event = arena.allocate(16, 8);
    this.events = arena.allocate(EVENT_BYTES * eventsMost, 8);
    this.eventsMost = eventsMost;
  }

  /** Returns a socket that is connected to {@code port} of this machine. */
  int connect(int port) {
    address.set(JAVA_SHORT, 0, (short) AF_INET);
    address.set(JAVA_BYTE, 2, (byte) (port >> 8));
    address.set(JAVA_BYTE, 3, (byte) port);
    MemorySegment.copy(LOOPBACK, 0, address, JAVA_BYTE, 4, LOOPBACK.length);
    try {
      int socket = result((int) SOCKET.invokeExact(state, AF_INET, SOCK_STREAM, 0));
      if (socket < 0) {
        return socket;
      }
      int connected = result((int) CONNECT.invokeExact(state, socket, address, 16));
      if (connected < 0) {
        close(socket);
        return connected;
      }
      return socket;
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** Sends the first {@code count} bytes. */
  long send(int socket, MemorySegment bytes, long count) {
    try {
      return result((long) SEND.invokeExact(state, socket, bytes, count, DONT_WAIT | NO_SIGNAL));
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** Receives at most {@code count} bytes, without waiting. */
  long receive(int socket, MemorySegment into, long count) {
    return receive(socket, into, count, DONT_WAIT);
  }

  /**
   * Drops at most {@code count} received bytes inside the kernel: {@code scratch} stays as it is.
   */
  long drop(int socket, MemorySegment scratch, long count) {
    return receive(socket, scratch, count, DONT_WAIT | TRUNCATE);
  }

  private long receive(int socket, MemorySegment into, long count, int flags) {
    try {
      return result((long) RECV.invokeExact(state, socket, into, count, flags));
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** Returns a new set of sockets to wait for. */
  int readiness() {
    try {
      return result((int) EPOLL_CREATE.invokeExact(state, 0));
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** Adds a socket, whose events will carry {@code index}. */
  int watch(int readiness, int socket, int index) {
    event.set(JAVA_INT_UNALIGNED, 0, IN);
    event.set(JAVA_LONG_UNALIGNED, EVENT_DATA, index);
    try {
      return result((int) EPOLL_CTL.invokeExact(state, readiness, ADD, socket, event));
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** Waits for events and returns how many there are; {@link #index} tells whose. */
  int await(int readiness, int millis) {
    try {
      return result((int) EPOLL_WAIT.invokeExact(state, readiness, events, eventsMost, millis));
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** Returns the index of the socket that the {@code n}th event is of. */
  int index(int n) {
    return (int) events.get(JAVA_LONG_UNALIGNED, n * EVENT_BYTES + EVENT_DATA);
  }

  void close(int socket) {
    try {
      result((int) CLOSE.invokeExact(state, socket));
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  private int result(int returned) {
    return returned < 0 ? -(int) ERRNO.get(state, 0L) : returned;
  }

  private long result(long returned) {
    return returned < 0 ? -(int) ERRNO.get(state, 0L) : returned;
  }

  private static boolean amd64() {
    return System.getProperty("os.arch", "").equals("amd64");
  }

  @SuppressWarnings("restricted") // the C library's own functions, with the types of their manual
  private static MethodHandle call(String name, FunctionDescriptor types) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name), types, Linker.Option.captureCallState("errno"));
  }
}
