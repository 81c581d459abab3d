package warmfront.routing.map;

import java.util.List;
import warmfront.distribution.Location;
import warmfront.rtt.Prefix;

/** All that a map maker has learnt, and what it is told of the world. Owned by the map maker. */
final class Knowledge {
  /**
   * A moment.
   *
   * @param millis of the wall clock
   * @param halfLives since the epoch
   * @param tick since the epoch
   * @param window its number
   */
  record Now(long millis, double halfLives, int tick, int window) {}

  private final Prefixes prefixes;
  private final Systems systems;
  private final Numbering numbering = new Numbering();
  private final Prior prior = new Prior();
  private Epoch epoch;
  private Terrain terrain;
  private int window;

  Knowledge(Terrain terrain, MapLimits limits, long nowMillis) {
    this.prefixes = new Prefixes(limits.prefixesMax());
    this.systems = new Systems(limits.systemsMax());
    this.epoch = new Epoch(nowMillis);
    this.terrain = terrain;
  }

  Now now(long millis) {
    return new Now(millis, epoch.halfLives(millis), epoch.tick(millis), window);
  }

  void endWindow() {
    window++;
  }

  int window() {
    return window;
  }

  Epoch epoch() {
    return epoch;
  }

  void restored(long epochMillis, int windowNumber) {
    epoch = new Epoch(epochMillis);
    window = windowNumber;
  }

  /** Moves the epoch on if much has passed since. */
  void rebase(long nowMillis) {
    while (epoch.isDue(nowMillis)) {
      epoch.rebase();
      prefixes.rebase();
      systems.table().rebase(Epoch.REBASE);
    }
  }

  /** Knows these locations from now on; returns whether that is a change. */
  boolean use(List<Location> locations, long nowMillis) {
    long before = numbering.topology();
    for (int left : numbering.use(locations, nowMillis)) {
      prefixes.forget(left);
      systems.table().forget(left);
    }
    prior.use(numbering);
    return numbering.topology() != before;
  }

  /** Has another knowledge of addresses. */
  void use(Terrain next) {
    terrain = next;
    for (int row = 0; row < prefixes.table().end(); row++) {
      if (prefixes.table().isUsed(row)) {
        long key = prefixes.table().key(row);
        long bits = Prefixes.bits(key);
        long system = Systems.key(terrain, Prefixes.family(key), bits);
        prefixes.place(row, systems.row(system), terrain.places(Prefixes.family(key)).value(bits));
      }
    }
  }

  /** Returns the row of a range, made if need be. */
  int prefix(Prefix viewers, Now now) {
    long key = Prefixes.key(viewers);
    int row = prefixes.table().find(key);
    if (row != SlotTable.NONE) {
      return row;
    }
    int system = systems.row(Systems.key(terrain, viewers.family(), viewers.bits()));
    int place = terrain.places(viewers.family()).value(viewers.bits());
    return prefixes.add(key, system, place, now.tick());
  }

  Prefixes prefixes() {
    return prefixes;
  }

  Systems systems() {
    return systems;
  }

  Numbering numbering() {
    return numbering;
  }

  Prior prior() {
    return prior;
  }

  Terrain terrain() {
    return terrain;
  }

  /** Returns the bytes of memory that measurements take. */
  long bytes() {
    return prefixes.bytes() + systems.table().bytes();
  }
}
