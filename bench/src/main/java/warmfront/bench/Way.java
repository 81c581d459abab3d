package warmfront.bench;

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
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.LockSupport;
import warmfront.time.Clock;

/**
 * A way to this same machine that takes its time, packet by packet, as a long line does: a device
 * of the kernel (tun) whose far address is answered by whoever listens at the near one. What is
 * sent to the far address comes back with both addresses exchanged, so that to each side the other
 * one is far; checksums stay right, because a sum does not depend on order. Handshakes, windows and
 * losses are the kernel's own.
 *
 * <p>{@code bench/run} makes the devices, in a network of their own: {@code way80} with the near
 * address 198.18.80.1 (RFC 2544 has these for measurements).
 */
final class Way implements AutoCloseable {
  private static final int READ_WRITE = 2;
  private static final long SET_DEVICE = 0x400454CAL; // TUNSETIFF
  private static final short PLAIN_PACKETS = 0x0001 | 0x1000; // IFF_TUN | IFF_NO_PI
  private static final int NAME_BYTES = 16;
  private static final int REQUEST_BYTES = 40; // struct ifreq
  private static final int PACKET_MAX = 2048;
  private static final int QUEUE_MAX = 16_384;
  private static final int FROM = 12; // RFC 791, 3.1
  private static final int TO = 16;
  private static final int ADDRESS_BYTES = 4;

  /** From the third on, arguments of open and ioctl are like those of printf. */
  private static final Linker.Option VARIADIC = Linker.Option.firstVariadicArg(2);

  private static final VarHandle ERRNO =
      Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle OPEN =
      call("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), VARIADIC);
  private static final MethodHandle IOCTL =
      call("ioctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS), VARIADIC);
  private static final MethodHandle READ =
      call("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle WRITE =
      call("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle CLOSE =
      call("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  private final Clock clock;
  private final int millis;
  private final int device;
  private final BlockingQueue<Packet> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
  private volatile boolean closed;

  /** A packet on its way. */
  private record Packet(MemorySegment bytes, long dueNanos) {}

  /**
   * Begins to carry packets.
   *
   * @param millis how long there and back
   * @throws IOException if the device cannot be had
   */
  Way(Clock clock, int millis) throws IOException {
    this.clock = clock;
    this.millis = millis;
    device = open("way" + millis);
    Thread.ofPlatform().daemon().name("way-in-" + millis).start(this::take);
    Thread.ofPlatform().daemon().name("way-out-" + millis).start(this::give);
  }

  /** Returns the address that is so far away. */
  String far() {
    return "198.18." + millis + ".2";
  }

  private static int open(String name) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
      int device = (int) OPEN.invokeExact(state, arena.allocateFrom("/dev/net/tun"), READ_WRITE);
      MemorySegment request = arena.allocate(REQUEST_BYTES);
      request.setString(0, name, StandardCharsets.US_ASCII);
      request.set(JAVA_SHORT, NAME_BYTES, PLAIN_PACKETS);
      if (device < 0 || (int) IOCTL.invokeExact(state, device, SET_DEVICE, request) < 0) {
        throw new IOException("no device " + name + ": error " + (int) ERRNO.get(state, 0L));
      }
      return device;
    } catch (IOException failed) {
      throw failed;
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  private void take() {
    long oneWayNanos = Duration.ofMillis(millis).toNanos() / 2;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
      MemorySegment packet = arena.allocate(PACKET_MAX);
      while (!closed) {
        long count = (long) READ.invokeExact(state, device, packet, (long) PACKET_MAX);
        if (count >= TO + ADDRESS_BYTES && packet.get(JAVA_BYTE, 0) >> 4 == 4) {
          byte[] bytes = packet.asSlice(0, count).toArray(JAVA_BYTE);
          exchange(bytes);
          MemorySegment kept = MemorySegment.ofArray(bytes);
          var _ = queue.offer(new Packet(kept, clock.nanos() + oneWayNanos)); // or is lost
        }
      }
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** Makes a packet one from where it was sent to. */
  static void exchange(byte[] packet) {
    for (int i = 0; i < ADDRESS_BYTES; i++) {
      byte from = packet[FROM + i];
      packet[FROM + i] = packet[TO + i];
      packet[TO + i] = from;
    }
  }

  private void give() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
      MemorySegment packet = arena.allocate(PACKET_MAX);
      while (!closed) {
        Packet next = queue.take();
        for (long left = next.dueNanos() - clock.nanos();
            left > 0;
            left = next.dueNanos() - clock.nanos()) {
          LockSupport.parkNanos(left);
        }
        packet.copyFrom(next.bytes());
        long _ = (long) WRITE.invokeExact(state, device, packet, next.bytes().byteSize());
      }
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  @Override
  public void close() {
    closed = true;
    try (Arena arena = Arena.ofConfined()) {
      int _ = (int) CLOSE.invokeExact(arena.allocate(Linker.Option.captureStateLayout()), device);
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  @SuppressWarnings("restricted") // the C library's own functions, with the types of their manual
  private static MethodHandle call(
      String name, FunctionDescriptor types, Linker.Option... further) {
    Linker.Option[] options = Arrays.copyOf(further, further.length + 1);
    options[further.length] = Linker.Option.captureCallState("errno");
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), types, options);
  }
}
