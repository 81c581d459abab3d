package warmfront.edge.viewer;

import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The streams of one HTTP/2 connection, and what is remembered of those that are over. */
final class Http2Streams {
  private final IntObjectMap<Http2Stream> open = new IntObjectHashMap<>();
  private final ResetStreams resets = new ResetStreams();
  private int last;

  @Nullable Http2Stream get(int id) {
    return open.get(id);
  }

  boolean isEmpty() {
    return open.isEmpty();
  }

  int size() {
    return open.size();
  }

  /** Returns the last stream that the viewer began, or 0. */
  int last() {
    return last;
  }

  /** Returns whether no frame can be on it, because the viewer has not begun it. */
  boolean isAhead(int id) {
    return id > last;
  }

  /** The viewer begins a stream, or tries to. */
  void begun(int id) {
    last = id;
  }

  void add(Http2Stream stream) {
    open.put(stream.id(), stream);
  }

  void remove(Http2Stream stream) {
    open.remove(stream.id());
  }

  /** We reset a stream: what the viewer sent before it knew is no error (RFC 9113, 5.1). */
  void reset(int id) {
    resets.add(id);
  }

  /** Returns whether we reset the stream, not long ago. */
  boolean wasReset(int id) {
    return resets.contain(id);
  }

  /** Changes each stream's room; false if that is more than there can be (RFC 9113, 6.9.2). */
  boolean widen(long change) {
    for (Http2Stream stream : open.values()) {
      if (!stream.widen(change)) {
        return false;
      }
    }
    return true;
  }

  /** Ends the streams whose viewer is too slow. */
  void sweep(boolean roomless, long now) {
    for (Http2Stream stream : List.copyOf(open.values())) {
      if (!stream.closed() && (stream.isLost(now) || (roomless && stream.waiting() > 0))) {
        stream.lost();
      }
    }
  }

  /** Ends all; none is answered to its end. */
  void close(Http2Sender sender) {
    List<Http2Stream> all = List.copyOf(open.values());
    open.clear();
    for (Http2Stream stream : all) {
      sender.forget(stream);
      stream.close(false);
    }
  }
}
