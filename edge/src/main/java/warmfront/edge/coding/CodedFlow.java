package warmfront.edge.coding;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.bytes.Flow;
import warmfront.bytes.Slice;
import warmfront.edge.step.Coding;

/**
 * A body in a coding. Each part of the source is compressed on one of the coder's threads, which
 * goes on with the reader, or asks for the next part if nothing came of it. Owned by its reader, or
 * by the part that is on its way; {@link #cancel} may come from any thread.
 */
final class CodedFlow implements Flow, Flow.Receiver {
  private static final Logger LOG = LoggerFactory.getLogger(CodedFlow.class);

  private enum State {
    /** The encoder is nobody's. */
    IDLE,
    /** A thread has the encoder. */
    BUSY,
    /** The encoder is closed, or whoever has it will close it. */
    ENDED
  }

  private final Coder coder;
  private final Flow source;
  private final Coding coding;
  private final long length;
  private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);
  private final ByteArrayOutputStream made = new ByteArrayOutputStream();
  private @Nullable OutputStream encoder;
  private @Nullable Receiver reader;

  /** Whether the source has ended; then the reader is told when it asks next. */
  private boolean complete;

  CodedFlow(Coder coder, Flow source, Coding coding, long length) {
    this.coder = coder;
    this.source = source;
    this.coding = coding;
    this.length = length;
  }

  @Override
  public void next(Receiver receiver) {
    if (complete) {
      receiver.end();
    } else {
      reader = receiver;
      source.next(this);
    }
  }

  @Override
  public void cancel() {
    if (state.getAndSet(State.ENDED) == State.IDLE) {
      close();
    }
    source.cancel();
  }

  // ---- what the source says

  @Override
  public void part(Slice part) {
    try {
      coder.threads().execute(() -> encode(part));
    } catch (RejectedExecutionException e) {
      part.release();
      source.cancel();
      broken("the edge is stopping");
    }
  }

  @Override
  public void end() {
    try {
      coder.threads().execute(this::finish);
    } catch (RejectedExecutionException e) {
      broken("the edge is stopping");
    }
  }

  @Override
  public void broken(String reason) {
    if (state.getAndSet(State.ENDED) == State.IDLE) {
      close();
    }
    reader().broken(reason);
  }

  // ---- on one of the coder's threads

  private void encode(Slice part) {
    byte[] bytes = bytes(part);
    part.release();
    if (!state.compareAndSet(State.IDLE, State.BUSY)) {
      return; // cancelled
    }
    byte[] out;
    try {
      encoder().write(bytes, 0, bytes.length);
      out = taken(bytes.length);
    } catch (IOException e) {
      fail(e);
      return;
    }
    if (!state.compareAndSet(State.BUSY, State.IDLE)) {
      close();
    } else if (out.length > 0) {
      reader().part(Slice.of(out));
    } else {
      source.next(this);
    }
  }

  private void finish() {
    if (!state.compareAndSet(State.IDLE, State.BUSY)) {
      return; // cancelled
    }
    byte[] out;
    try {
      encoder().close();
      out = taken(0);
    } catch (IOException e) {
      fail(e);
      return;
    }
    coder.leave();
    if (state.getAndSet(State.ENDED) == State.BUSY) {
      complete = true;
      reader().part(Slice.of(out));
    }
  }

  /** The encoder has failed, which the viewer sees as a body that breaks off. */
  private void fail(IOException cause) {
    boolean wanted = state.getAndSet(State.ENDED) == State.BUSY;
    close();
    if (wanted) {
      source.cancel();
      reader().broken("could not be compressed: " + cause.getMessage());
    }
  }

  private static byte[] bytes(Slice part) {
    ByteBuffer buffer = part.buffer();
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  private OutputStream encoder() throws IOException {
    @Nullable OutputStream open = encoder;
    if (open == null) {
      open = Encoders.open(coding, length, made);
      encoder = open;
    }
    return open;
  }

  private byte[] taken(int in) {
    byte[] out = made.toByteArray();
    made.reset();
    coder.count(in, out.length);
    return out;
  }

  private Receiver reader() {
    return Objects.requireNonNull(reader, "nobody asked");
  }

  /** Lets go of the encoder before its end: by whoever ended the flow, once. */
  private void close() {
    try {
      if (encoder != null) {
        encoder.close();
      }
    } catch (IOException e) {
      LOG.debug("an encoder ends early: {}", e.toString());
    } finally {
      coder.leave();
    }
  }
}
