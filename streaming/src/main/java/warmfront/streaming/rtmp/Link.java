package warmfront.streaming.rtmp;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * A session's side of a connection. Used on its loop only. What is sent is gathered, and goes out
 * with {@link #flush}, which is called after each call of the session. Never waits and never
 * refuses: a session that sends much asks {@link #isWritable} between messages. After its end it
 * takes everything and does nothing.
 */
public interface Link {
  /** Returns a name that no other link of this process has: 16 letters and digits. */
  String id();

  /** Returns the peer's address. */
  InetSocketAddress remoteAddress();

  /** Returns the address that the peer connected to. */
  InetSocketAddress localAddress();

  /** Returns how it is carried. */
  Variant variant();

  /** Returns the loop; the same object for all links of a loop. */
  Executor loop();

  /** Runs a task on the loop after a while; it is not run after the link's end. */
  Timer after(Duration delay, Runnable task);

  /**
   * Sends what a server says before it answers connect: window acknowledgement size, peer bandwidth
   * and its chunk size (RTMP 1.0, section 7.2.1.1).
   */
  void greet();

  /** Sends a command or an answer, in AMF0. */
  void command(int streamId, String name, double transaction, List<Amf> values);

  /** Sends script data with the timestamp 0, in AMF0: onMetaData, |RtmpSampleAccess and so on. */
  void data(int streamId, List<Amf> values);

  /** Sends an event of the stream (RTMP 1.0, section 7.1.7). */
  void event(StreamEvent event, int streamId);

  /** Sends audio, video or data, copying the body. */
  void media(MediaHead head, Body body);

  /** Sends a message that was encoded once for many; the caller keeps its own hold of it. */
  void packet(Packet packet);

  /** Sends now what was gathered. */
  void flush();

  /**
   * Returns whether little enough waits to be sent; if not, {@link Session#writable} follows once
   * it does. Counts what is gathered and what the kernel has not taken.
   */
  boolean isWritable();

  /** Returns how many bytes wait to be sent. */
  long pendingBytes();

  /** Returns how many bytes came from the peer so far, its handshake included. */
  long receivedBytes();

  /** Returns how many bytes were handed over to be sent so far, the handshake included. */
  long sentBytes();

  /** Lets the peer stay: it has said what it wants. Until then it has little time and memory. */
  void admit();

  /** Lets the peer send media, and long messages. */
  void admitPublisher();

  /** Sends what was gathered and closes. Idempotent. */
  void close();

  /** Something that happens later. */
  interface Timer {
    /** Makes it not happen. Idempotent; also does nothing when it has happened. */
    void cancel();
  }
}
