package warmfront.edge.cache;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.edge.step.CacheKey;

/**
 * Finds again what a disk holds. Nothing that lies there stops the start: a torn end is cut off the
 * newest segment, and a segment that is damaged, foreign or of another version is put aside.
 */
final class DiskStart {
  private static final Logger LOG = LoggerFactory.getLogger(DiskStart.class);

  private static final String ASIDE = ".quarantine";

  /** How many segments that were put aside are kept for a look. */
  private static final int ASIDE_MAX = 2;

  private final Disk disk;
  private final Storage storage;
  private final SegmentLog log;
  private final Ground ground;

  DiskStart(Disk disk, Storage storage, SegmentLog log, Ground ground) {
    this.disk = disk;
    this.storage = storage;
    this.log = log;
    this.ground = ground;
  }

  void run() {
    try {
      List<String> names = storage.names().stream().sorted().toList();
      List<String> segments = names.stream().filter(name -> Segment.sequenceOf(name) >= 0).toList();
      for (int i = 0; i < segments.size(); i++) {
        open(segments.get(i), i == segments.size() - 1);
      }
      List<String> aside = names.stream().filter(name -> name.endsWith(ASIDE)).toList();
      for (String name : aside.subList(0, Math.max(0, aside.size() - ASIDE_MAX))) {
        storage.delete(name);
      }
    } catch (IOException e) {
      ground.counts().diskErrors.increment();
      LOG.warn("cache disk {} cannot be listed and begins empty: {}", storage, e.toString());
    }
  }

  private void open(String name, boolean newest) {
    long sequence = Segment.sequenceOf(name);
    log.numberFrom(sequence + 1);
    Storage.Handle file;
    try {
      file = storage.open(name);
    } catch (IOException e) {
      ground.counts().diskErrors.increment();
      LOG.warn("cache segment {} on {} does not open: {}", name, storage, e.toString());
      return;
    }
    Segment segment = new Segment(sequence, file, 0);
    try {
      SegmentScan.Result result =
          new SegmentScan(file).run(sequence, (record, at, _) -> take(record, segment, at));
      if (result.torn()) {
        cut(file, result.end(), newest);
      }
      segment.endsAt(result.end());
      log.adopt(segment);
    } catch (IOException e) {
      putAside(segment, e);
    }
  }

  private static void cut(Storage.Handle file, long end, boolean newest) throws IOException {
    if (!newest) {
      throw new BadRecord("damaged after %d bytes".formatted(end));
    }
    file.truncate(end);
  }

  private void take(DiskRecord record, Segment segment, long offset) {
    CacheKey key = record.key();
    Since since = record.label().since();
    DiskPlace.Spot spot = new DiskPlace.Spot(segment, offset);
    segment.keys().add(key);
    ground
        .index()
        .in(
            key,
            slot -> {
              switch (record) {
                case DiskRecord.OfObject _ ->
                    slot.move(new DiskPlace(disk, spot, null, since), ground.counts());
                case DiskRecord.OfRenewal(_, _, long sequence, long at) ->
                    renew(slot, new DiskPlace.Spot(segment, at), sequence, spot, since);
              }
              ground.index().tidy(slot, ground.time().millis());
              return slot;
            });
  }

  private void renew(
      Slot slot, DiskPlace.Spot renewed, long sequence, DiskPlace.Spot label, Since since) {
    @Nullable DiskPlace place = slot.place();
    if (place != null
        && place.disk() == disk
        && place.at().segment().sequence() == sequence
        && place.at().offset() == renewed.offset()) {
      slot.move(new DiskPlace(disk, place.at(), label, since), ground.counts());
    }
  }

  private void putAside(Segment segment, IOException why) {
    ground.counts().quarantined.increment();
    LOG.warn("cache segment {} on {} is put aside: {}", segment.name(), storage, why.toString());
    for (CacheKey key : segment.keys()) {
      ground
          .index()
          .in(
              key,
              slot -> {
                @Nullable DiskPlace place = slot.place();
                if (place != null && place.isIn(segment)) {
                  slot.move(null, ground.counts());
                }
                ground.index().tidy(slot, ground.time().millis());
                return slot;
              });
    }
    segment.done();
    try {
      storage.rename(segment.name(), segment.name() + ASIDE);
    } catch (IOException e) {
      LOG.warn("cache segment {} on {} stays: {}", segment.name(), storage, e.toString());
    }
  }
}
