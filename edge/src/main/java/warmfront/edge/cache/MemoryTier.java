package warmfront.edge.cache;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Memory;
import warmfront.bytes.Slice;

/**
 * The objects in memory: makes room, lets objects in and out of their slots. An object that
 * somebody holds is never evicted.
 */
final class MemoryTier {
  /** How many objects one allocation may evict: a few hundred microseconds at most. */
  private static final int EVICTIONS_MAX = 2048;

  /** Bodies above this may be cut into several slices rather than evict for one run of bytes. */
  private static final int PIECE_MIN = 64 << 10;

  private final Memory memory;
  private final Eviction<Evictable> eviction;
  private final Index index;
  private final Timeline time;
  private final Counts counts;
  private final long heapMax;
  private final AtomicLong heap = new AtomicLong();

  /** Whether an object is being written to disk because it is about to leave. */
  private volatile Predicate<Evictable> saves = _ -> false;

  /**
   * Has nothing in memory yet.
   *
   * @param memory for bodies
   * @param heapMax how many bytes of the heap its objects may take
   */
  MemoryTier(Memory memory, long heapMax, Index index, Timeline time, Counts counts) {
    this.memory = memory;
    this.heapMax = heapMax;
    this.eviction = new ScanResistant<>(memory.budget());
    this.index = index;
    this.time = time;
    this.counts = counts;
  }

  /**
   * Has objects that are about to leave written to disk first.
   *
   * @param saver begins to write one and says whether; called under the eviction's lock
   */
  void savedBy(Predicate<Evictable> saver) {
    saves = saver;
  }

  long used() {
    return memory.used();
  }

  /**
   * Has objects leave until there is room on the heap for one more: those with short bodies, or
   * none, fill it before they fill the memory. Called under no lock.
   */
  void makeRoomOnHeap() {
    for (int i = 0; heap.get() > heapMax && i < EVICTIONS_MAX && evict(); i++) {}
  }

  /**
   * Returns a slice of {@code wanted} bytes or, where free memory is in pieces, of fewer; null if
   * all memory is held.
   */
  @Nullable Slice take(int wanted) {
    @Nullable Slice slice = memory.allocate(wanted);
    if (slice == null && memory.budget() - memory.used() > 4L * wanted) {
      slice = piece(wanted, PIECE_MIN);
    }
    for (int i = 0; slice == null && i < EVICTIONS_MAX && evict(); i++) {
      slice = memory.allocate(wanted);
    }
    return slice == null ? piece(wanted, 4096) : slice;
  }

  private @Nullable Slice piece(int wanted, int least) {
    for (int length = wanted / 2; length >= least; length /= 2) {
      @Nullable Slice slice = memory.allocate(length);
      if (slice != null) {
        return slice;
      }
    }
    return null;
  }

  private boolean evict() {
    @Nullable Item<Evictable> victim = eviction.victim(time.millis(), this::mayLeave);
    if (victim == null) {
      return false;
    }
    switch (victim.owner()) {
      case Resident resident -> {
        @Nullable Slot slot = index.find(resident.key());
        if (slot != null && takeOut(slot, resident)) {
          counts.evictions.increment();
        }
      }
      case Piece piece -> {
        counts.evictions.increment();
        piece.content().evict(piece);
      }
    }
    return true;
  }

  private boolean mayLeave(Evictable owner) {
    return owner.isIdle() && !saves.test(owner);
  }

  /** Counts in a slice of a long object, or a part of one; called under no lock. */
  Item<Evictable> admit(Piece piece) {
    ObjectHead head = piece.content().head();
    long id = head.key().high() ^ head.key().low() ^ (piece.number() + 1) * 0x9E37_79B9_7F4A_7C15L;
    Item<Evictable> item = new Item<>(piece, id, piece.size(), Item.NEVER);
    eviction.admit(item, time.millis());
    return item;
  }

  /** Counts a slice out. */
  void forget(Item<Evictable> item) {
    eviction.forget(item);
  }

  /** Takes a long object out of its slot if nothing of it is in memory and nobody uses it. */
  void emptied(Sliced content) {
    takeOut(content, true);
  }

  /** Takes a long object out of its slot: it is of no use any more. */
  void spoilt(Sliced content) {
    takeOut(content, false);
  }

  private void takeOut(Sliced content, boolean ifIdle) {
    @Nullable Slot slot = index.find(content.head().key());
    if (slot == null) {
      return;
    }
    @Nullable Resident lifted = null;
    synchronized (slot) {
      @Nullable Resident resident = slot.resident;
      boolean here = resident != null && resident.content() == content;
      if (here && !(ifIdle && !(content.isIdle() && content.isEmpty()))) {
        lifted = lift(slot);
        index.tidy(slot);
      }
    }
    if (lifted != null) {
      lifted.content().letGo();
    }
  }

  private boolean takeOut(Slot slot, Resident resident) {
    @Nullable Resident lifted;
    synchronized (slot) {
      if (slot.resident != resident) {
        return false;
      }
      lifted = lift(slot);
      index.tidy(slot);
    }
    if (lifted != null) {
      lifted.content().letGo();
    }
    return lifted != null;
  }

  /**
   * Puts a whole object into its slot, in place of what is there. The hold of the caller becomes
   * the slot's. Called under the slot's lock.
   */
  void put(Slot slot, Resident resident) {
    drop(slot);
    slot.resident = resident;
    admit(resident);
  }

  /**
   * Counts in an object that stands in its slot, a short one when it is whole. Under the slot's
   * lock.
   */
  void admit(Resident resident) {
    counts.memoryObjects.increment();
    heap.addAndGet(resident.weight());
    @Nullable Item<Evictable> item = resident.enter();
    if (item != null) {
      eviction.admit(item, time.millis());
    }
  }

  /** Takes the object out of its slot; one on its way is only let go of by its intake. */
  void drop(Slot slot) {
    @Nullable Resident resident = lift(slot);
    if (resident != null) {
      resident.content().letGo();
    }
  }

  /**
   * Takes a whole object out of its slot and gives the slot's hold to the caller; null if there is
   * none or if it is still on its way. Called under the slot's lock.
   */
  @Nullable Resident lift(Slot slot) {
    @Nullable Resident resident = slot.resident;
    slot.resident = null;
    if (resident == null || !resident.isCounted()) {
      return null;
    }
    @Nullable Item<Evictable> item = resident.leave();
    if (item != null) {
      eviction.forget(item);
    }
    counts.memoryObjects.decrement();
    heap.addAndGet(-resident.weight());
    return resident;
  }
}
