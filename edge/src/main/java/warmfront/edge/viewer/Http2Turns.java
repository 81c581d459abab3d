package warmfront.edge.viewer;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is to send a frame of its body, of the streams of one connection that have
 * something to send (RFC 9218, section 10): the most urgent first; of the same urgency, those that
 * share take turns with one another and with the first of those that do not.
 */
final class Http2Turns {
  private final List<Http2Stream> waiting = new ArrayList<>();
  private long turn;
  private long serialTurn;

  /** Adds a stream that has something to send; it may be there already. */
  void add(Http2Stream stream) {
    if (!stream.waits()) {
      stream.waits(true);
      stream.turn(++turn);
      waiting.add(stream);
    }
  }

  /** Takes out a stream that has nothing more to send. */
  void remove(Http2Stream stream) {
    if (stream.waits()) {
      stream.waits(false);
      waiting.remove(stream);
    }
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Returns the next stream that may send, and ends its turn; null if none may. */
  @Nullable Http2Stream next(long window) {
    @Nullable Http2Stream shared = null;
    @Nullable Http2Stream serial = null;
    int urgency = Http2Priority.URGENCY_MAX;
    for (int i = 0; i < waiting.size(); i++) {
      Http2Stream stream = waiting.get(i);
      Http2Priority priority = stream.priority();
      if (priority.urgency() > urgency || !stream.maySend(window)) {
        continue;
      }
      if (priority.urgency() < urgency) {
        urgency = priority.urgency();
        shared = null;
        serial = null;
      }
      if (priority.shared()) {
        shared = shared == null || stream.turn() < shared.turn() ? stream : shared;
      } else {
        serial = serial == null || stream.id() < serial.id() ? stream : serial;
      }
    }
    if (shared != null && (serial == null || shared.turn() < serialTurn)) {
      shared.turn(++turn);
      return shared;
    }
    serialTurn = ++turn;
    return serial;
  }
}
