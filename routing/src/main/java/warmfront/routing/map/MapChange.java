package warmfront.routing.map;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import warmfront.routing.latency.Ranges;
import warmfront.rtt.Family;
import warmfront.rtt.MapEdition;

/**
 * The form of what changed from one map to the next: the checksums of both, the lists that were
 * added, and the runs of units that got another list. Applied, it makes the very bytes of the next
 * map, or nothing.
 */
final class MapChange {
  private static final int MAGIC = 0x57464d43; // WFMC
  private static final int LISTS_MAX = 1 << 22;

  private MapChange() {}

  /** Returns the change from a map to another; empty if they have not enough in common. */
  static Optional<MapEdition> between(LatencyMap from, LatencyMap to) {
    int kept = from.lists().size();
    if (kept > to.lists().size() || !from.lists().equals(to.lists().subList(0, kept))) {
      return Optional.empty();
    }
    Packer out = new Packer(1 << 12);
    out.fixedInt(MAGIC);
    out.fixedInt(MapCodec.FORM);
    out.bytes(from.checksum());
    out.bytes(to.checksum());
    MapCodec.write(to.head(), out);
    out.number(kept);
    out.number(to.lists().size() - kept);
    to.lists().subList(kept, to.lists().size()).forEach(list -> MapCodec.write(list, out));
    for (Family family : Family.values()) {
      write(from.ranges(family), to.ranges(family), out);
    }
    return Optional.of(
        new MapEdition(to.head().version(), from.head().version(), MapCodec.sealed(out)));
  }

  private static void write(Ranges from, Ranges to, Packer out) {
    int before = 0;
    int after = 0;
    long at = 0;
    long written = 0;
    long runStart = 0;
    int runValue = Ranges.NONE;
    boolean running = false;
    Packer runs = new Packer(1 << 10);
    long count = 0;
    while (after < to.steps()) {
      long until = Math.min(from.end(before), to.end(after));
      boolean differs = from.valueAt(before) != to.valueAt(after);
      if (running && (!differs || to.valueAt(after) != runValue)) {
        run(runs, runStart - written, at - runStart, runValue);
        written = at;
        count++;
        running = false;
      }
      if (differs && !running) {
        running = true;
        runStart = at;
        runValue = to.valueAt(after);
      }
      at = until;
      before += from.end(before) == until ? 1 : 0;
      after += to.end(after) == until ? 1 : 0;
    }
    if (running) {
      run(runs, runStart - written, at - runStart, runValue);
      count++;
    }
    out.number(count);
    out.all(runs);
  }

  private static void run(Packer out, long gap, long length, int value) {
    out.number(gap);
    out.number(length);
    out.number(value + 1L);
  }

  static LatencyMap.Read apply(LatencyMap base, ByteBuffer change) {
    try {
      Unpacker in = new Unpacker(MapCodec.unsealed(change));
      if (in.fixedInt() != MAGIC || in.fixedInt() != MapCodec.FORM) {
        return new LatencyMap.Read.Unsound("not a change of form " + MapCodec.FORM, false);
      }
      byte[] from = new byte[MapCodec.CHECKSUM_BYTES];
      byte[] to = new byte[MapCodec.CHECKSUM_BYTES];
      in.bytes(from);
      in.bytes(to);
      if (!base.hasChecksum(from)) {
        return new LatencyMap.Read.Unsound("a change of another map", true);
      }
      LatencyMap.Head head = MapCodec.readHead(in);
      List<CandidateList> lists = lists(base, in, head.locations().size());
      Ranges ipv4 = ranges(Family.IPV4, base, in, lists.size());
      Ranges ipv6 = ranges(Family.IPV6, base, in, lists.size());
      in.end();
      LatencyMap made = LatencyMap.of(head, lists, ipv4, ipv6);
      return made.hasChecksum(to)
          ? new LatencyMap.Read.Sound(made)
          : new LatencyMap.Read.Unsound("the change does not make the map it should", true);
    } catch (Unpacker.Malformed | BufferUnderflowException malformed) {
      return new LatencyMap.Read.Unsound("not a change: " + malformed.getMessage(), false);
    }
  }

  private static List<CandidateList> lists(LatencyMap base, Unpacker in, int locations)
      throws Unpacker.Malformed {
    if (in.number(LISTS_MAX) != base.lists().size()) {
      throw new Unpacker.Malformed("lists of another map");
    }
    List<CandidateList> lists = new ArrayList<>(base.lists());
    int added = in.number(LISTS_MAX);
    for (int i = 0; i < added; i++) {
      lists.add(MapCodec.readList(in, locations));
    }
    return lists;
  }

  private static Ranges ranges(Family family, LatencyMap base, Unpacker in, int lists)
      throws Unpacker.Malformed {
    Ranges from = base.ranges(family);
    Ranges.Maker maker = new Ranges.Maker(family);
    int step = 0;
    long at = 0;
    long runs = in.number();
    for (long i = 0; i < runs; i++) {
      long gap = in.number();
      if (gap > family.units() - at) {
        throw new Unpacker.Malformed("a run beyond the last unit");
      }
      step = copy(from, step, at, at + gap, maker);
      at += gap;
      long length = in.number();
      if (length < 1 || length > family.units() - at) {
        throw new Unpacker.Malformed("a run beyond the last unit");
      }
      at += length;
      maker.until(at, in.number(lists) - 1);
    }
    copy(from, step, at, family.units(), maker);
    return maker.made();
  }

  /** Copies the units from {@code at} to {@code end}; returns the step that was reached. */
  private static int copy(Ranges from, int step, long at, long end, Ranges.Maker maker) {
    int reached = step;
    if (at == end) {
      return reached;
    }
    while (from.end(reached) <= at) {
      reached++;
    }
    while (from.end(reached) < end) {
      maker.until(from.end(reached), from.valueAt(reached));
      reached++;
    }
    maker.until(end, from.valueAt(reached));
    return reached;
  }
}
