package warmfront.edge.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds again what a disk holds, from the newest segment to the oldest, so that what is served
 * meanwhile is never older than what comes later. Nothing that lies there stops the start: a torn
 * end is cut off the newest segment, and a segment that is damaged, foreign or of another version
 * is put aside.
 */
final class DiskStart {
  private static final Logger LOG = LoggerFactory.getLogger(DiskStart.class);

  /** How many segments that were put aside are kept for a look. */
  private static final int ASIDE_MAX = 2;

  private final int disk;
  private final Storage storage;
  private final SegmentLog log;
  private final Notes notes;
  private final Ground ground;
  private final List<Segment> found = new ArrayList<>();

  private boolean timed;

  /**
   * What a disk has beside its segments.
   *
   * @param takenOut whether it was taken out
   * @param time when it was written to last
   */
  record Notes(TakenOut takenOut, TimeMark time) {}

  DiskStart(int disk, Storage storage, SegmentLog log, Notes notes, Ground ground) {
    this.notes = notes;
    this.disk = disk;
    this.storage = storage;
    this.log = log;
    this.ground = ground;
  }

  /** Lists what is there, without reading it; says whether the disk was taken out. */
  boolean list() {
    if (notes.takenOut().isNotedElsewhere()) {
      return false;
    }
    try {
      List<String> names = storage.names().stream().sorted().toList();
      if (names.contains(TakenOut.MARKER)) {
        return false;
      }
      timed = names.contains(TimeMark.NAME);
      for (String name : names) {
        long sequence = Segment.sequenceOf(name);
        if (sequence >= 0) {
          found.add(log.adopt(sequence, storage.size(name)));
        }
      }
      List<String> aside = names.stream().filter(name -> name.endsWith(SegmentLog.ASIDE)).toList();
      for (String name : aside.subList(0, Math.max(0, aside.size() - ASIDE_MAX))) {
        storage.delete(name);
      }
    } catch (IOException e) {
      ground.counts().diskErrors.increment();
      LOG.warn("cache disk {} cannot be listed and begins empty: {}", storage, e.toString());
    }
    return true;
  }

  /** Reads what is there. */
  void load() {
    if (timed) {
      notes.time().read(); // first: what is found next is not from the future
    }
    for (int i = found.size() - 1; i >= 0; i--) {
      Segment segment = found.get(i);
      try {
        load(segment, i == found.size() - 1);
      } catch (BadRecord e) {
        log.putAside(segment, e.toString());
      } catch (IOException e) {
        ground.counts().diskErrors.increment();
        LOG.warn("cache segment {} on {} is not read: {}", segment.name(), storage, e.toString());
        log.forget(segment);
      }
    }
    found.clear();
  }

  private void load(Segment segment, boolean newest) throws IOException {
    Storage.Handle file = segment.use();
    try {
      if (newest && file.size() < RecordCodec.HEADER_BYTES) {
        log.giveUp(segment); // the process ended between making the file and its first bytes
        return;
      }
      if (file.size() < RecordCodec.HEADER_BYTES) {
        throw new BadRecord("a segment of %d bytes".formatted(file.size()));
      }
      ByteBuffer header = ByteBuffer.allocate(RecordCodec.HEADER_BYTES);
      file.read(header, 0);
      RecordCodec.checkHeader(header.flip(), segment.sequence());
      SegmentTable.@Nullable Read read = SegmentTable.read(file, segment.sequence());
      if (read == null) {
        read = scan(file, segment, newest);
      }
      read.table()
          .forEach(
              (key, entry) -> ground.onDisk().putOlder(key, entry.on(disk, segment.sequence())));
      segment.measures(read.recordsEnd(), segment.size());
      segment.expires(read.table().expiry());
      if (newest) {
        log.goOn(segment, read.table(), read.recordsEnd());
      }
    } finally {
      segment.done();
    }
  }

  private static SegmentTable.Read scan(Storage.Handle file, Segment segment, boolean newest)
      throws IOException {
    SegmentScan.Result scanned = new SegmentScan(file, segment.sequence()).run();
    if (scanned.torn() && !newest) {
      throw new BadRecord("damaged after %d bytes".formatted(scanned.end()));
    }
    return new SegmentTable.Read(scanned.table(), scanned.end());
  }
}
