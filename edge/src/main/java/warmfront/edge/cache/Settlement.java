package warmfront.edge.cache;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import warmfront.edge.step.CacheKey;
import warmfront.edge.step.Fetched;
import warmfront.edge.step.Inquiry;
import warmfront.edge.step.Settled;
import warmfront.edge.step.Settled.Unstorable;
import warmfront.edge.step.TtlRule;
import warmfront.http.ByteRange;
import warmfront.http.ContentRange;
import warmfront.http.Fields;

/** Step 7: what becomes of an answer. */
final class Settlement {
  private final Ground ground;
  private final Marks marks;
  private final DiskTier disks;
  private final Longs longs;
  private final Variety variety;

  Settlement(Ground ground, DiskTier disks, Longs longs, Variety variety) {
    this.ground = ground;
    this.variety = variety;
    this.longs = longs;
    this.disks = disks;
    this.marks = new Marks(ground.limits().marksMax(), ground.index());
  }

  Settled settle(Filling filling, Fetched fetched, TtlRule rule) {
    if (!filling.close()) {
      throw new IllegalStateException(
          "settled or abandoned before: " + filling.key().invalidationPath());
    }
    Settled settled =
        switch (fetched) {
          case Fetched.Answered answer -> answered(filling, answer, rule);
          case Fetched.Failed failed ->
              mayExcuse(filling)
                  ? excuse(filling, failed.status(), rule)
                  : refuse(filling, Unstorable.ORIGIN_FAILED, false);
        };
    return settled;
  }

  /**
   * Returns whether an object came too late for those who waited for it: one of its tags was
   * invalidated while it was fetched, and they may have come after that.
   */
  boolean isOutdated(Resident arrived) {
    return arrived.isKilledByTag(ground.current());
  }

  void abandon(Filling filling) {
    if (!filling.close()) {
      return;
    }
    leave(filling);
    release(filling);
    filling.tellAbandoned();
  }

  void leaveElsewhere(Filling filling) {
    if (filling.close()) {
      var _ = refuse(filling, Unstorable.ELSEWHERE, false);
    }
  }

  private Settled answered(Filling filling, Fetched.Answered answer, TtlRule rule) {
    @Nullable Resident stale = filling.renewing();
    if (answer.status() == 304 && stale != null && stale.variants() == null) {
      answer.body().cancel();
      return refresh(filling, stale, answer, rule);
    }
    if (answer.status() >= 500 && mayExcuse(filling) && excusesErrors(filling)) {
      answer.body().cancel();
      return excuse(filling, answer.status(), rule);
    }
    if (answer.status() == 206) {
      return partial(filling, answer, rule);
    }
    return kept(filling, answer, rule);
  }

  /**
   * A part is kept as a part if what is lacking can be asked for, of the same version; one that is
   * the whole object is no part.
   */
  private Settled partial(Filling filling, Fetched.Answered answer, TtlRule rule) {
    @Nullable ContentRange part = ContentRange.parse(answer.fields()).orElse(null);
    if (part == null || answer.bodyLength() != part.range().length()) {
      return refuse(filling, Unstorable.PARTIAL, false);
    }
    Fields fields =
        answer.fields().edit().removeIf(name -> name.equalsIgnoreCase("Content-Range")).build();
    Fetched.Answered whole =
        new Fetched.Answered(200, fields, answer.body(), part.length(), answer.took());
    if (part.range().length() == part.length()) {
      return kept(filling, whole, rule);
    }
    boolean fillable = !Longs.validator(fields).isEmpty() && part.length() > Sliced.SLICE;
    return fillable
            && longs.canKeep(filling.key(), whole)
            && judge(filling, 200, fields, answer, rule) instanceof Verdict.Keep keep
        ? store(filling, new Coming(whole, part.range()), keep, rule)
        : refuse(filling, Unstorable.PARTIAL, false);
  }

  private Settled kept(Filling filling, Fetched.Answered answer, TtlRule rule) {
    @Nullable Inquiry inquiry = filling.inquiry();
    boolean mark =
        answer.status() != 304
            && answer.status() != 416
            && (inquiry == null || !inquiry.authorized());
    return switch (judge(filling, answer.status(), answer.fields(), answer, rule)) {
      case Verdict.Refuse(Unstorable reason) -> refuse(filling, reason, mark);
      case Verdict.Keep keep ->
          longs.canKeep(filling.key(), answer)
              ? store(filling, Coming.whole(answer), keep, rule)
              : refuse(filling, Unstorable.TOO_LARGE, true);
    };
  }

  private Verdict judge(
      Filling filling, int status, Fields fields, Fetched.Answered answer, TtlRule rule) {
    Instant now = ground.time().clock().now();
    @Nullable Inquiry inquiry = filling.inquiry();
    return inquiry == null
        ? new Freshness(status, fields, answer.took(), now).judge(rule)
        : new StandardFreshness(status, fields, answer.took(), now, inquiry.authorized()).judge();
  }

  // ---- kept

  /**
   * An answer that is kept.
   *
   * @param answer with the length of the whole object
   * @param part which part of the object its body is
   */
  private record Coming(Fetched.Answered answer, ByteRange part) {
    static Coming whole(Fetched.Answered answer) {
      return new Coming(answer, new ByteRange(0, Math.max(answer.bodyLength(), 1) - 1));
    }
  }

  private Settled store(Filling filling, Coming coming, Verdict.Keep keep, TtlRule rule) {
    @Nullable Inquiry inquiry = filling.inquiry();
    if (inquiry == null) {
      return store(filling, coming, keep, rule, new Variety.Stand(filling.key(), null));
    }
    Optional<Variety.Stand> stand = variety.stand(filling, inquiry, coming.answer().fields());
    return stand.isEmpty()
        ? refuse(filling, Unstorable.CACHE_CONTROL, false)
        : store(filling, coming, keep, rule, stand.get());
  }

  private Settled store(
      Filling filling, Coming coming, Verdict.Keep keep, TtlRule rule, Variety.Stand stand) {
    ground.memory().makeRoomOnHeap();
    CacheKey key = stand.key();
    Fetched.Answered answer = coming.answer();
    Life life = keep.life(ground.time().millis());
    Fields fields = Renewal.kept(answer.fields(), keep.withheld());
    Tags tags = tags(answer.fields(), rule, Tags.NONE);
    Label label = new Label(answer.status(), fields, life, filling.since(), tags);
    Runnable start;
    Resident arriving;
    if (answer.bodyLength() > Sliced.SLICE) {
      LongArrival arrival = longs.arrival(key, label, answer);
      arriving = arrival.arriving();
      start = () -> arrival.start(answer.body(), coming.part());
      hold(arriving);
      arrival.begin(filling, coming.part());
    } else {
      OnePiece content = new OnePiece(answer.bodyLength(), ground.time().nextGeneration());
      arriving = new Resident(key, label, content, ground.time());
      Arrival arrival = new Arrival(arriving, ground, this, disks);
      start =
          () ->
              new Intake(answer.body(), content, ground.memory(), ground.limits(), arrival).start();
      hold(arriving);
      arrival.begin(filling);
    }
    release(filling);
    tell(filling, arriving, stand);
    start.run();
    return new Settled.Storing(
        keep.withheld().isEmpty()
            ? arriving
            : new FirstViewing(arriving, Renewal.kept(answer.fields(), Set.of())));
  }

  private void tell(Filling filling, Resident arriving, Variety.Stand stand) {
    @Nullable Resident sign = stand.sign();
    if (sign != null) {
      variety.put(sign, filling);
    }
    if (!stand.key().equals(filling.key())) {
      leave(filling);
    }
    if (arriving.label().life().askEachTime()) {
      // CloudFront: no collapsing where each request has to ask the origin.
      filling.tell(new Settled.NotStored(Unstorable.CACHE_CONTROL));
    } else if (stand.key().equals(filling.key())) {
      filling.tell(new Settled.Storing(arriving));
    } else {
      filling.tellAbandoned(); // those who wait look whether theirs is the same variant
    }
  }

  /** Returns the tags that an answer lists; {@code otherwise} if it says nothing of them. */
  private static Tags tags(Fields fields, TtlRule rule, Tags otherwise) {
    return rule.tagHeader()
        .filter(fields::has)
        .map(header -> Tags.in(fields, header))
        .orElse(otherwise);
  }

  /** The leader's hold. */
  private static void hold(Resident arriving) {
    boolean held = arriving.hold();
    assert held : "new content is held";
  }

  // ---- confirmed

  private Settled refresh(Filling filling, Resident stale, Fetched.Answered answer, TtlRule rule) {
    ground.counts().refreshes.increment();
    @Nullable Inquiry inquiry = filling.inquiry();
    Fields merged =
        inquiry == null
            ? Renewal.merge(stale.fields(), answer.fields())
            : Renewal.mergeByStandard(stale.fields(), answer.fields());
    long now = ground.time().millis();
    Tags tags = tags(merged, rule, stale.label().tags());
    Label label =
        switch (judge(filling, stale.status(), merged, answer, rule)) {
          case Verdict.Keep keep ->
              new Label(
                  stale.status(),
                  Renewal.kept(merged, keep.withheld()),
                  keep.life(now),
                  filling.since(),
                  tags);
          case Verdict.Refuse _ ->
              new Label(
                  stale.status(),
                  Renewal.kept(merged, Set.of()),
                  new Life(now, 0, now, now, now),
                  filling.since(),
                  tags);
        };
    Resident renewed = new Resident(filling.key(), label, stale.content(), ground.time());
    boolean stays =
        stale.content().isWhole()
            && !filling.isOutdated()
            && (inquiry == null || variety.fits(inquiry, merged));
    if (stays && install(filling, renewed)) {
      disks.renew(renewed);
    } else {
      leave(filling);
    }
    if (inquiry != null) {
      variety.freshenOthers(inquiry, stale, answer);
    }
    // The fill's hold is of the same content: it becomes the leader's.
    Settled settled = new Settled.Refreshed(renewed);
    filling.tell(
        label.life().askEachTime() ? new Settled.NotStored(Unstorable.CACHE_CONTROL) : settled);
    return settled;
  }

  private boolean install(Filling filling, Resident renewed) {
    return ground
        .index()
        .in(
            filling.key(),
            slot -> {
              clear(slot, filling);
              if (!renewed.isValid(ground.current())) {
                return false;
              }
              boolean held = renewed.hold();
              assert held : "the fill holds it";
              ground.memory().put(slot, renewed);
              return true;
            });
  }

  // ---- excused

  private boolean mayExcuse(Filling filling) {
    @Nullable Resident stale = filling.renewing();
    return stale != null
        && filling.isExcusable()
        && ground.time().millis() < stale.label().life().excusableUntil()
        && stale.isSure(ground.current());
  }

  /** By RFC 9111 an answer stands in for one that is an error only if it says so (RFC 5861, 4). */
  private static boolean excusesErrors(Filling filling) {
    @Nullable Resident stale = filling.renewing();
    return filling.inquiry() == null
        || (stale != null && StandardFreshness.excusesErrors(stale.fields()));
  }

  /** CloudFront: the stale object is served for ErrorCachingMinTTL, then the origin is retried. */
  private Settled excuse(Filling filling, int status, TtlRule rule) {
    @Nullable Resident stale = filling.renewing();
    if (stale == null) {
      throw new IllegalStateException("nothing to excuse with");
    }
    ground.counts().excuses.increment();
    long until = ground.time().millis() + rule.error(status).toMillis();
    stale.excuse(Math.min(until, stale.label().life().excusableUntil()));
    leave(filling);
    // The fill's hold becomes the leader's.
    Settled settled = new Settled.Excused(stale);
    filling.tell(settled);
    return settled;
  }

  // ---- not kept

  private Settled refuse(Filling filling, Unstorable reason, boolean mark) {
    if (mark) {
      mark(filling.key(), filling);
    } else {
      leave(filling);
    }
    release(filling);
    Settled settled = new Settled.NotStored(reason);
    filling.tell(settled);
    return settled;
  }

  /** Remembers that the key cannot be kept now. */
  void mark(CacheKey key, @Nullable Filling filling) {
    long now = ground.time().millis();
    long until = now + ground.limits().hitForMiss().toMillis();
    Slot marked =
        ground
            .index()
            .in(
                key,
                slot -> {
                  if (filling != null) {
                    clear(slot, filling);
                  }
                  slot.markedUntil = until;
                  return slot;
                });
    marks.add(marked, now, until);
  }

  private void leave(Filling filling) {
    ground
        .index()
        .in(
            filling.key(),
            slot -> {
              clear(slot, filling);
              ground.index().tidy(slot);
              return slot;
            });
  }

  private static void release(Filling filling) {
    @Nullable Resident stale = filling.renewing();
    if (stale != null) {
      stale.release();
    }
  }

  static void clear(Slot slot, Filling filling) {
    if (slot.filling == filling) {
      slot.filling = null;
    }
  }
}
