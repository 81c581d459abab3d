package warmfront.routing.map;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.rtt.MapEdition;
import warmfront.rtt.MapTaker;

/**
 * Holds the map that is answered by, and keeps the last two on disk. Thread-safe: editions are
 * taken one after the other under the lock {@code taking}.
 *
 * <p>A lower version is refused, and so is what does not have its checksum; what is damaged on disk
 * gives way to the one before. A disk that cannot be written to costs the next start its map, and
 * no answer.
 */
public final class MapHolder implements MapTaker {
  private static final Logger LOG = LoggerFactory.getLogger(MapHolder.class);
  private static final String NEWEST = "latency.map";
  private static final String BEFORE = "latency.map.before";

  private final Optional<Path> folder;
  private final Consumer<LatencyMap> answering;
  private final ReentrantLock taking = new ReentrantLock();
  private volatile @Nullable LatencyMap held;

  /**
   * Makes a holder, with the newest sound map of a folder.
   *
   * @param folder where maps are kept; empty to keep none
   * @param answering begins to answer by a map; called for each one that is taken, not for the one
   *     found in the folder
   */
  public MapHolder(Optional<Path> folder, Consumer<LatencyMap> answering) {
    this.folder = folder;
    this.answering = answering;
    this.held = folder.flatMap(MapHolder::found).orElse(null);
  }

  private static Optional<LatencyMap> found(Path folder) {
    return read(folder.resolve(NEWEST)).or(() -> read(folder.resolve(BEFORE)));
  }

  private static Optional<LatencyMap> read(Path file) {
    try {
      if (Files.size(file) > MapEdition.BYTES_MAX) {
        throw new IOException("it is too large");
      }
      return switch (LatencyMap.read(ByteBuffer.wrap(Files.readAllBytes(file)))) {
        case LatencyMap.Read.Sound(LatencyMap map) -> Optional.of(map);
        case LatencyMap.Read.Unsound(String reason, _) -> throw new IOException(reason);
      };
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException damaged) {
      LOG.warn("the latency map {} is not used: {}", file, damaged.getMessage());
      return Optional.empty();
    }
  }

  /** Returns the map that is answered by. */
  public Optional<LatencyMap> held() {
    return Optional.ofNullable(held);
  }

  @Override
  public long version() {
    LatencyMap now = held;
    return now == null ? 0 : now.head().version();
  }

  @Override
  public Taken take(MapEdition edition) {
    taking.lock();
    try {
      LatencyMap now = held;
      if (edition.version() <= version()) {
        return new Taken.Refused(
            "version %d is held, %d is not newer".formatted(version(), edition.version()), false);
      }
      if (!edition.isWhole() && (now == null || edition.base() != version())) {
        return new Taken.Refused(
            "version %d is held, the change is of %d".formatted(version(), edition.base()), true);
      }
      LatencyMap.Read read =
          edition.isWhole() || now == null
              ? LatencyMap.read(edition.content())
              : now.with(edition.content());
      return switch (read) {
        case LatencyMap.Read.Unsound(String reason, _) -> new Taken.Refused(reason, true);
        case LatencyMap.Read.Sound(LatencyMap map) when map.head().version() != edition.version() ->
            new Taken.Refused(
                "the edition of version %d holds %d"
                    .formatted(edition.version(), map.head().version()),
                true);
        case LatencyMap.Read.Sound(LatencyMap map) -> answered(map);
      };
    } finally {
      taking.unlock();
    }
  }

  private Taken answered(LatencyMap map) {
    held = map;
    answering.accept(map);
    folder.ifPresent(into -> keep(map, into));
    return new Taken.Answered();
  }

  private static void keep(LatencyMap map, Path folder) {
    Path newest = folder.resolve(NEWEST);
    try {
      Files.createDirectories(folder);
      Path fresh = folder.resolve(NEWEST + ".new");
      try (FileChannel file =
          FileChannel.open(
              fresh,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        ByteBuffer content = map.edition().content();
        while (content.hasRemaining()) {
          file.write(content);
        }
        file.force(true);
      }
      if (Files.exists(newest)) {
        Files.move(newest, folder.resolve(BEFORE), StandardCopyOption.ATOMIC_MOVE);
      }
      Files.move(fresh, newest, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException full) {
      LOG.warn("the latency map is not kept for the next start: {}", full.getMessage());
    }
  }
}
