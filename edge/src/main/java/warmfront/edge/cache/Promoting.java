package warmfront.edge.cache;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import warmfront.edge.step.CacheKey;
import warmfront.edge.step.Lookup;

/** One read from disk, shared by all who ask for the key meanwhile. */
final class Promoting implements Lookup.Promotion {
  private final CacheKey key;
  private final DiskTier.Found found;
  private final Ground ground;
  private final Lookups lookups;
  private final Lookup lookup = new Lookup.OnDisk(this);
  private final AtomicBoolean begun = new AtomicBoolean();
  private final CompletableFuture<Boolean> done = new CompletableFuture<>();

  Promoting(CacheKey key, DiskTier.Found found, Ground ground, Lookups lookups) {
    this.key = key;
    this.found = found;
    this.ground = ground;
    this.lookups = lookups;
  }

  Lookup lookup() {
    return lookup;
  }

  @Override
  public Lookup await() throws InterruptedException {
    read();
    return lookups.lookPastDisk(key);
  }

  /** Reads the object, or waits while another does. */
  void read() throws InterruptedException {
    if (begun.compareAndSet(false, true) && !found.disk().reads().read(key, found, this::finish)) {
      giveUp();
    }
    try {
      done.get(ground.limits().diskReadMax().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      ground.counts().diskSkips.increment(); // the object is a miss; the read goes on for later
    } catch (ExecutionException e) {
      throw new AssertionError("a read ends with a value", e);
    }
  }

  /** The disk has too much to do: a miss for now, a new read next time. */
  private void giveUp() {
    ground
        .index()
        .in(
            key,
            slot -> {
              clear(slot);
              return done.complete(false);
            });
  }

  /** Takes what was read, held once for the slot; null if it was not what was written. */
  private void finish(@Nullable Resident read) {
    ground.memory().makeRoomOnHeap();
    boolean kept =
        ground
            .index()
            .in(
                key,
                slot -> {
                  clear(slot);
                  RecordKey of = RecordKey.of(key);
                  @Nullable Entry now = ground.onDisk().find(of);
                  Place was = found.object().place();
                  boolean current = now != null && now.place().equals(was);
                  if (read == null && current) {
                    ground.onDisk().remove(of, was);
                  }
                  boolean wanted = read != null && current && slot.resident == null;
                  if (read != null && wanted) {
                    ground.memory().put(slot, read);
                  }
                  ground.index().tidy(slot);
                  return wanted;
                });
    if (read != null && !kept) {
      read.content().letGo();
    }
    done.complete(kept);
  }

  private void clear(Slot slot) {
    if (slot.promoting == this) {
      slot.promoting = null;
    }
  }
}
