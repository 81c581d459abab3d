package warmfront.edge.viewer;

import io.netty.channel.EventLoop;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Flow;
import warmfront.edge.step.Body;
import warmfront.edge.step.Delivery;
import warmfront.edge.step.Head;
import warmfront.edge.step.Reply;
import warmfront.edge.step.Response;

/** One request on an HTTP/1 connection, and the way back to its viewer. */
final class Http1Exchange implements Reply, RequestBody.Source {
  private final Http1 connection;
  private final EventLoop executor;
  private final Received.Accepted asked;
  private final @Nullable RequestBody body;
  private boolean answered;

  Http1Exchange(Http1 connection, Received.Accepted asked) {
    this.connection = connection;
    this.asked = asked;
    executor = connection.loop().executor();
    body = asked.bodyLength() == 0 ? null : new RequestBody(executor, this);
  }

  Received.Accepted asked() {
    return asked;
  }

  /** Returns what brings the body; null if there is none. */
  @Nullable RequestBody upload() {
    return body;
  }

  /** Returns the body for whoever reads it. */
  Flow body() {
    return body == null ? NoBody.INSTANCE : body;
  }

  /** All of the body was offered. */
  void complete() {
    if (body != null) {
      body.complete();
    }
  }

  /** The rest of the body does not come. */
  void breakOff(String why) {
    if (body != null) {
      body.breakOff(why);
    }
  }

  /** Returns how many bytes of the body were received. */
  long received() {
    return body == null ? 0 : body.received();
  }

  /** Takes the right to answer; false if it was taken. */
  boolean claim() {
    boolean first = !answered;
    answered = true;
    return first;
  }

  boolean answered() {
    return answered;
  }

  @Override
  public void send(Response response, Consumer<Delivery> whenSent) {
    if (executor.inEventLoop()) {
      sendHere(response, whenSent);
      return;
    }
    try {
      executor.execute(() -> sendHere(response, whenSent));
    } catch (RejectedExecutionException e) {
      unsent(response.body(), whenSent); // the loop has ended, and the viewer with it
    }
  }

  private void sendHere(Response response, Consumer<Delivery> whenSent) {
    if (connection.gone() || !claim()) {
      unsent(response.body(), whenSent);
    } else {
      connection.send(this, response, whenSent);
    }
  }

  @Override
  public void interim(Head head) {
    if (executor.inEventLoop()) {
      connection.interim(this, head);
      return;
    }
    try {
      executor.execute(() -> connection.interim(this, head));
    } catch (RejectedExecutionException e) {
      // the loop has ended, and the viewer with it
    }
  }

  private void unsent(Body unsent, Consumer<Delivery> whenSent) {
    Bodies.discard(unsent);
    long now = connection.loop().nanos();
    whenSent.accept(new Delivery(0, 0, now, now, false, received()));
  }

  @Override
  public Executor loop() {
    return executor;
  }

  @Override
  public boolean gone() {
    return connection.gone();
  }

  @Override
  public void wanted() {
    connection.bodyWanted(this);
  }

  @Override
  public void taken(int bytes) {
    connection.bodyTaken(this);
  }

  @Override
  public void left() {
    connection.bodyTaken(this);
  }
}
