package warmfront.edge.cache;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import warmfront.bytes.Flow;
import warmfront.bytes.Slice;
import warmfront.edge.step.Body;

/** Reads bodies as a viewer does, and makes bytes to compare them with. */
final class Bodies {
  /** A body that did not come in whole. */
  static final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1;

    Broken(String reason) {
      super(reason);
    }
  }

  private Bodies() {}

  static byte[] random(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  static byte[] bytes(Body body) {
    return switch (body) {
      case Body.None _ -> new byte[0];
      case Body.Pinned(Slice slice, int offset, int length) -> {
        byte[] bytes = new byte[length];
        slice.buffer().get(offset, bytes);
        slice.release();
        yield bytes;
      }
      case Body.Flowing(Flow flow) -> bytes(flow);
    };
  }

  static byte[] bytes(Flow flow) {
    try {
      return begin(flow).get(20, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new Broken(String.valueOf(e.getCause()));
    } catch (TimeoutException | InterruptedException e) {
      throw new AssertionError("no end of the body", e);
    }
  }

  /** Begins to read everything, on whatever thread it comes. */
  static CompletableFuture<byte[]> begin(Flow flow) {
    Everything everything = new Everything(flow);
    flow.next(everything);
    return everything.read;
  }

  private static final class Everything implements Flow.Receiver {
    final CompletableFuture<byte[]> read = new CompletableFuture<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Flow flow;

    Everything(Flow flow) {
      this.flow = flow;
    }

    @Override
    public void part(Slice part) {
      ByteBuffer buffer = part.buffer();
      byte[] copy = new byte[buffer.remaining()];
      buffer.get(copy);
      bytes.writeBytes(copy);
      part.release();
      flow.next(this);
    }

    @Override
    public void end() {
      read.complete(bytes.toByteArray());
    }

    @Override
    public void broken(String reason) {
      read.completeExceptionally(new Broken(reason));
    }
  }
}
