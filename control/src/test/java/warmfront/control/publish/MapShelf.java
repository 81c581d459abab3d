package warmfront.control.publish;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import warmfront.rtt.MapEdition;
import warmfront.rtt.MapSource;
import warmfront.rtt.MapTaker;

/** Maps whose content a test chooses, and who takes them. Thread-safe. */
final class MapShelf implements MapSource {
  private final List<MapEdition> changes = new ArrayList<>();
  private @Nullable MapEdition whole;

  /** Publishes a map, with a change of the one before. */
  synchronized MapEdition publish(int bytes) {
    long before = version();
    byte[] content = new byte[bytes];
    new Random(before).nextBytes(content);
    MapEdition next = new MapEdition(before + 1, 0, ByteBuffer.wrap(content));
    if (before > 0) {
      changes.add(
          new MapEdition(before + 1, before, ByteBuffer.wrap(content, 0, Math.max(1, bytes / 10))));
    }
    whole = next;
    return next;
  }

  @Override
  public synchronized Optional<MapEdition> since(long version) {
    MapEdition newest = whole;
    if (newest == null || version >= newest.version()) {
      return Optional.empty();
    }
    return changes.stream()
        .filter(change -> change.base() == version)
        .findFirst()
        .or(() -> Optional.of(newest));
  }

  @Override
  public synchronized long version() {
    return whole == null ? 0 : whole.version();
  }

  /** Takes maps as a DNS server does, and remembers which. */
  static final class Taker implements MapTaker {
    private final List<MapEdition> taken = new ArrayList<>();
    private final List<MapEdition> refused = new ArrayList<>();
    private long version;
    private boolean choosy;
    private boolean damaged;
    private boolean useless;

    /** Says whether it has a use for maps from now on. */
    synchronized void wants(boolean maps) {
      useless = !maps;
    }

    @Override
    public synchronized boolean isWanted() {
      return !useless;
    }

    /** Refuses the next change: it holds another map than it said. */
    synchronized void refuseChange() {
      choosy = true;
    }

    /** Refuses all that comes until told otherwise. */
    synchronized void refuseAll(boolean all) {
      damaged = all;
    }

    @Override
    public synchronized long version() {
      return version;
    }

    @Override
    public synchronized Taken take(MapEdition edition) {
      boolean change = !edition.isWhole();
      if (damaged || (change && (choosy || edition.base() != version))) {
        refused.add(edition);
        choosy &= !change;
        return new Taken.Refused("not this one", change && !damaged);
      }
      taken.add(edition);
      version = edition.version();
      return new Taken.Answered();
    }

    /** Returns what was taken, as VERSION on BASE. */
    synchronized List<String> taken() {
      return taken.stream().map(one -> one.version() + " on " + one.base()).toList();
    }

    synchronized List<String> refused() {
      return refused.stream().map(one -> one.version() + " on " + one.base()).toList();
    }

    synchronized MapEdition last() {
      return taken.getLast();
    }
  }
}
