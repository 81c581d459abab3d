package warmfront.edge.step;

import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** The viewer's side of an exchange, as the other steps see it. */
public interface Reply {
  /**
   * Sends the one response. May be called on any thread; on the viewer's loop it costs no hop.
   *
   * @param whenSent called once, on the viewer's loop, whether it was sent or broke off
   */
  void send(Response response, Consumer<Delivery> whenSent);

  /**
   * Sends an interim response (RFC 9110, section 15.2), unless the final one has begun or the
   * viewer knows none. May be called on any thread.
   */
  default void interim(Head head) {}

  /**
   * Says that request and response are a conversation: neither is slow because it is silent.
   *
   * @param left run once, on the viewer's loop, if the viewer leaves before the end of the response
   *     and the protocol can tell, which HTTP/2 can
   */
  default void converse(Runnable left) {}

  /** Returns the viewer's event loop. */
  Executor loop();

  /** Returns whether the viewer has gone; nothing is sent to one that has. */
  boolean gone();
}
