package warmfront.routing.dns;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.routing.dns.DnsCounters.Transport;

/**
 * Datagrams in batches: what has come while the last batch was answered is taken with one system
 * call and answered with another. Memory is laid out once; a query makes no garbage.
 */
final class BatchListener implements UdpListener {
  private static final Logger LOG = LoggerFactory.getLogger(BatchListener.class);

  /** Most datagrams of a batch: beyond, a system call's own cost is lost in that of datagrams. */
  static final int BATCH = 32;

  private static final Duration END = Duration.ofSeconds(1);

  // struct mmsghdr and struct iovec of 64-bit Linux.
  private static final int HEADER_BYTES = 64;
  private static final int NAME_OFFSET = 0;
  private static final int NAME_BYTES_OFFSET = 8;
  private static final int VECTOR_OFFSET = 16;
  private static final int VECTOR_COUNT_OFFSET = 24;
  private static final int LENGTH_OFFSET = 56;
  private static final int VECTOR_BYTES = 16;

  // struct sockaddr_in and sockaddr_in6.
  private static final int ADDRESS_BYTES = 32;
  private static final ValueLayout.OfShort PORT = JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt ADDRESS4 = JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong ADDRESS6 = JAVA_LONG.withOrder(ByteOrder.BIG_ENDIAN);

  private static final int LINE_BYTES = 64;

  private final int socket;
  private final Responder responder;
  private final DnsCounters counters;
  private final int queryBytesMax;
  private final Client client = new Client();
  private final byte[] message;
  private final Thread thread;
  private volatile boolean closed;

  private final MemorySegment state;
  private final MemorySegment addresses;
  private final MemorySegment in;
  private final MemorySegment inHeaders;
  private final int inStride;
  private final MemorySegment out;
  private final MemorySegment outHeaders;
  private final MemorySegment outVectors;
  private final int outStride;

  private BatchListener(int socket, Shared shared) {
    this.socket = socket;
    this.responder = new Responder(shared);
    this.counters = shared.counters();
    this.queryBytesMax = shared.limits().messages().queryBytesMax();
    this.message = new byte[queryBytesMax];
    this.thread = Thread.ofPlatform().name("dns-udp").unstarted(this::serve);
    Arena arena = Arena.ofAuto();
    this.state = LinuxDatagrams.state(arena);
    this.addresses = arena.allocate((long) BATCH * ADDRESS_BYTES, LINE_BYTES);
    // One byte more than a query may have, so that a longer one shows.
    this.inStride = stride(queryBytesMax + 1);
    this.in = arena.allocate((long) BATCH * inStride, LINE_BYTES);
    this.inHeaders = arena.allocate((long) BATCH * HEADER_BYTES, LINE_BYTES);
    this.outStride = stride(shared.limits().messages().udpReplyBytesMax());
    this.out = arena.allocate((long) BATCH * outStride, LINE_BYTES);
    this.outHeaders = arena.allocate((long) BATCH * HEADER_BYTES, LINE_BYTES);
    this.outVectors = arena.allocate((long) BATCH * VECTOR_BYTES, LINE_BYTES);
    MemorySegment inVectors = arena.allocate((long) BATCH * VECTOR_BYTES, LINE_BYTES);
    for (int i = 0; i < BATCH; i++) {
      vector(inVectors, i, in.address() + (long) i * inStride, queryBytesMax + 1);
      vector(outVectors, i, out.address() + (long) i * outStride, 0);
      header(inHeaders, i, inVectors);
      header(outHeaders, i, outVectors);
      inHeaders.set(JAVA_INT, header(i) + NAME_BYTES_OFFSET, ADDRESS_BYTES);
    }
  }

  /** An odd number of cache lines: the beginnings of a batch's messages share no cache set. */
  private static int stride(int bytes) {
    return ((bytes + LINE_BYTES - 1) / LINE_BYTES | 1) * LINE_BYTES;
  }

  private static void vector(MemorySegment vectors, int i, long address, long bytes) {
    vectors.set(JAVA_LONG, (long) i * VECTOR_BYTES, address);
    vectors.set(JAVA_LONG, (long) i * VECTOR_BYTES + Long.BYTES, bytes);
  }

  private void header(MemorySegment headers, int i, MemorySegment vectors) {
    headers.set(JAVA_LONG, header(i) + NAME_OFFSET, addresses.address() + address(i));
    headers.set(JAVA_LONG, header(i) + VECTOR_OFFSET, vectors.address() + (long) i * VECTOR_BYTES);
    headers.set(JAVA_LONG, header(i) + VECTOR_COUNT_OFFSET, 1);
  }

  private static long header(int i) {
    return (long) i * HEADER_BYTES;
  }

  private static long address(int i) {
    return (long) i * ADDRESS_BYTES;
  }

  static BatchListener open(InetSocketAddress at, Shared shared) throws IOException {
    return new BatchListener(LinuxDatagrams.open(at), shared);
  }

  @Override
  public void start() {
    thread.start();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (thread.getState() == Thread.State.NEW) {
      LinuxDatagrams.close(socket);
      return;
    }
    LinuxDatagrams.shutdown(socket);
    try {
      if (!thread.join(END)) {
        LOG.warn("a DNS socket did not come to an end");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns the thread that answers. */
  Thread thread() {
    return thread;
  }

  private void serve() {
    try {
      while (!closed) {
        int count = LinuxDatagrams.receive(socket, inHeaders, BATCH, state);
        if (count < 0 && count != LinuxDatagrams.INTERRUPTED && !closed) {
          counters.failures.increment();
          LOG.warn("no DNS queries can be taken: errno {}", -count);
        }
        if (count > 0 && !closed) {
          send(answer(count));
          makeRoom(count);
        }
      }
    } finally {
      LinuxDatagrams.close(socket);
    }
  }

  /** Tells the kernel how much room each address has, where it told us how much it took. */
  private void makeRoom(int count) {
    for (int i = 0; i < count; i++) {
      inHeaders.set(JAVA_INT, header(i) + NAME_BYTES_OFFSET, ADDRESS_BYTES);
    }
  }

  /** Answers so many datagrams; returns how many replies there are. */
  private int answer(int count) {
    responder.readClock();
    int replies = 0;
    for (int i = 0; i < count; i++) {
      int size = 0;
      try {
        size = answerOne(i);
      } catch (RuntimeException failed) {
        counters.failures.increment();
        LOG.warn("a DNS query over UDP failed", failed);
      }
      if (size > 0) {
        reply(replies++, i, size);
      }
    }
    return replies;
  }

  /** Returns the length of the reply to a datagram, in bytes; 0 if it gets none. */
  private int answerOne(int i) {
    int length = inHeaders.get(JAVA_INT, header(i) + LENGTH_OFFSET);
    long from = address(i);
    if (length > queryBytesMax || addresses.get(PORT, from + 2) == 0) {
      counters.silent.increment();
      return 0;
    }
    if (addresses.get(JAVA_SHORT, from) == LinuxDatagrams.AF_INET) {
      client.setIpv4(addresses.get(ADDRESS4, from + 4));
    } else {
      client.setIpv6(addresses.get(ADDRESS6, from + 8), addresses.get(ADDRESS6, from + 16));
    }
    MemorySegment.copy(in, JAVA_BYTE, (long) i * inStride, message, 0, length);
    return responder.respond(message, length, client, Transport.UDP);
  }

  private void reply(int slot, int to, int size) {
    MemorySegment.copy(responder.reply(), 0, out, JAVA_BYTE, (long) slot * outStride, size);
    outVectors.set(JAVA_LONG, (long) slot * VECTOR_BYTES + Long.BYTES, size);
    long header = header(slot);
    outHeaders.set(JAVA_LONG, header + NAME_OFFSET, addresses.address() + address(to));
    outHeaders.set(
        JAVA_INT,
        header + NAME_BYTES_OFFSET,
        inHeaders.get(JAVA_INT, header(to) + NAME_BYTES_OFFSET));
  }

  private void send(int replies) {
    int sent = 0;
    while (sent < replies) {
      int count =
          LinuxDatagrams.send(socket, outHeaders.asSlice(header(sent)), replies - sent, state);
      if (count < 0 && count != LinuxDatagrams.INTERRUPTED) {
        sent++; // this one cannot be sent: there may be no way to its client
      } else if (count > 0) {
        sent += count;
      }
    }
  }
}
