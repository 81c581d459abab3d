package warmfront.edge.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The segments of one disk, oldest first. Records are appended to the newest; when the space is
 * used up one goes, as {@link Outgoing} has it: one in which next to nothing lives, else the
 * oldest. What of it is worth it goes on, at the newest's end. Small records are gathered and
 * written together. Only the disk's writer calls it, but for {@link #find}.
 */
final class SegmentLog {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentLog.class);

  /** What segments that were put aside end with. */
  static final String ASIDE = ".quarantine";

  /** Records are gathered up to this. */
  private static final int STAGING_BYTES = 256 << 10;

  /** A body of this length is written from where it is. */
  private static final int DIRECT_BYTES = 32 << 10;

  private final Storage storage;
  private final Room room;
  private final int disk;
  private final Counts counts;
  private final DiskIndex index;
  private final Outgoing outgoing;
  private final OpenFiles files;
  private final Deque<Segment> segments = new ArrayDeque<>();
  private final Map<Integer, Segment> byNumber = new ConcurrentHashMap<>();
  private @Nullable ByteBuffer staging;
  private long nextSequence = 1;
  private boolean rescuing;

  /** The segment that is written to; null if the next record begins one. */
  private @Nullable Segment current;

  /** Where in it the staged bytes go. */
  private long stagedAt;

  /** Before this, all records of the current segment are in its file: nothing is torn. */
  private long safeAt;

  SegmentLog(Storage storage, Room room, int disk, Ground ground) {
    this.storage = storage;
    this.room = room;
    this.disk = disk;
    this.counts = ground.counts();
    this.index = ground.onDisk();
    this.outgoing = new Outgoing(disk, ground);
    this.files = new OpenFiles(ground.limits().diskFilesMax());
  }

  // ---- what is there

  /** Returns the segment of a place; null if it is gone. Called by any thread. */
  @Nullable Segment find(Place place) {
    return byNumber.get(place.segment());
  }

  /** Makes a segment for a file that is there; called for the oldest first. */
  Segment adopt(long sequence, long size) {
    Segment segment = new Segment(sequence, storage, files);
    segment.measures(size, size);
    nextSequence = Math.max(nextSequence, sequence + 1);
    enter(segment);
    return segment;
  }

  /** Goes on in the newest of the segments that were there, if there is room in it. */
  void goOn(Segment newest, SegmentTable table, long end) throws IOException {
    Storage.Handle file = newest.use();
    try {
      file.truncate(end);
      resize(newest, end, end);
      newest.keep(table);
      current = newest;
      stagedAt = end;
      safeAt = end;
      if (end >= room.extent().segmentBytes()) {
        seal(newest);
      }
    } finally {
      newest.done();
    }
  }

  private void enter(Segment segment) {
    segments.add(segment);
    byNumber.put(Place.number(segment.sequence()), segment);
    room.take(segment.size());
    counts.diskBytes.add(segment.size());
  }

  private void resize(Segment segment, long end, long size) {
    room.take(size - segment.size());
    counts.diskBytes.add(size - segment.size());
    segment.measures(end, size);
  }

  // ---- appending

  /**
   * Appends a record; it is on its way to the disk after {@link #flush}.
   *
   * @return what the index is to know of it; null if there is no room for it on this disk
   * @throws IOException if the disk fails; what was appended since the last flush is lost
   */
  @Nullable Entry append(Draft draft) throws IOException {
    int length = draft.length();
    if (draft.head().remaining() > RecordCodec.HEAD_MAX || !makeRoom(length)) {
      return null;
    }
    try {
      Segment segment = writable();
      long offset = segment.end();
      Place place = Place.of(0, segment.sequence(), offset);
      stage(draft, place);
      resize(segment, offset + length, offset + length);
      Entry entry = new Entry(place, length, draft.kind(), draft.since(), draft.freshUntil());
      @Nullable SegmentTable table = segment.table();
      if (table != null) {
        table.add(draft.key(), entry);
      }
      if (segment.end() >= room.extent().segmentBytes()) {
        flush();
        seal(segment);
      }
      return entry.on(disk, segment.sequence());
    } catch (IOException e) {
      cutOff();
      throw e;
    }
  }

  private void stage(Draft draft, Place place) throws IOException {
    ByteBuffer gathered = staging();
    boolean direct = draft.bodyLength() >= DIRECT_BYTES;
    int staged = RecordCodec.PREFIX_BYTES + draft.head().remaining();
    int wanted = direct ? staged : draft.length();
    if (wanted > gathered.remaining()) {
      write(gathered.flip());
      gathered.clear();
    }
    if (wanted > gathered.remaining()) {
      ByteBuffer large = ByteBuffer.allocate(staged);
      RecordCodec.putPrefix(large, draft, place);
      write(large.put(draft.head().duplicate()).flip());
    } else {
      RecordCodec.putPrefix(gathered, draft, place);
      gathered.put(draft.head().duplicate());
    }
    if (direct) {
      write(gathered.flip());
      gathered.clear();
    }
    for (ByteBuffer part : draft.body()) {
      if (direct) {
        write(part.duplicate());
      } else {
        gathered.put(part.duplicate());
      }
    }
  }

  private ByteBuffer staging() {
    ByteBuffer made = staging == null ? ByteBuffer.allocateDirect(STAGING_BYTES) : staging;
    staging = made;
    return made;
  }

  private void write(ByteBuffer bytes) throws IOException {
    Segment segment = current;
    if (segment == null || !bytes.hasRemaining()) {
      return;
    }
    int count = bytes.remaining();
    Storage.Handle file = segment.use();
    try {
      file.write(bytes, stagedAt);
    } finally {
      segment.done();
    }
    stagedAt += count;
  }

  /** Writes what was gathered. */
  void flush() throws IOException {
    if (staging != null && staging.position() > 0) {
      try {
        write(staging.flip());
      } catch (IOException e) {
        cutOff();
        throw e;
      }
      staging.clear();
    }
    safeAt = stagedAt;
  }

  private Segment writable() throws IOException {
    if (current != null) {
      return current;
    }
    long sequence = nextSequence++;
    Segment segment = new Segment(sequence, storage, files);
    segment.keep(new SegmentTable());
    Storage.Handle file = segment.use();
    try {
      file.write(RecordCodec.header(sequence), 0);
    } catch (IOException e) {
      segment.retire();
      storage.delete(segment.name());
      throw e;
    } finally {
      segment.done();
    }
    segment.measures(RecordCodec.HEADER_BYTES, RecordCodec.HEADER_BYTES);
    enter(segment);
    current = segment;
    stagedAt = segment.end();
    safeAt = stagedAt;
    return segment;
  }

  /**
   * Writes a segment's table and makes it safe against loss of power. After a failed fsync nobody
   * knows what is on the disk: the segment is given up.
   */
  private void seal(Segment segment) throws IOException {
    current = null;
    try {
      finish(segment);
    } catch (IOException e) {
      giveUp(segment);
      throw e;
    }
  }

  private void finish(Segment segment) throws IOException {
    SegmentTable table = segment.table();
    segment.keep(null);
    if (table == null) {
      return;
    }
    segment.expires(table.expiry());
    ByteBuffer encoded = table.encoded(segment.end(), segment.sequence());
    int count = encoded.remaining();
    Storage.Handle file = segment.use();
    try {
      file.write(encoded, segment.end());
      resize(segment, segment.end(), segment.end() + count);
      file.force();
    } finally {
      segment.done();
    }
  }

  /** What follows the last flush may be torn: nothing more is written to this segment. */
  private void cutOff() {
    if (staging != null) {
      staging.clear();
    }
    Segment torn = current;
    current = null;
    if (torn == null) {
      return;
    }
    @Nullable SegmentTable table = torn.table();
    if (table != null) {
      torn.expires(table.expiry());
    }
    torn.keep(null);
    try {
      Storage.Handle file = torn.use();
      try {
        file.truncate(safeAt);
      } finally {
        torn.done();
      }
      resize(torn, safeAt, safeAt);
    } catch (IOException e) {
      LOG.warn("cache segment {} on {} keeps a torn end: {}", torn.name(), storage, e.toString());
    }
  }

  /** Writes what is staged and the table, and lets go of all files. */
  void close() throws IOException {
    try {
      flush();
      if (current != null) {
        finish(current);
      }
    } finally {
      current = null;
      segments.forEach(Segment::retire);
      segments.clear();
      byNumber.clear();
    }
  }

  // ---- making room

  private boolean makeRoom(int length) throws IOException {
    long needed = (long) length + RecordCodec.HEADER_BYTES;
    if (rescuing || room.fits(needed, staged())) {
      return true;
    }
    if (needed > room.extent().sizeBytes()) {
      return false;
    }
    while (!room.fits(needed, staged())) {
      if (segments.isEmpty()) {
        return false;
      }
      if (!reclaimDead()) {
        reclaimOldest();
      }
      room.press();
    }
    return true;
  }

  private int staged() {
    return staging == null ? 0 : staging.position();
  }

  /** Measures how much room there is, before anything is written. */
  void measure() {
    try {
      room.ask(0);
    } catch (IOException e) {
      LOG.debug("{} does not say what is free: {}", storage, e.toString());
    }
  }

  /** Takes away segments in which next to nothing lives, until there is room. */
  void dropDead() throws IOException {
    while (room.isTight() && reclaimDead()) {
      room.ask(staged());
    }
  }

  private boolean reclaimDead() throws IOException {
    for (Segment segment : List.copyOf(segments)) {
      if (segment != current && outgoing.looksDead(segment)) {
        @Nullable SegmentTable table = readableTable(segment);
        if (table != null && outgoing.isDead(segment, table)) {
          goOn(outgoing.living(segment, table));
          giveUp(segment);
          return true;
        }
      }
    }
    return false;
  }

  /** Takes the oldest segment away, but for what was used since it was written. */
  private void reclaimOldest() throws IOException {
    Segment oldest = segments.getFirst();
    if (oldest == current) {
      flush();
      current = null;
    } else {
      @Nullable SegmentTable table = readableTable(oldest);
      if (table != null) {
        goOn(outgoing.used(oldest, table));
      }
    }
    giveUp(oldest);
  }

  /** Writes records anew, at the end of the log. */
  private void goOn(List<Outgoing.Living> living) throws IOException {
    rescuing = true;
    try {
      for (Outgoing.Living one : living) {
        Outgoing.@Nullable Living label = outgoing.labelOf(one.key(), one.entry());
        goOn(one);
        if (label != null) {
          goOn(label); // behind the object, or it would count as older
        }
      }
      flush();
    } finally {
      rescuing = false;
    }
  }

  private void goOn(Outgoing.Living one) throws IOException {
    @Nullable Draft draft = readDraft(one);
    @Nullable Entry moved = draft == null ? null : append(draft);
    if (moved != null) {
      flush();
      index.move(one.key(), one.entry().place(), moved);
    }
  }

  /** Reads a record as it is; null if it cannot be read: then it goes with its segment. */
  private @Nullable Draft readDraft(Outgoing.Living one) {
    Entry entry = one.entry();
    @Nullable Segment from = find(entry.place());
    if (from == null) {
      return null;
    }
    try {
      ByteBuffer raw = ByteBuffer.allocate(entry.length());
      Storage.Handle file = from.use();
      try {
        file.read(raw, entry.place().offset());
      } finally {
        from.done();
      }
      return Draft.again(one, raw.flip(), from.sequence());
    } catch (IOException e) {
      LOG.debug("not rescued from {}: {}", from.name(), e.toString());
      return null;
    }
  }

  /** Takes a segment away with everything in it. */
  void giveUp(Segment segment) throws IOException {
    forget(segment);
    storage.delete(segment.name());
  }

  /** Moves a segment out of the way, with everything in it. */
  void putAside(Segment segment, String why) {
    if (!segments.contains(segment)) {
      return;
    }
    counts.quarantined.increment();
    LOG.warn("cache segment {} on {} is put aside: {}", segment.name(), storage, why);
    forget(segment);
    try {
      storage.rename(segment.name(), segment.name() + ASIDE);
    } catch (IOException e) {
      LOG.warn("cache segment {} on {} stays: {}", segment.name(), storage, e.toString());
    }
  }

  /** Forgets a segment and everything in it; its file stays. */
  void forget(Segment segment) {
    segments.remove(segment);
    byNumber.remove(Place.number(segment.sequence()));
    room.take(-segment.size());
    counts.diskBytes.add(-segment.size());
    if (segment == current) {
      current = null;
    }
    @Nullable SegmentTable table = readableTable(segment);
    if (table != null) {
      // Without it, what is left in the index is found to lead nowhere when it is looked up.
      table.forEach((key, entry) -> index.remove(key, entry.on(disk, segment.sequence()).place()));
    }
    index.forgetSegment(Place.of(disk, segment.sequence(), 0));
    segment.retire();
  }

  private @Nullable SegmentTable readableTable(Segment segment) {
    try {
      return tableOf(segment);
    } catch (IOException e) {
      LOG.debug("the table of {} on {} is lost: {}", segment.name(), storage, e.toString());
      return null;
    }
  }

  private SegmentTable tableOf(Segment segment) throws IOException {
    @Nullable SegmentTable kept = segment.table();
    if (kept != null) {
      return kept;
    }
    Storage.Handle file = segment.use();
    try {
      SegmentTable.@Nullable Read read = SegmentTable.read(file, segment.sequence());
      return read == null ? new SegmentScan(file, segment.sequence()).run().table() : read.table();
    } finally {
      segment.done();
    }
  }
}
