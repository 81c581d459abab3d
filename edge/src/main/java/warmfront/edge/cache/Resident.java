package warmfront.edge.cache;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Slice;
import warmfront.edge.step.Body;
import warmfront.edge.step.CacheKey;
import warmfront.edge.step.Gaps;
import warmfront.edge.step.Head;
import warmfront.edge.step.Lookup;
import warmfront.edge.step.Route;
import warmfront.edge.step.Stored;
import warmfront.edge.step.TtlRule;
import warmfront.http.ByteRange;
import warmfront.http.Fields;

/**
 * An object in memory, whole or on its way. It is its own handle: each look-up holds it once, so
 * that a hit makes nothing.
 */
final class Resident implements Stored, Evictable {
  private static final Body NO_BODY = new Body.None();

  /** Bytes of an object's objects, its texts left out: slot, key, label, content, slice, item. */
  private static final long OBJECTS = 768; // class histogram of 100,000 objects: 550

  /** What was dressed, and for whom. */
  private record Dressed(Route route, Head head) {}

  private final CacheKey key;
  private final Label label;
  private final Content content;
  private final Timeline time;
  private final @Nullable Variants variants;

  /**
   * What look-ups that find it get; made by the first, as most objects are never asked for again.
   */
  private Lookup.@Nullable Hit hit;

  /**
   * Its place in the eviction's queues while it stands whole in its slot; under the slot's lock.
   */
  private @Nullable Item<Evictable> item;

  private boolean counted;

  private volatile long excusedUntil = Long.MIN_VALUE;

  /** Stamp of the invalidations it was last looked through for; a lost one does no harm. */
  private long checked;

  private volatile @Nullable Dressed dressed;

  /** Whether it was sent before; a lost note does no harm. */
  private boolean wasDressed;

  Resident(CacheKey key, Label label, Content content, Timeline time) {
    this.key = key;
    this.label = label;
    this.content = content;
    this.time = time;
    this.variants = label.status() == Variants.STATUS ? Variants.of(label.fields()) : null;
  }

  /** Returns the variants that it stands for; null if it is an object itself. */
  @Nullable Variants variants() {
    return variants;
  }

  CacheKey key() {
    return key;
  }

  Label label() {
    return label;
  }

  Content content() {
    return content;
  }

  /** Returns what is written on disk beside its bytes; its length must be known. */
  ObjectHead head() {
    return new ObjectHead(key, label, content.generation(), content.bodyLength());
  }

  Lookup.Hit hit() {
    Lookup.@Nullable Hit made = hit;
    if (made == null) {
      made = new Lookup.Hit(this);
      hit = made; // one that another made meanwhile is as good
    }
    return made;
  }

  /**
   * Notes a hit for the eviction; read without a lock, a lost one does no harm. Returns whether the
   * disks are to hear that it was asked for again.
   */
  boolean use() {
    @Nullable Item<Evictable> used = item;
    return used == null ? content instanceof Sliced sliced && !sliced.isAdmitted() : used.use();
  }

  /** Returns how often it was asked for lately, up to a few times; 0 if never. */
  int uses() {
    @Nullable Item<Evictable> used = item;
    if (used == null) {
      return content instanceof Sliced sliced && sliced.isAdmitted() ? 1 : 0;
    }
    return used.uses() + (used.wasUsed() ? 1 : 0);
  }

  /**
   * Makes its item, now that its length is known. Where each request has to ask the origin anyway,
   * it never expires for the eviction: what counts then is that it can be confirmed. Under the
   * slot's lock.
   */
  @Nullable Item<Evictable> enter() {
    counted = true;
    if (content instanceof Sliced) {
      return null; // its slices have items of their own
    }
    Life life = label.life();
    long expires = life.askEachTime() ? Item.NEVER : life.backgroundUntil();
    Item<Evictable> made =
        new Item<>(this, key.high() ^ key.low(), Math.max(content.length(), 1), expires);
    item = made;
    return made;
  }

  /** Returns about how many bytes of the heap it takes: more rather than less. */
  long weight() {
    long known = variants == null ? 0 : Variants.KEYS_BYTES;
    return OBJECTS + label.fields().length() + key.length() + known;
  }

  /** Gives up its item; null if it has none. Under the slot's lock. */
  @Nullable Item<Evictable> leave() {
    @Nullable Item<Evictable> left = item;
    item = null;
    counted = false;
    return left;
  }

  /** Returns whether it is counted as an object in memory. Under the slot's lock. */
  boolean isCounted() {
    return counted;
  }

  @Override
  public boolean isIdle() {
    return content.isIdle();
  }

  /** Holds it for a viewer; false if it is gone. */
  boolean hold() {
    return content.hold();
  }

  /** Returns whether it may be served at {@code now} without asking the origin. */
  boolean isServable(long now) {
    return now < label.life().freshUntil() || now < excusedUntil;
  }

  /** Serves it stale until then, because the origin failed. */
  void excuse(long until) {
    excusedUntil = until;
  }

  /**
   * Returns whether no invalidation is newer than its fetch. One comparison, unless there was an
   * invalidation since it was looked through.
   */
  boolean isValid(Invalidations invalidations) {
    return isSure(invalidations) || !isKilled(invalidations);
  }

  /**
   * Returns whether it is valid for sure, so that it may be served without asking the origin. One
   * comparison, as for {@link #isValid}.
   */
  boolean isSure(Invalidations invalidations) {
    long stamp = invalidations.stamp(); // read first: what comes later has a later stamp
    if (checked == stamp) {
      return true;
    }
    if (invalidations.haveChanged(key, checked)
        && (invalidations.doubt(key, label.since()) || isKilled(invalidations))) {
      return false;
    }
    checked = stamp;
    return true;
  }

  /**
   * Returns whether one of its tags was invalidated after its fetch began. Nobody could tell before
   * the origin answered.
   */
  boolean isKilledByTag(Invalidations invalidations) {
    return invalidations.kills(key, label.tags(), label.since());
  }

  private boolean isKilled(Invalidations invalidations) {
    return invalidations.kills(key, label.since())
        || invalidations.kills(key, label.tags(), label.since());
  }

  @Override
  public int status() {
    return label.status();
  }

  @Override
  public Fields fields() {
    return label.fields();
  }

  @Override
  public long length() {
    return content.bodyLength();
  }

  @Override
  public Duration age(long nanos) {
    return Duration.ofMillis(label.life().age(time.millis(nanos)));
  }

  @Override
  public Duration freshFor() {
    return Duration.ofMillis(label.life().freshUntil() - time.millis());
  }

  @Override
  public String lifetime(TtlRule rule) {
    return Freshness.told(label.status(), label.fields(), rule);
  }

  @Override
  public Head dressed(Route route, BiFunction<Stored, Route, Head> dress) {
    @Nullable Dressed kept = dressed;
    if (kept != null && kept.route() == route) {
      return kept.head();
    }
    Head head = dress.apply(this, route);
    // Most objects are sent once, to the viewer that missed: what is kept of a head is for others.
    // A length that is not known yet would stay unknown for good.
    if (wasDressed && head.contentLength() >= 0) {
      dressed = new Dressed(route, head);
    }
    wasDressed = true;
    return head;
  }

  @Override
  public Body body(Gaps gaps) {
    @Nullable Slice single = content.single();
    if (single != null) {
      return pinned(single, 0, single.length());
    }
    return content.bodyLength() == 0 ? NO_BODY : new Body.Flowing(content.read(0, -1, gaps));
  }

  @Override
  public Body body(ByteRange range, Gaps gaps) {
    long length = content.bodyLength();
    if (range.last() >= length) {
      throw new IllegalArgumentException("%s of %d bytes".formatted(range, length));
    }
    @Nullable Slice single = content.single();
    return single == null
        ? new Body.Flowing(content.read(range.first(), range.last() + 1, gaps))
        : pinned(single, (int) range.first(), (int) range.length());
  }

  private static Body pinned(Slice slice, int offset, int length) {
    boolean pinned = slice.pin();
    assert pinned : "body after release";
    return new Body.Pinned(slice, offset, length);
  }

  @Override
  public boolean mayLack() {
    return content instanceof Sliced sliced && !sliced.isComplete();
  }

  @Override
  public boolean lacks(ByteRange range) {
    return content instanceof Sliced sliced
        && (sliced.isLacking(range.first()) || sliced.isLacking(range.last()));
  }

  @Override
  public Optional<String> etag() {
    return label.etag();
  }

  @Override
  public Optional<String> lastModified() {
    return label.lastModified();
  }

  @Override
  public void release() {
    content.letGo();
  }
}
