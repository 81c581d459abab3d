package warmfront.edge.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.edge.step.CacheKey;

/**
 * The segments of one disk, oldest first. Records are appended to the newest; when the space is
 * used up the oldest goes with everything in it. Only the disk's writer calls it.
 */
final class SegmentLog {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentLog.class);

  private final Storage storage;
  private final DiskSpace space;
  private final Ground ground;
  private final Deque<Segment> segments = new ArrayDeque<>();
  private long nextSequence = 1;
  private boolean sealed = true;

  SegmentLog(Storage storage, DiskSpace space, Ground ground) {
    this.storage = storage;
    this.space = space;
    this.ground = ground;
  }

  /** Takes over a segment that was there at start; called in order of their numbers. */
  void adopt(Segment segment) {
    segments.add(segment);
    ground.counts().diskBytes.add(segment.end());
    sealed = segment.end() >= ground.limits().segmentBytes();
  }

  /** Says which number the next new segment gets at least. */
  void numberFrom(long sequence) {
    nextSequence = Math.max(nextSequence, sequence);
  }

  /**
   * Appends a record.
   *
   * @param key whose it is
   * @param parts prefix, head and body; the commit is added here
   * @param headCrc checksum of the head
   * @return where it is; null if there is no room for it on this disk
   * @throws IOException if the disk fails; what was written of it is cut off again
   */
  DiskPlace.@Nullable Spot append(CacheKey key, List<ByteBuffer> parts, int headCrc)
      throws IOException {
    long length = parts.stream().mapToLong(ByteBuffer::remaining).sum() + RecordCodec.COMMIT_BYTES;
    if (!makeRoom(length)) {
      return null;
    }
    Segment segment = writable();
    long offset = segment.end();
    try {
      long at = offset;
      for (ByteBuffer part : parts) {
        int count = part.remaining();
        segment.file().write(part, at);
        at += count;
      }
      segment.file().write(RecordCodec.commit(headCrc, offset), at);
    } catch (IOException e) {
      cutOff(segment, offset);
      throw e;
    }
    segment.endsAt(offset + length);
    segment.keys().add(key);
    ground.counts().diskBytes.add(length);
    if (segment.end() >= ground.limits().segmentBytes()) {
      seal(segment);
    }
    return new DiskPlace.Spot(segment, offset);
  }

  /** Makes what is written safe against loss of power, and lets go of all files. */
  void close() throws IOException {
    try {
      if (!sealed) {
        segments.getLast().file().force();
      }
    } finally {
      segments.forEach(Segment::done);
      segments.clear();
    }
  }

  private boolean makeRoom(long length) throws IOException {
    long needed = length + RecordCodec.HEADER_BYTES;
    if (needed > space.sizeBytes()) {
      return false;
    }
    while (used() + needed > space.sizeBytes()
        || storage.usableBytes() - needed < space.reserveBytes()) {
      if (segments.isEmpty()) {
        return false;
      }
      reclaimOldest();
    }
    return true;
  }

  private long used() {
    return segments.stream().mapToLong(Segment::end).sum();
  }

  private Segment writable() throws IOException {
    if (!sealed && !segments.isEmpty()) {
      return segments.getLast();
    }
    long sequence = nextSequence++;
    Storage.Handle file = storage.open(Segment.name(sequence));
    try {
      file.write(RecordCodec.header(sequence), 0);
    } catch (IOException e) {
      file.close();
      storage.delete(Segment.name(sequence));
      throw e;
    }
    Segment segment = new Segment(sequence, file, RecordCodec.HEADER_BYTES);
    segments.add(segment);
    ground.counts().diskBytes.add(segment.end());
    sealed = false;
    return segment;
  }

  /** After a failed fsync nobody knows what is on the disk: the segment is given up. */
  private void seal(Segment segment) throws IOException {
    sealed = true;
    try {
      segment.file().force();
    } catch (IOException e) {
      segments.remove(segment);
      giveUp(segment);
      throw e;
    }
  }

  private void cutOff(Segment segment, long offset) {
    sealed = true;
    try {
      segment.file().truncate(offset);
    } catch (IOException e) {
      LOG.warn("cache segment {} on {} keeps a torn end: {}", segment.name(), storage, "" + e);
    }
  }

  /** Takes the oldest segment away, if there is one. */
  void reclaimOldest() throws IOException {
    @Nullable Segment oldest = segments.pollFirst();
    if (oldest != null) {
      sealed |= segments.isEmpty();
      giveUp(oldest);
    }
  }

  private void giveUp(Segment segment) throws IOException {
    for (CacheKey key : segment.keys()) {
      @Nullable Slot slot = ground.index().find(key);
      if (slot != null) {
        forget(slot, segment);
      }
    }
    ground.counts().diskBytes.add(-segment.end());
    segment.done();
    storage.delete(segment.name());
  }

  private void forget(Slot slot, Segment segment) {
    synchronized (slot) {
      @Nullable DiskPlace place = slot.place();
      if (place != null && place.isIn(segment)) {
        slot.move(null, ground.counts());
        ground.index().tidy(slot, ground.time().millis());
      }
    }
  }
}
