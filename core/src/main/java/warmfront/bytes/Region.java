package warmfront.bytes;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One large piece of off-heap memory, divided by buddies: free blocks are powers of two, aligned to
 * their size, and join with their neighbour when both are free. An allocation keeps only the units
 * it needs and leaves the rest of its block free, so that little is lost to rounding. Free blocks
 * are chained through their own first bytes. Guarded by its own lock.
 */
final class Region implements Slice.Owner {
  /** The unit of allocation, in bytes. */
  private static final int UNIT = 512;

  /** The unit of what a kernel maps and sends, in bytes. */
  static final int PAGE = 4096;

  /** From this length on a run consists of whole pages, which it shares with no other. */
  private static final int PAGES_FROM = 16_384;

  /** The order of the largest block: 2^11 units are 1 MiB. */
  private static final int ORDER_MAX = 11;

  private static final int NONE = -1;

  private final Backing backing;
  private final ByteBuffer memory;

  /** Counts the bytes that are handed out of all regions. */
  private final AtomicLong used;

  /** For the first unit of each free block its order plus 1; 0 elsewhere. */
  private final byte[] freeOrder;

  /** The first free block of each order. */
  private final int[] first = new int[ORDER_MAX + 1];

  /** A bit for each order that has a free block; read without the lock to pass a full region by. */
  private volatile int orders;

  /** The first unit that was never handed out: what is behind it has not been touched yet. */
  private volatile int untouched;

  Region(Backing backing, int bytes, AtomicLong used) {
    this.backing = backing;
    this.used = used;
    memory = backing.take(bytes);
    freeOrder = new byte[bytes / UNIT];
    Arrays.fill(first, NONE);
  }

  private static int unitsOf(int bytes) {
    int step = bytes < PAGES_FROM ? UNIT : PAGE;
    return (bytes + step - 1) / step * (step / UNIT);
  }

  /**
   * Returns a run pinned once for the caller, or null if none is free that is so long.
   *
   * @param length in bytes
   */
  @Nullable Slice hand(int length) {
    int units = unitsOf(length);
    int unit = take(units);
    if (unit == NONE) {
      return null;
    }
    used.addAndGet((long) units * UNIT);
    return new Slice(memory, unit * UNIT, length, this);
  }

  @Override
  public void takeBack(Slice run) {
    int units = unitsOf(run.length());
    int unit = run.at() / UNIT;
    if (run.isLent() && !backing.renew(memory.slice(run.at(), units * UNIT))) {
      return; // lost: writing to it would change what viewers are being sent
    }
    giveBack(unit, units);
    used.addAndGet(-(long) units * UNIT);
  }

  /** A run is lent only if its pages can be renewed, and are its own. */
  @Override
  public boolean lend(Slice run) {
    return backing.lends() && unitsOf(run.length()) * UNIT >= PAGES_FROM;
  }

  /** Takes a run of units; returns its first, or -1. */
  private int take(int units) {
    int order = 32 - Integer.numberOfLeadingZeros(units - 1);
    if (orders >>> order == 0 && untouched == freeOrder.length) {
      return NONE;
    }
    synchronized (this) {
      if (orders >>> order == 0 && !touch()) {
        return NONE;
      }
      int found = orders >>> order;
      int from = order + Integer.numberOfTrailingZeros(found);
      int at = first[from];
      unlink(at, from);
      free(at + units, (1 << from) - units);
      return at;
    }
  }

  /** Frees the next block that was never handed out; false if there is none. */
  private boolean touch() {
    int at = untouched;
    if (at == freeOrder.length) {
      return false;
    }
    link(at, ORDER_MAX);
    untouched = at + (1 << ORDER_MAX);
    return true;
  }

  private synchronized void giveBack(int at, int units) {
    free(at, units);
  }

  /** Frees a run of units, cut into aligned powers of two. */
  private void free(int from, int units) {
    int at = from;
    int left = units;
    while (left > 0) {
      int aligned = Math.min(Integer.numberOfTrailingZeros(at | 1 << ORDER_MAX), ORDER_MAX);
      int order = Math.min(aligned, 31 - Integer.numberOfLeadingZeros(left));
      join(at, order);
      at += 1 << order;
      left -= 1 << order;
    }
  }

  private void join(int from, int ofOrder) {
    int at = from;
    int order = ofOrder;
    while (order < ORDER_MAX) {
      int buddy = at ^ 1 << order;
      if (freeOrder[buddy] != order + 1) {
        break;
      }
      unlink(buddy, order);
      at &= buddy;
      order++;
    }
    link(at, order);
  }

  private void link(int at, int order) {
    int next = first[order];
    memory.putInt(at * UNIT, next);
    memory.putInt(at * UNIT + 4, NONE);
    if (next != NONE) {
      memory.putInt(next * UNIT + 4, at);
    }
    first[order] = at;
    freeOrder[at] = (byte) (order + 1);
    orders |= 1 << order;
  }

  private void unlink(int at, int order) {
    int next = memory.getInt(at * UNIT);
    int previous = memory.getInt(at * UNIT + 4);
    if (previous == NONE) {
      first[order] = next;
    } else {
      memory.putInt(previous * UNIT, next);
    }
    if (next != NONE) {
      memory.putInt(next * UNIT + 4, previous);
    }
    freeOrder[at] = 0;
    if (first[order] == NONE) {
      orders &= ~(1 << order);
    }
  }
}
