package warmfront.control.publish;

import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import warmfront.link.wire.FromControl;

/** A server that has room for one large word at a time, when the test says so. */
final class Slow extends ServerCallStreamObserver<FromControl> {
  private volatile boolean room;
  private final BlockingQueue<FromControl> words = new LinkedBlockingQueue<>();

  /** Reads words until one is such; returns all of them. */
  List<FromControl> readUntil(Session session, Predicate<FromControl> such)
      throws InterruptedException {
    List<FromControl> all = new ArrayList<>();
    while (all.isEmpty() || !such.test(all.getLast())) {
      room = true;
      session.signal();
      all.add(Optional.ofNullable(words.poll(10, TimeUnit.SECONDS)).orElseThrow());
    }
    return all;
  }

  List<FromControl> words() {
    return List.copyOf(words);
  }

  @Override
  public boolean isReady() {
    return room;
  }

  @Override
  public void onNext(FromControl word) {
    room &= word.hasHead();
    words.add(word);
  }

  @Override
  public boolean isCancelled() {
    return false;
  }

  @Override
  public void setOnCancelHandler(Runnable handler) {}

  @Override
  public void setCompression(String compression) {}

  @Override
  public void disableAutoInboundFlowControl() {}

  @Override
  public void setOnReadyHandler(Runnable handler) {}

  @Override
  public void request(int count) {}

  @Override
  public void setMessageCompression(boolean enable) {}

  @Override
  public void onError(Throwable failed) {}

  @Override
  public void onCompleted() {}
}
