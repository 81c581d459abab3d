package warmfront.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Flow;
import warmfront.bytes.RangedReader;
import warmfront.bytes.RangedReader.Answer;
import warmfront.bytes.RangedReader.Found;
import warmfront.bytes.RangedReader.Lacking;
import warmfront.bytes.RangedReader.Wanted;
import warmfront.bytes.Slice;

/** Reads of the distribution ES, all on one loop, as a session makes them. */
final class Readings implements AutoCloseable {
  private final RangedReader reader;
  private final ExecutorService loop = Executors.newSingleThreadExecutor();
  private volatile @Nullable Thread thread;

  Readings(RangedReader reader) {
    this.reader = reader;
    loop.execute(() -> thread = Thread.currentThread());
  }

  Reading read(String path, long offset, long length) {
    return read("ES", path, offset, length);
  }

  Reading read(String distribution, String path, long offset, long length) {
    Reading reading = new Reading();
    loop.execute(
        () -> reader.read(new Wanted(distribution, path), offset, length, loop, reading::take));
    return reading;
  }

  @Override
  public void close() {
    loop.shutdownNow();
  }

  /** One of them; its own methods wait. */
  final class Reading implements Flow.Receiver {
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private final CompletableFuture<String> end = new CompletableFuture<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private @Nullable CompletableFuture<byte[]> few;
    private int wanted;

    private void take(Answer taken) {
      assertOnLoop();
      answer.complete(taken);
    }

    private void assertOnLoop() {
      if (Thread.currentThread() != thread) {
        end.completeExceptionally(new AssertionError("not on the loop"));
      }
    }

    Found found() {
      return (Found) answer();
    }

    Lacking lacking() {
      return (Lacking) answer();
    }

    private Answer answer() {
      return await(answer);
    }

    /** Returns all of it. */
    byte[] bytes() {
      assertThat(await(end(Integer.MAX_VALUE))).isEmpty();
      return bytes.toByteArray();
    }

    /** Returns so many bytes at least, or all that there are. */
    byte[] bytes(int count) {
      CompletableFuture<byte[]> first = new CompletableFuture<>();
      few = first;
      var _ = end(count);
      return await(first);
    }

    /** Returns why it broke off. */
    String broken() {
      return await(end(Integer.MAX_VALUE));
    }

    private CompletableFuture<String> end(int count) {
      Flow flow = found().flow();
      loop.execute(() -> {
        wanted = count;
        flow.next(this);
      });
      return end;
    }

    void cancel() {
      Flow flow = found().flow();
      loop.execute(flow::cancel);
    }

    @Override
    public void part(Slice part) {
      assertOnLoop();
      byte[] copied = new byte[part.length()];
      part.buffer().get(copied);
      bytes.writeBytes(copied);
      part.release();
      if (bytes.size() < wanted) {
        found().flow().next(this);
      } else if (few != null) {
        few.complete(bytes.toByteArray());
        few = null;
      }
    }

    @Override
    public void end() {
      assertOnLoop();
      end.complete("");
    }

    @Override
    public void broken(String reason) {
      assertOnLoop();
      end.complete(reason);
    }
  }

  private static <T> T await(CompletableFuture<T> future) {
    return future.orTimeout(20, TimeUnit.SECONDS).join();
  }
}
