package warmfront.bench;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.SplittableRandom;
import warmfront.time.Clock;

/**
 * Questions for one name's address as a resolver asks them for its viewers, each for another
 * network (RFC 7871): so many at a time on each of a few sockets, the next when replies have come.
 * One thread.
 */
final class DnsLoad implements AutoCloseable {
  static final String NAME = "d111111abcdef8.cdn.example.net";

  private static final int SOCKETS = 8;
  private static final int BATCH = 32;
  private static final int REPLY_BYTES_MAX = 1232;
  private static final int HEADER_BYTES = 64; // struct mmsghdr
  private static final int LENGTH_OFFSET = 56;
  private static final int DONT_WAIT = 0x40;
  private static final int REUSED_AFTER_NANOS = 200_000_000;
  private static final byte[] LOOPBACK = {127, 0, 0, 1};

  private static final MethodHandle SOCKET =
      call("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle CONNECT =
      call("connect", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle CLOSE =
      call("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle SEND =
      call("sendmmsg", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
  private static final MethodHandle RECEIVE =
      call(
          "recvmmsg",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_LONG));

  /**
   * What came of a load.
   *
   * @param replies that were answers
   * @param lost questions without a reply
   * @param wrong replies that were no answers
   * @param replyBytes of all replies, headers of lower layers not counted
   * @param seconds that it took
   */
  record Taken(long replies, long lost, long wrong, long replyBytes, double seconds) {}

  private final Clock clock;
  private final Networks networks;
  private final SplittableRandom random = new SplittableRandom(1);
  private final Arena arena = Arena.ofConfined();
  private final int[] sockets = new int[SOCKETS];
  private final int[] waiting = new int[SOCKETS];
  private final long[] heard = new long[SOCKETS];
  private final int questionBytes;
  private final MemorySegment questions;
  private final MemorySegment replies;
  private final MemorySegment out;
  private final MemorySegment in;
  private int id;

  /** Prepares the load for a server on {@code port} of this machine. */
  DnsLoad(Clock clock, Networks networks, int port) throws IOException {
    this.clock = clock;
    this.networks = networks;
    byte[] question = question();
    this.questionBytes = question.length;
    this.questions = arena.allocate((long) BATCH * questionBytes, 8);
    this.replies = arena.allocate((long) BATCH * REPLY_BYTES_MAX, 8);
    this.out = headers(questions, questionBytes);
    this.in = headers(replies, REPLY_BYTES_MAX);
    for (int i = 0; i < BATCH; i++) {
      MemorySegment.copy(
          question, 0, questions, JAVA_BYTE, (long) i * questionBytes, questionBytes);
    }
    for (int i = 0; i < SOCKETS; i++) {
      sockets[i] = connect(port);
    }
  }

  /** Returns the question, with the client subnet's three bytes at its end. */
  static byte[] question() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(new byte[] {0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1});
    for (String label : NAME.split("\\.", -1)) {
      bytes.write(label.length());
      bytes.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
    }
    bytes.writeBytes(new byte[] {0, 0, 1, 0, 1});
    ByteBuffer opt = ByteBuffer.allocate(22).put((byte) 0);
    opt.putShort((short) 41).putShort((short) REPLY_BYTES_MAX).putInt(0).putShort((short) 11);
    opt.putShort((short) 8).putShort((short) 7).putShort((short) 1).put((byte) 24);
    bytes.writeBytes(opt.array());
    return bytes.toByteArray();
  }

  private MemorySegment headers(MemorySegment bytes, int size) {
    MemorySegment vectors = arena.allocate(16L * BATCH, 8);
    MemorySegment headers = arena.allocate((long) HEADER_BYTES * BATCH, 8);
    for (int i = 0; i < BATCH; i++) {
      vectors.set(JAVA_LONG, 16L * i, bytes.address() + (long) i * size);
      vectors.set(JAVA_LONG, 16L * i + 8, size);
      headers.set(JAVA_LONG, (long) HEADER_BYTES * i + 16, vectors.address() + 16L * i);
      headers.set(JAVA_LONG, (long) HEADER_BYTES * i + 24, 1);
    }
    return headers;
  }

  private int connect(int port) throws IOException {
    MemorySegment address = arena.allocate(16, 4);
    address.set(JAVA_SHORT, 0, (short) 2);
    address.set(JAVA_BYTE, 2, (byte) (port >> 8));
    address.set(JAVA_BYTE, 3, (byte) port);
    MemorySegment.copy(LOOPBACK, 0, address, JAVA_BYTE, 4, LOOPBACK.length);
    try {
      int socket = (int) SOCKET.invokeExact(2, 2, 0);
      if (socket < 0 || (int) CONNECT.invokeExact(socket, address, 16) < 0) {
        throw new IOException("no socket for the load");
      }
      return socket;
    } catch (IOException failed) {
      throw failed;
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** Asks for so long. */
  Taken ask(Duration span) {
    long begin = clock.nanos();
    long end = begin + span.toNanos();
    long asked = 0;
    long answered = 0;
    long wrong = 0;
    long bytes = 0;
    for (long now = begin; now < end; now = clock.nanos()) {
      for (int i = 0; i < SOCKETS; i++) {
        int count = receive(sockets[i]);
        for (int j = 0; j < count; j++) {
          bytes += in.get(JAVA_INT, (long) HEADER_BYTES * j + LENGTH_OFFSET);
          wrong += isAnswer(j) ? 0 : 1;
        }
        if (count > 0) {
          answered += count;
          waiting[i] = Math.max(0, waiting[i] - count);
          heard[i] = now;
        } else if (waiting[i] > 0 && now - heard[i] > REUSED_AFTER_NANOS) {
          waiting[i] = 0; // what has not come by now is lost
        }
        int free = BATCH - waiting[i];
        if (free >= BATCH / 2) {
          int sent = send(sockets[i], free);
          if (waiting[i] == 0) {
            heard[i] = now;
          }
          waiting[i] += sent;
          asked += sent;
        }
      }
    }
    double seconds = (double) (clock.nanos() - begin) / 1e9;
    // What is still on its way is not lost.
    long lost = Math.max(0, asked - answered - (long) SOCKETS * BATCH);
    return new Taken(answered - wrong, lost, wrong, bytes, seconds);
  }

  /** Whether a reply says NOERROR, is whole, and has a record. */
  private boolean isAnswer(int index) {
    long at = (long) index * REPLY_BYTES_MAX;
    boolean whole = (replies.get(JAVA_BYTE, at + 2) & 2) == 0;
    return whole
        && (replies.get(JAVA_BYTE, at + 3) & 0xf) == 0
        && replies.get(JAVA_BYTE, at + 7) > 0;
  }

  private int receive(int socket) {
    try {
      return Math.max(0, (int) RECEIVE.invokeExact(socket, in, BATCH, DONT_WAIT, 0L));
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  private int send(int socket, int count) {
    for (int i = 0; i < count; i++) {
      long at = (long) i * questionBytes;
      int network = networks.number(random.nextInt(networks.size()));
      id++;
      questions.set(JAVA_BYTE, at, (byte) (id >> 8));
      questions.set(JAVA_BYTE, at + 1, (byte) id);
      questions.set(JAVA_BYTE, at + questionBytes - 3, (byte) (network >> 16));
      questions.set(JAVA_BYTE, at + questionBytes - 2, (byte) (network >> 8));
      questions.set(JAVA_BYTE, at + questionBytes - 1, (byte) network);
    }
    try {
      return Math.max(0, (int) SEND.invokeExact(socket, out, count, DONT_WAIT));
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  @Override
  public void close() {
    for (int socket : sockets) {
      try {
        var _ = (int) CLOSE.invokeExact(socket);
      } catch (Throwable impossible) {
        throw new AssertionError(impossible);
      }
    }
    arena.close();
  }

  @SuppressWarnings("restricted") // the C library's own functions, with the types of their manual
  private static MethodHandle call(String name, FunctionDescriptor types) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), types);
  }
}
