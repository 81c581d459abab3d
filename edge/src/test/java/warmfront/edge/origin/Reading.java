package warmfront.edge.origin;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Flow;
import warmfront.bytes.Slice;

/** Reads a flow: whole, or a part at a time. */
final class Reading implements Flow.Receiver {
  private final Flow flow;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CompletableFuture<String> whole = new CompletableFuture<>();
  private int parts;

  private Reading(Flow flow) {
    this.flow = flow;
  }

  /**
   * A body that was read.
   *
   * @param text its bytes as Latin-1
   * @param parts in how many parts they came
   * @param broken why it broke off; null if it is complete
   */
  record Read(String text, int parts, @Nullable String broken) {}

  static Read all(Flow flow) throws Exception {
    var reading = new Reading(flow);
    flow.next(reading);
    String broken = reading.whole.get(15, TimeUnit.SECONDS);
    return new Read(
        reading.bytes.toString(StandardCharsets.ISO_8859_1),
        reading.parts,
        broken.isEmpty() ? null : broken);
  }

  /** Reads one part and returns its length; 0 at the end. */
  static int one(Flow flow) throws Exception {
    CompletableFuture<Integer> length = new CompletableFuture<>();
    flow.next(
        new Flow.Receiver() {
          @Override
          public void part(Slice part) {
            int bytes = part.length();
            part.release();
            length.complete(bytes);
          }

          @Override
          public void end() {
            length.complete(0);
          }

          @Override
          public void broken(String reason) {
            length.completeExceptionally(new AssertionError(reason));
          }
        });
    return length.get(15, TimeUnit.SECONDS);
  }

  @Override
  public void part(Slice part) {
    parts++;
    ByteBuffer buffer = part.buffer();
    byte[] copy = new byte[buffer.remaining()];
    buffer.get(copy);
    bytes.writeBytes(copy);
    part.release();
    flow.next(this); // the flow promises not to recurse
  }

  @Override
  public void end() {
    whole.complete("");
  }

  @Override
  public void broken(String reason) {
    whole.complete(reason.isEmpty() ? "?" : reason);
  }
}
