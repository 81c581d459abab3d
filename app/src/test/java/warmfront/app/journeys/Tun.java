package warmfront.app.journeys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * A network device of the kernel whose packets come to this program and from it (Linux, TUN). It
 * lies in the network namespace of the thread that opens it, and is gone with the process.
 */
final class Tun {
  /** Most bytes of a packet. */
  static final int PACKET_BYTES_MAX = 1500;

  private static final int READ_AND_WRITE = 2;
  private static final long SET_INTERFACE = 0x400454caL;
  private static final short TUN_WITHOUT_HEADER = 0x1001;
  private static final int INTERFACE_NAME_BYTES = 16;
  private static final int INTERFACE_REQUEST_BYTES = 40;
  private static final int NEW_NETWORK = 0x40000000;

  private static final MethodHandle OPEN =
      call("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle CONTROL =
      call(
          "ioctl",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle READ =
      call("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle WRITE =
      call("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle UNSHARE =
      call("unshare", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  private final int descriptor;

  private Tun(int descriptor) {
    this.descriptor = descriptor;
  }

  /** Takes this thread, and those that it starts from now on, into a new network namespace. */
  static void leaveNetwork() throws IOException {
    try {
      if ((int) UNSHARE.invokeExact(NEW_NETWORK) != 0) {
        throw new IOException("unshare(2) gives no network namespace");
      }
    } catch (IOException refused) {
      throw refused;
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** Makes a device in this thread's network namespace. */
  static Tun open(String name) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      int opened = (int) OPEN.invokeExact(arena.allocateFrom("/dev/net/tun"), READ_AND_WRITE);
      MemorySegment request = arena.allocate(INTERFACE_REQUEST_BYTES);
      request.setString(0, name);
      request.set(JAVA_SHORT, INTERFACE_NAME_BYTES, TUN_WITHOUT_HEADER);
      if (opened < 0 || (int) CONTROL.invokeExact(opened, SET_INTERFACE, request) != 0) {
        throw new IOException("no TUN device " + name);
      }
      return new Tun(opened);
    } catch (IOException refused) {
      throw refused;
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** Waits for a packet that leaves through the device. */
  byte[] read(MemorySegment scratch) throws IOException {
    try {
      long length = (long) READ.invokeExact(descriptor, scratch, scratch.byteSize());
      if (length < 0) {
        throw new IOException("the TUN device cannot be read");
      }
      return scratch.asSlice(0, length).toArray(JAVA_BYTE);
    } catch (IOException refused) {
      throw refused;
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** Lets a packet come in through the device; one that the kernel refuses is lost. */
  void write(byte[] packet, MemorySegment scratch) {
    MemorySegment.copy(packet, 0, scratch, JAVA_BYTE, 0, packet.length);
    try {
      long _ = (long) WRITE.invokeExact(descriptor, scratch, (long) packet.length);
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  @SuppressWarnings("restricted") // the C library's own functions, with the types of their manual
  private static MethodHandle call(
      String name, FunctionDescriptor types, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), types, options);
  }
}
