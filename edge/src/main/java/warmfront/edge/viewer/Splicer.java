package warmfront.edge.viewer;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives pages to sockets without copying them: vmsplice(2) puts them into a pipe, splice(2) hands
 * them on. The pages must not change until the other side has acknowledged them. Between two calls
 * the pipe is empty: what a socket does not take is poured away, for it is in memory all the same.
 * One per loop, Linux alone.
 */
final class Splicer {
  private static final Logger LOG = LoggerFactory.getLogger(Splicer.class);

  /** Bytes that the pipe holds, and of one turn: what a socket mostly takes at a time. */
  private static final int PIPE = 256 << 10;

  private final int in;
  private final int out;
  private final int sink;

  /** One iovec: address and length. */
  private final MemorySegment part = Arena.ofAuto().allocate(ADDRESS.byteSize() * 2, 8);

  private Splicer(int in, int out, int sink) {
    this.in = in;
    this.out = out;
    this.sink = sink;
  }

  /** Makes one; empty where the system does not allow it. */
  static Optional<Splicer> open() {
    if (!System.getProperty("os.name", "").equals("Linux")) {
      return Optional.empty();
    }
    int[] pipe = LinuxCalls.pipe(PIPE);
    int sink = LinuxCalls.openForWriting("/dev/null");
    if (pipe.length == 2 && sink >= 0) {
      Splicer splicer = new Splicer(pipe[1], pipe[0], sink);
      if (splicer.works()) {
        return Optional.of(splicer);
      }
      splicer.close();
    }
    LOG.warn("pages cannot be spliced here: long bodies are copied when they are sent");
    return Optional.empty();
  }

  /** Some sandboxes forbid the calls. */
  private boolean works() {
    try (Arena arena = Arena.ofConfined()) {
      fill(arena.allocate(1).address(), 1);
      return LinuxCalls.splice(out, sink, 1, false) == 1;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Sends memory, as far as the socket takes it.
   *
   * @return how many bytes were taken
   * @throws IOException if the socket fails
   */
  int send(int socket, long address, int length) throws IOException {
    int sent = 0;
    while (sent < length) {
      int filled = fill(address + sent, Math.min(length - sent, PIPE));
      int taken = 0;
      boolean open = true;
      while (open && taken < filled) {
        boolean goesOn = sent + filled < length;
        long count = LinuxCalls.splice(out, socket, filled - taken, goesOn);
        open = count > 0;
        if (open) {
          taken += (int) count;
        } else if (count != -LinuxCalls.AGAIN) {
          empty(filled - taken);
          throw new IOException("splice to a viewer: error " + -count);
        }
      }
      sent += taken;
      if (taken < filled) {
        empty(filled - taken);
        return sent;
      }
    }
    return sent;
  }

  private int fill(long address, int length) throws IOException {
    part.set(JAVA_LONG, 0, address);
    part.set(JAVA_LONG, 8, length);
    long filled = LinuxCalls.vmsplice(in, part);
    if (filled <= 0) {
      throw new IOException("vmsplice: error " + -filled);
    }
    return (int) filled;
  }

  private void empty(int bytes) throws IOException {
    if (LinuxCalls.splice(out, sink, bytes, false) != bytes) {
      throw new IOException("a pipe did not become empty");
    }
  }

  /** Ends it. */
  void close() {
    LinuxCalls.close(in);
    LinuxCalls.close(out);
    LinuxCalls.close(sink);
  }
}
