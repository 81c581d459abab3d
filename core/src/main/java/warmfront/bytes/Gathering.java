package warmfront.bytes;

import java.io.ByteArrayOutputStream;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Reads a body into memory, up to a limit. Owned by whoever was called last. */
public final class Gathering implements Flow.Receiver {
  private final Flow body;
  private final int bytesMax;
  private final Budget budget;
  private final Consumer<Gathered> then;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** Questions to be put: more than one if a part came before {@link Flow#next} returned. */
  private final AtomicInteger questions = new AtomicInteger();

  /** What came of it. */
  public sealed interface Gathered {
    /** All of it came. */
    final class Whole implements Gathered {
      private final byte[] bytes;

      private Whole(byte[] bytes) {
        this.bytes = bytes;
      }

      /** Returns its bytes, which are the caller's from now on. */
      public byte[] bytes() {
        return bytes;
      }
    }

    /** It is longer than it may be. */
    record TooLong() implements Gathered {}

    /** There is no memory for it. */
    record NoRoom() implements Gathered {}

    /** It broke off. */
    record Broken(String why) implements Gathered {}
  }

  /** How many bytes of bodies may be in memory at once. Thread-safe. */
  public static final class Budget {
    private final AtomicLong left;

    /** Makes one of so many bytes. */
    public Budget(long bytes) {
      left = new AtomicLong(bytes);
    }

    private boolean take(int bytes) {
      if (left.addAndGet(-bytes) >= 0) {
        return true;
      }
      left.addAndGet(bytes);
      return false;
    }

    /** A body of so many bytes is not held any more. */
    public void giveBack(int bytes) {
      left.addAndGet(bytes);
    }
  }

  private Gathering(Flow body, int bytesMax, Budget budget, Consumer<Gathered> then) {
    this.body = body;
    this.bytesMax = bytesMax;
    this.budget = budget;
    this.then = then;
  }

  /**
   * Reads a body to its end; cancels it if it is longer than {@code bytesMax}.
   *
   * @param budget of which a whole body's bytes are taken; whoever gets it gives them back
   * @param then is called once, on any thread
   */
  public static void of(Flow body, int bytesMax, Budget budget, Consumer<Gathered> then) {
    new Gathering(body, bytesMax, budget, then).ask();
  }

  private void ask() {
    if (questions.getAndIncrement() > 0) {
      return; // the stack does not grow by parts
    }
    do {
      body.next(this);
    } while (questions.decrementAndGet() > 0);
  }

  @Override
  public void part(Slice part) {
    int length = part.length();
    boolean tooLong = length > bytesMax - bytes.size();
    if (tooLong || !budget.take(length)) {
      part.release();
      body.cancel();
      budget.giveBack(bytes.size());
      then.accept(tooLong ? new Gathered.TooLong() : new Gathered.NoRoom());
      return;
    }
    byte[] copy = new byte[length];
    part.memory().get(copy);
    part.release();
    bytes.write(copy, 0, length);
    ask();
  }

  @Override
  public void end() {
    then.accept(new Gathered.Whole(bytes.toByteArray()));
  }

  @Override
  public void broken(String reason) {
    budget.giveBack(bytes.size());
    then.accept(new Gathered.Broken(reason));
  }
}
