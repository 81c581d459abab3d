package warmfront.edge.cache;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import warmfront.edge.step.CacheKey;
import warmfront.edge.step.Fetched;
import warmfront.edge.step.Inquiry;
import warmfront.http.Fields;
import warmfront.http.Vary;

/** Where responses stand whose cache goes by RFC 9111, and what is done to all of one key. */
final class Variety {
  /** What tells of variants is as good as they are, and leaves when nobody asks for them. */
  private static final long TOLD_MILLIS = 10L * 365 * 24 * 60 * 60 * 1000;

  private final Ground ground;
  private final DiskTier disks;

  Variety(Ground ground, DiskTier disks) {
    this.ground = ground;
    this.disks = disks;
  }

  /** Returns the variants that a primary key stands for; null if it stands for none now. */
  @Nullable Variants at(CacheKey primary) {
    @Nullable Slot slot = ground.index().find(primary);
    @Nullable Resident resident = slot == null ? null : slot.resident;
    return resident != null && resident.isSure(ground.current()) ? resident.variants() : null;
  }

  /**
   * Where an answer is to stand.
   *
   * @param key its own
   * @param sign what is to stand under the primary key then, to lead there; null for what does
   */
  record Stand(CacheKey key, @Nullable Resident sign) {}

  /** Returns where an answer is to stand; empty if it may not, because it is outdated. */
  Optional<Stand> stand(Filling filling, Inquiry inquiry, Fields answered) {
    List<String> names = Vary.selecting(answered).orElseThrow(); // judged before
    @Nullable Variants known = at(inquiry.primary());
    long generation = filling.generation();
    boolean left = generation != 0 && (known == null || known.generation() != generation);
    if (left || filling.isOutdated()) {
      return Optional.empty();
    }
    if (known == null && names.isEmpty()) {
      return Optional.of(new Stand(inquiry.primary(), null));
    }
    if (known != null && known.names().containsAll(names)) {
      CacheKey key = known.key(inquiry);
      note(known, key);
      return Optional.of(new Stand(key, null));
    }
    var all = new TreeSet<>(names);
    if (known != null) {
      all.addAll(known.names());
    }
    if (all.size() > Variants.NAMES_MAX) {
      return Optional.empty();
    }
    Variants next = new Variants(ground.time().nextGeneration(), List.copyOf(all));
    CacheKey key = next.key(inquiry);
    Resident sign = sign(inquiry.primary(), next, filling.since());
    note(signed(sign), key);
    return Optional.of(new Stand(key, sign));
  }

  /** Returns whether a response that says now by what it varies is found by just that. */
  boolean fits(Inquiry inquiry, Fields fields) {
    @Nullable Variants known = at(inquiry.primary());
    return Vary.selecting(fields)
        .filter(names -> known == null ? names.isEmpty() : known.names().containsAll(names))
        .isPresent();
  }

  private void note(Variants variants, CacheKey key) {
    @Nullable CacheKey leaving = variants.add(key);
    if (leaving != null) {
      drop(leaving);
    }
  }

  private static Variants signed(Resident sign) {
    @Nullable Variants variants = sign.variants();
    if (variants == null) {
      throw new IllegalArgumentException("no sign");
    }
    return variants;
  }

  private Resident sign(CacheKey primary, Variants variants, Since since) {
    long now = ground.time().millis();
    Life life = new Life(now, 0, now + TOLD_MILLIS, now + TOLD_MILLIS, now);
    Label label = new Label(Variants.STATUS, variants.fields(), life, since, Tags.NONE);
    OnePiece nothing = OnePiece.whole(List.of(), variants.generation());
    return new Resident(primary, label, nothing, ground.time());
  }

  /** Has a sign stand under its primary key, in place of what does. */
  void put(Resident sign, @Nullable Filling filling) {
    ground.memory().makeRoomOnHeap();
    ground
        .index()
        .in(
            sign.key(),
            slot -> {
              if (filling != null) {
                Settlement.clear(slot, filling);
              }
              slot.markedUntil = Long.MIN_VALUE;
              disks.forget(sign.key());
              ground.memory().put(slot, sign);
              return slot;
            });
    disks.write(sign);
  }

  /**
   * Leaves all responses of a primary key behind, and those that are on their way (RFC 9111,
   * section 4.4). What is on disk would be found by the next process: a sign that leads to nothing
   * goes there.
   */
  void outdate(CacheKey primary) {
    Optional<List<CacheKey>> all = ground.index().in(primary, this::left);
    if (all.isEmpty()) {
      return; // nothing is known of it
    }
    Variants none = new Variants(ground.time().nextGeneration(), List.of());
    Resident sign = sign(primary, none, ground.current().now());
    put(sign, null);
    disks.writeAnyway(sign);
    all.get().forEach(this::drop);
  }

  /** Returns the variants under a primary key; empty if there is nothing of it at all. */
  private Optional<List<CacheKey>> left(Slot slot) {
    @Nullable Resident resident = slot.resident;
    @Nullable Variants variants = resident == null ? null : resident.variants();
    boolean known = resident != null || slot.filling != null || disks.find(slot.key()) != null;
    outdate(slot);
    ground.index().tidy(slot);
    List<CacheKey> keys = variants == null ? List.of() : variants.known();
    return known ? Optional.of(keys) : Optional.empty();
  }

  private static void outdate(Slot slot) {
    @Nullable Filling filling = slot.filling;
    if (filling != null) {
      filling.outdate();
      slot.filling = null;
    }
  }

  private void drop(CacheKey key) {
    ground
        .index()
        .in(
            key,
            slot -> {
              outdate(slot);
              ground.memory().drop(slot);
              disks.forget(key);
              ground.index().tidy(slot);
              return slot;
            });
  }

  /**
   * Updates other variants that a 304 confirms, too: those with the same strong entity tag (RFC
   * 9111, section 4.3.4).
   *
   * @param confirmed the one that was asked for
   */
  void freshenOthers(Inquiry inquiry, Resident confirmed, Fetched.Answered answer) {
    @Nullable Variants variants = at(inquiry.primary());
    String etag = confirmed.etag().orElse("");
    if (variants == null || !etag.startsWith("\"")) {
      return;
    }
    for (CacheKey key : variants.known()) {
      if (!key.equals(confirmed.key())) {
        renew(
            key,
            inquiry,
            answer,
            other -> other.etag().filter(etag::equals).isPresent() ? Meant.SAME : Meant.NOTHING);
      }
    }
  }

  /**
   * Updates a stored response by what was said to HEAD; if that is about another one the stored one
   * is stale (RFC 9111, section 4.3.5).
   */
  void headed(Inquiry inquiry, Fetched.Answered answer) {
    @Nullable Variants variants = at(inquiry.primary());
    CacheKey key = variants == null ? inquiry.primary() : variants.key(inquiry);
    renew(key, inquiry, answer, stored -> isOf(stored, answer) ? Meant.SAME : Meant.ANOTHER);
  }

  private static boolean isOf(Resident stored, Fetched.Answered head) {
    return agrees(stored.fields(), head.fields(), "ETag")
        && agrees(stored.fields(), head.fields(), "Last-Modified")
        && (head.bodyLength() < 0 || head.bodyLength() == stored.length());
  }

  private static boolean agrees(Fields stored, Fields said, String name) {
    @Nullable String value = said.value(name);
    return value == null || value.equals(stored.value(name));
  }

  private enum Meant {
    SAME,
    ANOTHER,
    NOTHING
  }

  @FunctionalInterface
  private interface Compared {
    Meant with(Resident stored);
  }

  private void renew(CacheKey key, Inquiry inquiry, Fetched.Answered answer, Compared compared) {
    if (ground.index().find(key) == null) {
      return;
    }
    ground
        .index()
        .in(
            key,
            slot -> {
              Optional<Resident> renewed = renewed(slot, inquiry, answer, compared);
              renewed.ifPresent(one -> ground.memory().put(slot, one));
              ground.index().tidy(slot);
              return renewed;
            })
        .ifPresent(disks::renew);
  }

  /** Returns what takes the place of what stands in a slot, with a hold for it. */
  private Optional<Resident> renewed(
      Slot slot, Inquiry inquiry, Fetched.Answered answer, Compared compared) {
    @Nullable Resident stored = slot.resident;
    if (stored == null || stored.variants() != null || !stored.content().isWhole()) {
      return Optional.empty();
    }
    Meant meant = compared.with(stored);
    if (meant == Meant.NOTHING || !stored.hold()) {
      return Optional.empty();
    }
    Label label = label(stored, inquiry, answer, meant == Meant.SAME);
    return Optional.of(new Resident(slot.key(), label, stored.content(), ground.time()));
  }

  private Label label(Resident stored, Inquiry inquiry, Fetched.Answered answer, boolean same) {
    Label before = stored.label();
    long now = ground.time().millis();
    Life over = new Life(now, before.life().age(now), now, now, now);
    Fields merged = Renewal.mergeByStandard(before.fields(), answer.fields());
    if (!same || !fits(inquiry, merged)) {
      return new Label(before.status(), before.fields(), over, before.since(), before.tags());
    }
    Verdict verdict =
        new StandardFreshness(
                before.status(),
                merged,
                answer.took(),
                ground.time().clock().now(),
                inquiry.authorized())
            .judge();
    return switch (verdict) {
      case Verdict.Keep keep ->
          new Label(
              before.status(),
              Renewal.kept(merged, keep.withheld()),
              keep.life(now),
              before.since(),
              before.tags());
      case Verdict.Refuse _ ->
          new Label(before.status(), before.fields(), over, before.since(), before.tags());
    };
  }
}
