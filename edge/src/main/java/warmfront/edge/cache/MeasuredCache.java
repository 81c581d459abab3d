package warmfront.edge.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import warmfront.edge.step.CacheKey;
import warmfront.time.Clock;

/**
 * A cache whose first disk can be told to take its time for each read, and that says when all is
 * written: for measurements. All but that delay is what serves viewers.
 */
public final class MeasuredCache implements AutoCloseable {
  private final Cache cache;
  private final int disks;
  private volatile long delayNanos;

  /**
   * Opens it with what its disks hold.
   *
   * @param folder where each disk has a folder
   * @param disks how many
   * @param diskBytes how much may be written to each
   */
  public MeasuredCache(Path folder, int disks, CacheLimits limits, long diskBytes) {
    this.disks = disks;
    List<DiskSpace> spaces =
        IntStream.range(0, disks)
            .mapToObj(disk -> new DiskSpace(folder.resolve("" + disk), diskBytes, 0))
            .toList();
    cache =
        Cache.open(
            limits,
            spaces,
            Optional.empty(),
            space -> {
              Storage files = new FileStorage(space.path());
              return space.equals(spaces.getFirst()) ? new Delayed(files) : files;
            },
            Clock.system());
  }

  /** Returns the cache. */
  public Cache cache() {
    return cache;
  }

  /** Returns whether an object would be on the first disk. */
  public boolean isOnFirst(CacheKey key) {
    return DiskTier.number(key, disks) == 0;
  }

  /** Lets each read of the first disk take so long from now on. */
  public void delay(Duration perRead) {
    delayNanos = perRead.toNanos();
  }

  /** Waits until what is stored is on its disk; false if that took too long. */
  public boolean awaitWritten(Duration max) throws InterruptedException {
    return cache.drain(max.toMillis());
  }

  @Override
  public void close() {
    cache.close();
  }

  private final class Delayed implements Storage {
    private final Storage files;

    Delayed(Storage files) {
      this.files = files;
    }

    @Override
    public List<String> names() throws IOException {
      return files.names();
    }

    @Override
    public long size(String name) throws IOException {
      return files.size(name);
    }

    @Override
    public Handle open(String name) throws IOException {
      return new DelayedFile(files.open(name));
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
      return files.usableBytes();
    }

    @Override
    public String toString() {
      return files.toString();
    }
  }

  private final class DelayedFile implements Storage.Handle {
    private final Storage.Handle file;

    DelayedFile(Storage.Handle file) {
      this.file = file;
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void read(ByteBuffer target, long at) throws IOException {
      long until = Clock.system().nanos() + delayNanos;
      for (long left = delayNanos; left > 0; left = until - Clock.system().nanos()) {
        LockSupport.parkNanos(left);
      }
      file.read(target, at);
    }

    @Override
    public void write(ByteBuffer source, long at) throws IOException {
      file.write(source, at);
    }

    @Override
    public void truncate(long size) throws IOException {
      file.truncate(size);
    }

    @Override
    public void force() throws IOException {
      file.force();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
