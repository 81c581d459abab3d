package warmfront.routing.dns;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The system calls of sockets that share a port and take many datagrams at once, which Java has no
 * other way to. Linux alone; thread-safe.
 */
final class LinuxDatagrams {
  /** Interrupted: the call may be made again. */
  static final int INTERRUPTED = -4;

  static final short AF_INET = 2;
  private static final short AF_INET6 = 10;
  private static final int SOCK_DGRAM_CLOEXEC = 0x80002;
  private static final int SOL_SOCKET = 1;
  private static final int SO_RCVBUF = 8;
  private static final int SO_REUSEPORT = 15;
  private static final int SHUT_RDWR = 2;
  private static final int WAIT_FOR_ONE = 0x10000; // MSG_WAITFORONE
  private static final int SOCKADDR_IN6_BYTES = 28;

  /** What the kernel may keep for us while we are busy; it grants as much as it is set up to. */
  private static final int RECEIVE_BUFFER_BYTES = 4 << 20;

  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final Linker.Option KEEP_ERRNO = Linker.Option.captureCallState("errno");

  /** Whether this system has the calls. */
  static final boolean AVAILABLE =
      System.getProperty("os.name", "").toLowerCase(Locale.ROOT).equals("linux")
          && JAVA_LONG.byteSize() == ADDRESS.byteSize()
          && Stream.of("recvmmsg", "sendmmsg")
              .allMatch(name -> Linker.nativeLinker().defaultLookup().find(name).isPresent());

  /** Handles are made when the first socket is opened: not where the calls are missing. */
  private static final class Calls {
    static final MethodHandle SOCKET =
        handle("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    static final MethodHandle OPTION =
        handle(
            "setsockopt",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    static final MethodHandle BIND =
        handle("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    static final MethodHandle SHUTDOWN =
        handle("shutdown", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    static final MethodHandle CLOSE = handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    static final MethodHandle RECEIVE =
        handle(
            "recvmmsg",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_LONG));
    static final MethodHandle SEND =
        handle("sendmmsg", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));

    @SuppressWarnings("restricted") // the types are those of the manual pages
    private static MethodHandle handle(String name, FunctionDescriptor type) {
      Linker linker = Linker.nativeLinker();
      MemorySegment symbol = linker.defaultLookup().findOrThrow(name);
      return linker.downcallHandle(symbol, type, KEEP_ERRNO);
    }
  }

  private LinuxDatagrams() {}

  /** Returns room for {@code errno}, for the thread that owns the arena. */
  static MemorySegment state(Arena arena) {
    return arena.allocate(STATE);
  }

  /**
   * Opens a socket at an address and port that others of ours may be opened at, too.
   *
   * @throws IOException if it cannot be had
   */
  static int open(InetSocketAddress at) throws IOException {
    boolean ipv4 = at.getAddress() instanceof Inet4Address;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = state(arena);
      short family = ipv4 ? AF_INET : AF_INET6;
      int socket =
          checked(
              (int) Calls.SOCKET.invokeExact(state, (int) family, SOCK_DGRAM_CLOEXEC, 0), state);
      try {
        MemorySegment one = arena.allocateFrom(JAVA_INT, 1);
        MemorySegment buffer = arena.allocateFrom(JAVA_INT, RECEIVE_BUFFER_BYTES);
        checked(
            (int) Calls.OPTION.invokeExact(state, socket, SOL_SOCKET, SO_REUSEPORT, one, 4), state);
        checked(
            (int) Calls.OPTION.invokeExact(state, socket, SOL_SOCKET, SO_RCVBUF, buffer, 4), state);
        MemorySegment address = address(at, family, arena);
        checked(
            (int) Calls.BIND.invokeExact(state, socket, address, (int) address.byteSize()), state);
        return socket;
      } catch (IOException failed) {
        close(socket);
        throw failed;
      }
    } catch (IOException | RuntimeException failed) {
      throw failed;
    } catch (Throwable e) {
      throw new LinkageError("a datagram socket", e);
    }
  }

  private static MemorySegment address(InetSocketAddress at, short family, Arena arena) {
    byte[] bytes = at.getAddress().getAddress();
    boolean ipv4 = family == AF_INET;
    MemorySegment address = arena.allocate(ipv4 ? 16 : SOCKADDR_IN6_BYTES, 8);
    address.set(JAVA_SHORT, 0, family);
    address.set(JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN), 2, (short) at.getPort());
    MemorySegment.copy(bytes, 0, address, JAVA_BYTE, ipv4 ? 4 : 8, bytes.length);
    if (at.getAddress() instanceof java.net.Inet6Address six) {
      address.set(JAVA_INT, 24, six.getScopeId());
    }
    return address;
  }

  private static int checked(int returned, MemorySegment state) throws IOException {
    if (returned < 0) {
      int errno = (int) ERRNO.get(state, 0L);
      throw new IOException(
          switch (errno) {
            case 13 -> "permission denied";
            case 98 -> "address already in use";
            case 99 -> "cannot assign requested address";
            default -> "errno " + errno;
          });
    }
    return returned;
  }

  /**
   * Waits for datagrams, takes those that are there, at most so many; returns how many, or the
   * negative {@code errno}. After {@link #shutdown} it returns at once.
   *
   * @param headers an array of {@code mmsghdr}
   */
  static int receive(int socket, MemorySegment headers, int max, MemorySegment state) {
    try {
      int count = (int) Calls.RECEIVE.invokeExact(state, socket, headers, max, WAIT_FOR_ONE, 0L);
      return count >= 0 ? count : -(int) ERRNO.get(state, 0L);
    } catch (Throwable e) {
      throw new LinkageError("recvmmsg", e);
    }
  }

  /** Sends datagrams; returns how many, or the negative {@code errno} if the first fails. */
  static int send(int socket, MemorySegment headers, int count, MemorySegment state) {
    try {
      int sent = (int) Calls.SEND.invokeExact(state, socket, headers, count, 0);
      return sent >= 0 ? sent : -(int) ERRNO.get(state, 0L);
    } catch (Throwable e) {
      throw new LinkageError("sendmmsg", e);
    }
  }

  /** Wakes who waits for datagrams. */
  static void shutdown(int socket) {
    try (Arena arena = Arena.ofConfined()) {
      // It is not connected, and the call says so; those that wait are woken all the same.
      var _ = (int) Calls.SHUTDOWN.invokeExact(state(arena), socket, SHUT_RDWR);
    } catch (Throwable e) {
      throw new LinkageError("shutdown", e);
    }
  }

  static void close(int socket) {
    try (Arena arena = Arena.ofConfined()) {
      var _ = (int) Calls.CLOSE.invokeExact(state(arena), socket);
    } catch (Throwable e) {
      throw new LinkageError("close", e);
    }
  }
}
