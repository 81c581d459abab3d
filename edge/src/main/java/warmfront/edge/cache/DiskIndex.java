package warmfront.edge.cache;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Which records are on disk and where: tables of fixed-size entries off the heap, so that ten
 * million objects cost the collector nothing. Open addressing with linear probing, in shards that
 * grow by a quarter one at a time, each under its own lock, which is held for the steps of one
 * look.
 *
 * <p>An entry is 48 bytes: the 16 of the key's hash and 32 beside it. With tables between 16 and 20
 * twenty-fifths full that is 60 to 75 bytes per object, 59 at most beside its hash.
 */
final class DiskIndex implements AutoCloseable {
  /** So many that one of ten million objects grows within two milliseconds. */
  private static final int SHARDS = 256;

  private static final int SHARD_SHIFT = 56;

  private final Shard[] shards = new Shard[SHARDS];
  private final Tally tally;

  DiskIndex(Counts counts) {
    tally = new Tally(counts);
    for (int i = 0; i < SHARDS; i++) {
      shards[i] = new Shard();
    }
  }

  private Shard shard(RecordKey key) {
    return shards[(int) ((key.high() * Shard.MIX) >>> SHARD_SHIFT)];
  }

  /** Returns what is known of a key, or null. */
  @Nullable Entry find(RecordKey key) {
    Shard shard = shard(key);
    synchronized (shard) {
      long at = shard.find(key);
      return at < 0 ? null : shard.entry(at);
    }
  }

  /** Notes where a key's record is now, in place of what was there. */
  void put(RecordKey key, Entry entry) {
    Shard shard = shard(key);
    synchronized (shard) {
      shard.put(key, entry, tally);
    }
  }

  /** Notes an older record, found at the start, unless the key has a newer one; says whether. */
  boolean putOlder(RecordKey key, Entry entry) {
    Shard shard = shard(key);
    synchronized (shard) {
      if (shard.find(key) >= 0) {
        return false;
      }
      shard.put(key, entry, tally);
      return true;
    }
  }

  /** Forgets a key; false if it is not there. */
  boolean remove(RecordKey key) {
    Shard shard = shard(key);
    synchronized (shard) {
      long at = shard.find(key);
      shard.remove(at, tally);
      return at >= 0;
    }
  }

  /** Forgets a key if its record is still at {@code place}. */
  void remove(RecordKey key, Place place) {
    Shard shard = shard(key);
    synchronized (shard) {
      long at = shard.find(key);
      if (at >= 0 && shard.entry(at).place().equals(place)) {
        shard.remove(at, tally);
      }
    }
  }

  /** Notes that the record at {@code from} is elsewhere now, if it is still the key's. */
  void move(RecordKey key, Place from, Entry to) {
    Shard shard = shard(key);
    synchronized (shard) {
      long at = shard.find(key);
      if (at >= 0 && shard.entry(at).place().equals(from)) {
        shard.put(key, to, tally);
      }
    }
  }

  /** Notes a use, for the time when the record's segment is to go. */
  void use(RecordKey key) {
    Shard shard = shard(key);
    synchronized (shard) {
      shard.use(shard.find(key));
    }
  }

  /** Notes a use of a record that is known to be fresh until then, in seconds. */
  void use(RecordKey key, int freshUntil) {
    Shard shard = shard(key);
    synchronized (shard) {
      long at = shard.find(key);
      shard.use(at);
      shard.prolong(at, freshUntil);
    }
  }

  /** Returns whether a key is there. */
  boolean has(RecordKey key) {
    Shard shard = shard(key);
    synchronized (shard) {
      return shard.find(key) >= 0;
    }
  }

  /** Returns the bytes of the records that are in the segment of a place. */
  long bytesBeside(Place place) {
    return tally.bytesBeside(place.packed());
  }

  /** Forgets about the segment of a place, in which nothing is any more. */
  void forgetSegment(Place place) {
    tally.bySegment.remove(place.packed() >>> Tally.OFFSET_BITS);
  }

  /** Returns whether the record at {@code place} is its key's and was used since it was written. */
  boolean isUsed(RecordKey key, Place place) {
    Shard shard = shard(key);
    synchronized (shard) {
      long at = shard.find(key);
      return at >= 0 && shard.entry(at).place().equals(place) && shard.uses(at) > 0;
    }
  }

  /** Returns the number of records. */
  long size() {
    long size = 0;
    for (Shard shard : shards) {
      synchronized (shard) {
        size += shard.size;
      }
    }
    return size;
  }

  /** Returns the bytes of its tables. */
  long bytes() {
    long bytes = 0;
    for (Shard shard : shards) {
      synchronized (shard) {
        bytes += shard.capacity * Shard.BYTES;
      }
    }
    return bytes;
  }

  /** Gives its memory back; it is empty from then on. */
  @Override
  public void close() {
    for (Shard shard : shards) {
      synchronized (shard) {
        shard.close(tally);
      }
    }
  }

  /** What is counted as records come and go. Thread-safe. */
  private record Tally(Counts counts, Map<Long, AtomicLong> bySegment) {
    static final int OFFSET_BITS = 32;

    Tally(Counts counts) {
      this(counts, new ConcurrentHashMap<>());
    }

    /** Counts a record in, or out if {@code sign} is -1. */
    void count(long place, byte kind, int length, int sign) {
      if (kind <= Entry.Kind.LONG.code()) {
        counts.diskObjects.add(sign);
      }
      bySegment
          .computeIfAbsent(place >>> OFFSET_BITS, _ -> new AtomicLong())
          .addAndGet((long) sign * length);
    }

    long bytesBeside(long place) {
      @Nullable AtomicLong bytes = bySegment.get(place >>> OFFSET_BITS);
      return bytes == null ? 0 : bytes.get();
    }
  }

  /** A table. Guarded by its own lock. */
  private static final class Shard {
    static final long BYTES = 48;
    static final long MIX = 0x9E37_79B9_7F4A_7C15L;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

    private static final int LOW = 8;
    private static final int PLACE = 16;
    private static final int REVISION = 24;
    private static final int EPOCH = 32;
    private static final int LENGTH = 36;
    private static final int FRESH = 40;
    private static final int KIND = 44;
    private static final int USES = 45;

    private static final int USES_MAX = 3;
    private static final int FIRST_CAPACITY = 16;

    private MemorySegment table = MemorySegment.NULL;
    private @Nullable Arena arena;
    private long capacity;
    private long size;

    /** Where probing for a low half begins; order of homes is the order of mixed hashes. */
    private long home(long low) {
      return Math.unsignedMultiplyHigh(low * MIX, capacity);
    }

    private long place(long at) {
      return table.get(LONG, at * BYTES + PLACE);
    }

    private long next(long at) {
      return at + 1 == capacity ? 0 : at + 1;
    }

    /** Returns the key's position, or -1. */
    long find(RecordKey key) {
      if (size == 0) {
        return -1;
      }
      for (long at = home(key.low()); place(at) != 0; at = next(at)) {
        if (table.get(LONG, at * BYTES + LOW) == key.low()
            && table.get(LONG, at * BYTES) == key.high()) {
          return at;
        }
      }
      return -1;
    }

    Entry entry(long at) {
      long base = at * BYTES;
      Entry.Kind kind = Objects.requireNonNull(Entry.Kind.of(table.get(BYTE, base + KIND)));
      return new Entry(
          new Place(place(at)),
          table.get(INT, base + LENGTH),
          kind,
          new Since(table.get(INT, base + EPOCH), table.get(LONG, base + REVISION)),
          table.get(INT, base + FRESH));
    }

    int uses(long at) {
      return table.get(BYTE, at * BYTES + USES);
    }

    void use(long at) {
      if (at >= 0 && uses(at) < USES_MAX) {
        table.set(BYTE, at * BYTES + USES, (byte) (uses(at) + 1));
      }
    }

    void put(RecordKey key, Entry entry, Tally tally) {
      long at = find(key);
      if (at >= 0) {
        count(at, -1, tally);
      } else {
        if ((size + 1) * 5 > capacity * 4) {
          grow();
        }
        at = home(key.low());
        while (place(at) != 0) {
          at = next(at);
        }
        size++;
      }
      long base = at * BYTES;
      table.set(LONG, base, key.high());
      table.set(LONG, base + LOW, key.low());
      table.set(LONG, base + PLACE, entry.place().packed());
      table.set(LONG, base + REVISION, entry.since().revision());
      table.set(INT, base + EPOCH, (int) entry.since().epoch());
      table.set(INT, base + LENGTH, entry.length());
      table.set(INT, base + FRESH, entry.freshUntil());
      table.set(BYTE, base + KIND, entry.kind().code());
      table.set(BYTE, base + USES, (byte) 0);
      count(at, 1, tally);
    }

    /** Lets a record be fresh until then, if that is later. */
    void prolong(long at, int freshUntil) {
      if (at >= 0 && Integer.compareUnsigned(table.get(INT, at * BYTES + FRESH), freshUntil) < 0) {
        table.set(INT, at * BYTES + FRESH, freshUntil);
      }
    }

    private void count(long at, int sign, Tally tally) {
      long base = at * BYTES;
      tally.count(place(at), table.get(BYTE, base + KIND), table.get(INT, base + LENGTH), sign);
    }

    /** Takes an entry out and moves up those that had to give way to it. */
    void remove(long found, Tally tally) {
      if (found < 0) {
        return;
      }
      count(found, -1, tally);
      long hole = found;
      for (long at = next(hole); place(at) != 0; at = next(at)) {
        long home = home(table.get(LONG, at * BYTES + LOW));
        boolean stays = hole <= at ? hole < home && home <= at : hole < home || home <= at;
        if (!stays) {
          MemorySegment.copy(table, at * BYTES, table, hole * BYTES, BYTES);
          hole = at;
        }
      }
      table.asSlice(hole * BYTES, BYTES).fill((byte) 0);
      size--;
    }

    private void grow() {
      MemorySegment before = table;
      @Nullable Arena beforeArena = arena;
      long beforeCapacity = capacity;
      capacity = Math.max(FIRST_CAPACITY, capacity + capacity / 4);
      @SuppressWarnings("MustBeClosedChecker") // closed when the next table is there, or at the end
      Arena opened = Arena.ofShared();
      table = opened.allocate(capacity * BYTES, Long.BYTES);
      arena = opened;
      for (long from = 0; from < beforeCapacity; from++) {
        if (before.get(LONG, from * BYTES + PLACE) != 0) {
          long at = home(before.get(LONG, from * BYTES + LOW));
          while (place(at) != 0) {
            at = next(at);
          }
          MemorySegment.copy(before, from * BYTES, table, at * BYTES, BYTES);
        }
      }
      if (beforeArena != null) {
        beforeArena.close();
      }
    }

    void close(Tally tally) {
      for (long at = 0; at < capacity; at++) {
        if (place(at) != 0) {
          count(at, -1, tally);
        }
      }
      if (arena != null) {
        arena.close();
      }
      arena = null;
      table = MemorySegment.NULL;
      capacity = 0;
      size = 0;
    }
  }
}
