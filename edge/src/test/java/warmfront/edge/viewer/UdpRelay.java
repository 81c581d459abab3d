package warmfront.edge.viewer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The way between a viewer and the edge: a box that gives the viewer another port when asked to.
 */
final class UdpRelay implements AutoCloseable {
  private static final int DATAGRAM = 2048;

  private final InetSocketAddress edge;
  private final DatagramChannel inside;
  private volatile DatagramChannel outside;
  private volatile @Nullable InetSocketAddress viewer;
  private final AtomicLong left = new AtomicLong(Long.MAX_VALUE);

  /** Bytes that came from the viewer and were passed on, and from the edge. */
  final AtomicLong fromViewer = new AtomicLong();

  final AtomicLong fromEdge = new AtomicLong();

  /** The first byte of each datagram from the edge. */
  final ConcurrentLinkedQueue<Integer> kinds = new ConcurrentLinkedQueue<>();

  UdpRelay(InetSocketAddress edge) throws IOException {
    this.edge = edge;
    inside = bound();
    outside = bound();
    Thread.ofVirtual().start(this::inwards);
    DatagramChannel first = outside;
    Thread.ofVirtual().start(() -> outwards(first));
  }

  private static DatagramChannel bound() throws IOException {
    return DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  /** Returns where viewers connect. */
  InetSocketAddress address() throws IOException {
    return (InetSocketAddress) inside.getLocalAddress();
  }

  /** Gives the viewer another port, and forgets the last. */
  int move() throws IOException {
    DatagramChannel last = outside;
    DatagramChannel next = bound();
    Thread.ofVirtual().start(() -> outwards(next));
    outside = next;
    last.close();
    return ((InetSocketAddress) next.getLocalAddress()).getPort();
  }

  /** Passes on so many datagrams of the viewer's, and no more. */
  void passOn(long datagrams) {
    left.set(datagrams);
  }

  private void inwards() {
    ByteBuffer buffer = ByteBuffer.allocate(DATAGRAM);
    try {
      while (true) {
        viewer = (InetSocketAddress) inside.receive(buffer.clear());
        if (left.getAndDecrement() > 0) {
          fromViewer.addAndGet(buffer.position());
          send(buffer.flip());
        }
      }
    } catch (ClosedChannelException _) {
      // the end
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void send(ByteBuffer datagram) throws IOException {
    try {
      outside.send(datagram, edge);
    } catch (ClosedChannelException _) {
      outside.send(datagram, edge); // moved meanwhile
    }
  }

  private void outwards(DatagramChannel from) {
    ByteBuffer buffer = ByteBuffer.allocate(DATAGRAM);
    try {
      while (true) {
        from.receive(buffer.clear());
        fromEdge.addAndGet(buffer.position());
        kinds.add(buffer.get(0) & 0xFF);
        InetSocketAddress to = viewer;
        if (to != null) {
          inside.send(buffer.flip(), to);
        }
      }
    } catch (AsynchronousCloseException _) {
      // moved, or the end
    } catch (ClosedChannelException _) {
      // the end
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    inside.close();
    outside.close();
  }
}
