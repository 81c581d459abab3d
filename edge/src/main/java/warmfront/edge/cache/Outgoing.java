package warmfront.edge.cache;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What of a segment lives on when it goes: records that are fresh and still their keys'. A segment
 * of which next to nothing does goes before all others, and that little goes on; of the oldest
 * segment only what was used since it was written does. The disk's writer's.
 */
final class Outgoing {
  /** A segment is dead if no more than one tenth of it lives. */
  private static final int DEAD_TENTHS = Expiry.TENTHS - 1;

  /** Of the oldest segment, at most this share goes on. */
  private static final int SHARE = 2;

  /** One that looked dead and was not is looked through again after a minute. */
  private static final int AGAIN_SECONDS = 60;

  private final int disk;
  private final DiskIndex index;
  private final Timeline time;

  Outgoing(int disk, Ground ground) {
    this.disk = disk;
    this.index = ground.onDisk();
    this.time = ground.time();
  }

  /**
   * A record that lives.
   *
   * @param key what it is found by
   * @param entry what the index has of it
   */
  record Living(RecordKey key, Entry entry) {}

  /** Returns whether a segment looks dead: by what has left the index and by when the rest does. */
  boolean looksDead(Segment segment) {
    int now = now();
    if (Integer.compareUnsigned(now, segment.looksAgain()) < 0) {
      return false;
    }
    long gone = segment.end() - index.bytesBeside(Place.of(disk, segment.sequence(), 0));
    long expired = segment.expiry().expired(now) * segment.end() / Expiry.TENTHS;
    return isDead(segment, gone + expired);
  }

  /** Returns whether a segment is dead. */
  boolean isDead(Segment segment, SegmentTable table) {
    long lives = living(segment, table).stream().mapToLong(one -> one.entry().length()).sum();
    boolean dead = isDead(segment, segment.end() - lives);
    if (!dead) {
      segment.lookAgain(now() + AGAIN_SECONDS);
    }
    return dead;
  }

  private static boolean isDead(Segment segment, long gone) {
    return gone * Expiry.TENTHS >= segment.end() * DEAD_TENTHS;
  }

  /** Returns what lives in a segment, newest first. */
  List<Living> living(Segment segment, SegmentTable table) {
    List<Living> living = new ArrayList<>();
    table.forEach((key, entry) -> {
      @Nullable Entry now = index.find(key);
      boolean current =
          now != null && now.place().equals(entry.on(disk, segment.sequence()).place());
      if (now != null && current && isFresh(key, now)) {
        living.add(new Living(key, now));
      }
    });
    return living;
  }

  /** Returns those of what lives in the oldest segment that were used since it was written. */
  List<Living> used(Segment segment, SegmentTable table) {
    List<Living> used = new ArrayList<>();
    long left = segment.end() / SHARE;
    for (Living one : living(segment, table)) {
      if (one.entry().length() <= left && index.isUsed(one.key(), one.entry().place())) {
        used.add(one);
        left -= one.entry().length();
      }
    }
    return used;
  }

  /** Returns the newer head of an object; null if it has none. */
  @Nullable Living labelOf(RecordKey key, Entry object) {
    @Nullable Entry label = object.kind() == Entry.Kind.OBJECT ? index.find(key.label()) : null;
    return label == null || label.place().packed() < object.place().packed()
        ? null
        : new Living(key.label(), label);
  }

  private boolean isFresh(RecordKey key, Entry entry) {
    @Nullable Living label = labelOf(key, entry);
    int until = label == null ? entry.freshUntil() : label.entry().freshUntil();
    return Integer.compareUnsigned(now(), until) < 0;
  }

  private int now() {
    return (int) (time.millis() / 1000);
  }
}
