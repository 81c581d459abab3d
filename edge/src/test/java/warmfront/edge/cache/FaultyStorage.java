package warmfront.edge.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Files that fail when the test says so. */
final class FaultyStorage implements Storage {
  private final FileStorage files;
  volatile String failWrite = "";
  volatile int failWritesOver = Integer.MAX_VALUE;
  volatile Runnable beforeWrite = () -> {};
  volatile String failRead = "";
  volatile String failForce = "";
  volatile String failList = "";
  volatile long usable = Long.MAX_VALUE;
  volatile CountDownLatch readsMayGo = new CountDownLatch(0);

  FaultyStorage(Path directory) {
    files = new FileStorage(directory);
  }

  private static void maybe(String failure) throws IOException {
    if (!failure.isEmpty()) {
      throw new IOException(failure);
    }
  }

  @Override
  public List<String> names() throws IOException {
    maybe(failList);
    return files.names();
  }

  @Override
  public long size(String name) throws IOException {
    return files.size(name);
  }

  @Override
  public Handle open(String name) throws IOException {
    return new Failing(files.open(name));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    files.rename(from, to);
  }

  @Override
  public void delete(String name) throws IOException {
    files.delete(name);
  }

  @Override
  public long usableBytes() throws IOException {
    return Math.min(usable, files.usableBytes());
  }

  private final class Failing implements Handle {
    private final Handle file;

    Failing(Handle file) {
      this.file = file;
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void read(ByteBuffer target, long at) throws IOException {
      try {
        readsMayGo.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      maybe(failRead);
      file.read(target, at);
    }

    @Override
    public void write(ByteBuffer source, long at) throws IOException {
      beforeWrite.run();
      if (!failWrite.isEmpty() && source.remaining() > 100) {
        file.write(source.slice(0, 50), at); // half of it is written before the disk is full
      }
      maybe(failWrite);
      maybe(source.remaining() > failWritesOver ? "No space left on device" : "");
      file.write(source, at);
    }

    @Override
    public void truncate(long size) throws IOException {
      file.truncate(size);
    }

    @Override
    public void force() throws IOException {
      maybe(failForce);
      file.force();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
