package warmfront.edge.cache;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import warmfront.edge.step.CacheKey;
import warmfront.edge.step.Fetched;
import warmfront.edge.step.Fill;
import warmfront.edge.step.Inquiry;
import warmfront.edge.step.Lookup;
import warmfront.edge.step.Stored;
import warmfront.http.Fields;
import warmfront.http.RequestControl;

/**
 * The cache as RFC 9111 has it: a primary key may stand for variants, and requests have a say in
 * what they are served. What comes of a look-up is settled as any other. Thread-safe.
 */
public final class StandardCache {
  private static final Lookup NOT_ASKED = new Lookup.Pass(Lookup.Passing.ONLY_IF_CACHED);
  private static final Lookup NOT_STORED = new Lookup.Pass(Lookup.Passing.NO_STORE);
  private static final Lookup OF_HEAD = new Lookup.Pass(Lookup.Passing.METHOD);
  private static final Lookup CROWDED = new Lookup.Pass(Lookup.Passing.TOO_MANY_WAITERS);

  /** A sign, its variant, and both again if they were evicted meanwhile. */
  private static final int READS_MAX = 4;

  private final Ground ground;
  private final Lookups lookups;
  private final Variety variety;

  StandardCache(Ground ground, Lookups lookups, Variety variety) {
    this.ground = ground;
    this.lookups = lookups;
    this.variety = variety;
  }

  /** Returns how many seconds old an answer says that it was; 0 if it does not. */
  public static long saidAge(Fields fields) {
    return Freshness.saidSeconds(fields);
  }

  /**
   * Looks up what a request asks for (RFC 9111, section 4). Never blocks.
   *
   * @param confirming whether nothing may be served that the origin did not confirm just now
   * @param nanos the time now, on the steady clock
   */
  public Lookup look(Inquiry inquiry, boolean confirming, long nanos) {
    return granted(inquiry, find(new Search(inquiry, confirming, READS_MAX), nanos));
  }

  /** Leaves behind what is stored of a primary key, which was written to (section 4.4). */
  public void outdate(CacheKey primary) {
    variety.outdate(primary);
  }

  /** Updates what is stored by what the origin said to HEAD, by 200 (section 4.3.5). */
  public void headed(Inquiry inquiry, Fetched.Answered answer) {
    variety.headed(inquiry, answer);
  }

  /**
   * A look-up.
   *
   * @param inquiry what is asked
   * @param confirming whether the origin has to confirm it, whatever is asked
   * @param reads how many reads from disk it may take yet
   */
  private record Search(Inquiry inquiry, boolean confirming, int reads) {
    Search afterRead() {
      return new Search(inquiry, confirming, reads - 1);
    }
  }

  private Lookup find(Search search, long nanos) {
    Inquiry inquiry = search.inquiry();
    @Nullable Variants variants = sign(inquiry.primary());
    long generation = variants == null ? 0 : variants.generation();
    CacheKey key = variants == null ? inquiry.primary() : variants.key(inquiry);
    Lookup found = find(key, search, nanos);
    return switch (found) {
      case Lookup.OnDisk(Lookup.Promotion promotion) ->
          new Lookup.OnDisk(
              () -> granted(inquiry, promoted(promotion.await(), search.afterRead(), generation)));
      case Lookup.Hit(Stored stored) when isSign(stored) -> {
        stored.release();
        yield find(search, nanos); // it came there meanwhile
      }
      default -> led(found, inquiry, generation);
    };
  }

  private @Nullable Variants sign(CacheKey primary) {
    @Nullable Slot slot = ground.index().find(primary);
    @Nullable Resident resident = slot == null ? null : slot.resident;
    if (resident == null || resident.variants() == null || !resident.isSure(ground.current())) {
      return null;
    }
    lookups.use(resident);
    return resident.variants();
  }

  private static boolean isSign(Stored stored) {
    return stored instanceof Resident resident && resident.variants() != null;
  }

  /** Finds what stands under a key, by what the request allows. */
  private Lookup find(CacheKey key, Search search, long nanos) {
    RequestControl asked = search.inquiry().asked();
    @Nullable Slot slot = ground.index().find(key);
    @Nullable Resident resident = slot == null ? null : slot.resident;
    if (search.confirming() || asked.noCache()) {
      return lookups.confirm(key);
    }
    if (resident == null || asked.equals(RequestControl.NONE)) {
      return lookups.look(key, nanos);
    }
    long now = ground.time().millis(nanos);
    if (isTooOld(resident.label().life(), asked, now)) {
      return lookups.confirm(key);
    }
    return mayBeStale(resident, asked, now) && resident.hold()
        ? lookups.hit(resident)
        : lookups.look(key, nanos);
  }

  /** RFC 9111, sections 5.2.1.1 and 5.2.1.3. */
  private static boolean isTooOld(Life life, RequestControl asked, long now) {
    boolean old =
        asked.maxAge().isPresent()
            && (asked.maxAge().get().isZero() || life.age(now) > asked.maxAge().get().toMillis());
    boolean nearlyStale =
        asked.minFresh().isPresent() && life.freshUntil() - now < asked.minFresh().get().toMillis();
    return old || nearlyStale;
  }

  /** RFC 9111, sections 4.2.4 and 5.2.1.2. */
  private boolean mayBeStale(Resident resident, RequestControl asked, long now) {
    Duration over = asked.maxStale().orElse(Duration.ZERO);
    return now < resident.label().life().freshUntil() + over.toMillis()
        && resident.variants() == null
        && !resident.isServable(now)
        && !StandardFreshness.forbidsStale(resident.fields())
        && resident.isSure(ground.current());
  }

  private Lookup promoted(Lookup read, Search search, long generation) throws InterruptedException {
    if (!(read instanceof Lookup.Hit(Stored stored))) {
      return led(read, search.inquiry(), generation);
    }
    stored.release();
    if (search.reads() == 0) {
      return CROWDED;
    }
    Lookup found = find(search, ground.time().clock().nanos()); // it is in memory now
    return found instanceof Lookup.OnDisk(Lookup.Promotion next) ? next.await() : found;
  }

  /** Tells who leads what is asked; a sign that is in doubt is nothing to be confirmed. */
  private static Lookup led(Lookup found, Inquiry inquiry, long generation) {
    return switch (found) {
      case Lookup.Miss(Filling filling) -> {
        filling.inquire(inquiry, generation);
        yield found;
      }
      case Lookup.Stale(Stored stored, Filling filling) -> {
        filling.inquire(inquiry, generation);
        if (!isSign(stored)) {
          yield found;
        }
        stored.release();
        yield new Lookup.Miss(filling);
      }
      default -> found;
    };
  }

  /** What the request does not want the origin to be asked for, or not so that it is stored. */
  private static Lookup granted(Inquiry inquiry, Lookup found) {
    RequestControl asked = inquiry.asked();
    @Nullable Lookup otherwise =
        asked.onlyIfCached()
            ? NOT_ASKED
            : asked.noStore() ? NOT_STORED : inquiry.isHead() ? OF_HEAD : null;
    if (otherwise == null) {
      return found;
    }
    return switch (found) {
      case Lookup.Hit _, Lookup.OnDisk _ -> found;
      case Lookup.Stale(_, Fill fill) when fill.mayServeStale() && !asked.noStore() -> found;
      case Lookup.Stale(Stored stored, Fill fill) -> {
        stored.release();
        fill.abandon();
        yield otherwise;
      }
      case Lookup.Miss(Fill fill) -> {
        fill.abandon();
        yield otherwise;
      }
      case Lookup.Joined _ -> otherwise;
      case Lookup.Pass _ -> asked.onlyIfCached() ? otherwise : found;
    };
  }
}
