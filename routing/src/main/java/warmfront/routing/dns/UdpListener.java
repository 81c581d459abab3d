package warmfront.routing.dns;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Answers the datagrams of one socket, on a thread of its own. */
sealed interface UdpListener permits BatchListener, ChannelListener {
  /** Begins to answer. */
  void start();

  /** Answers no more, and gives the port back. */
  void close() throws IOException;

  /**
   * Opens the sockets of a port, which the kernel spreads clients over.
   *
   * @throws IOException if the port cannot be had; none stays open
   */
  static List<UdpListener> open(InetSocketAddress at, Shared shared) throws IOException {
    List<UdpListener> opened = new ArrayList<>();
    try {
      if (!LinuxDatagrams.AVAILABLE) {
        opened.add(ChannelListener.open(at, shared));
        return opened;
      }
      for (int i = 0; i < shared.limits().udpSockets(); i++) {
        opened.add(BatchListener.open(at, shared));
      }
      return opened;
    } catch (IOException taken) {
      for (UdpListener one : opened) {
        one.close();
      }
      throw taken;
    }
  }
}
