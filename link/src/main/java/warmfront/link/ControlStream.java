package warmfront.link;

import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import warmfront.link.wire.FleetGrpc;
import warmfront.link.wire.FromControl;
import warmfront.link.wire.FromServer;

/**
 * One stream to control and its channel. What comes is told to the owner on the owner's thread;
 * words are said on that thread only.
 */
final class ControlStream implements ClientResponseObserver<FromServer, FromControl> {
  /** Words that may be under way; each is asked for again once it was obeyed. */
  private static final int WINDOW = 64;

  /** Whose stream it is. */
  interface Owner {
    /** Returns the first word. */
    FromServer hello();

    /** Control said a word. */
    void heard(ControlStream from, FromControl word);

    /** The stream is over. */
    void lost(ControlStream which, String why);

    /** More can be said. */
    void ready();
  }

  private final ManagedChannel channel;
  private final Owner owner;
  private final Executor thread;
  private final boolean takesMaps;
  private @Nullable ClientCallStreamObserver<FromServer> out;

  /** When control said its last word, on the steady clock. */
  long lastWordNanos;

  /** Whether control takes reports. */
  boolean takesReports;

  /** Whether control invalidates what was written to. */
  boolean takesWritten;

  /**
   * Makes a stream that is not open yet.
   *
   * @param channel shut down with it
   * @param nanos what time it is, on the steady clock
   * @param takesMaps whether its first word asks for latency maps
   */
  ControlStream(
      ManagedChannel channel, Owner owner, Executor thread, long nanos, boolean takesMaps) {
    this.channel = channel;
    this.owner = owner;
    this.thread = thread;
    this.lastWordNanos = nanos;
    this.takesMaps = takesMaps;
  }

  boolean takesMaps() {
    return takesMaps;
  }

  void open() {
    var observer = FleetGrpc.newStub(channel).follow(this);
    observer.onNext(owner.hello());
  }

  void say(FromServer word) {
    if (out != null) {
      out.onNext(word);
    }
  }

  boolean isReady() {
    return out != null && out.isReady();
  }

  void more() {
    if (out != null) {
      out.request(1);
    }
  }

  void close() {
    if (out != null) {
      out.cancel("this server leaves the stream", null);
    }
    channel.shutdownNow();
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<FromServer> call) {
    out = call;
    call.disableAutoRequestWithInitial(WINDOW);
    call.setOnReadyHandler(() -> thread.execute(owner::ready));
  }

  @Override
  public void onNext(FromControl word) {
    thread.execute(() -> owner.heard(this, word));
  }

  @Override
  public void onError(Throwable failed) {
    thread.execute(() -> owner.lost(this, String.valueOf(failed.getMessage())));
  }

  @Override
  public void onCompleted() {
    thread.execute(() -> owner.lost(this, "control ended the stream"));
  }
}
