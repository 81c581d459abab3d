package warmfront.edge;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.edge.Rooms.Peers.Heard;
import warmfront.edge.Rooms.Peers.Question;
import warmfront.edge.peer.Keeping;
import warmfront.edge.policy.CacheStatus;
import warmfront.edge.policy.Compression;
import warmfront.edge.policy.Keys;
import warmfront.edge.policy.OriginRequests;
import warmfront.edge.step.Approach;
import warmfront.edge.step.CacheKey;
import warmfront.edge.step.Coding;
import warmfront.edge.step.Failover;
import warmfront.edge.step.Fetched;
import warmfront.edge.step.Fill;
import warmfront.edge.step.Gaps;
import warmfront.edge.step.MediaScores;
import warmfront.edge.step.OriginRequest;
import warmfront.edge.step.Reason;
import warmfront.edge.step.Request;
import warmfront.edge.step.ResultType;
import warmfront.edge.step.Route;
import warmfront.edge.step.Settled;
import warmfront.edge.step.Stamp;
import warmfront.edge.step.Stored;
import warmfront.edge.step.Tier;
import warmfront.edge.step.TtlRule;
import warmfront.http.Fields;
import warmfront.http.Method;

/**
 * Steps 6 and 7 of one exchange: asks the server that keeps the object, or the origin, and settles
 * what comes. Made after a miss. Owned with its exchange, by one thread at a time.
 */
final class Fetching {
  private static final Logger LOG = LoggerFactory.getLogger(Fetching.class);

  private final Rooms rooms;
  private final Request request;
  private final Consumer<Runnable> guarded;
  private @Nullable Fill leading;
  private @Nullable Heard heard;
  private @Nullable Reason reason;
  private long originNanos = -1;
  private Approach approach = Approach.NONE;

  /** How long the first origin of a group took to fail. */
  private long failedNanos;

  private boolean alone;
  private boolean shieldHit;

  /**
   * Makes the fetches of an exchange.
   *
   * @param request as it came
   * @param guarded runs what goes on with an answer, and sees to it if that throws
   */
  Fetching(Rooms rooms, Request request, Consumer<Runnable> guarded) {
    this.rooms = rooms;
    this.request = request;
    this.guarded = guarded;
  }

  /**
   * A fetch whose answer is for the cache.
   *
   * @param found the behavior
   * @param allowed the request as it was admitted
   * @param ask what the origin is asked
   * @param key the object's
   */
  record Quest(Route found, Request allowed, OriginRequest ask, CacheKey key) {}

  /** Runs what goes on with what was waited for. */
  void guard(Runnable step) {
    guarded.accept(step);
  }

  /** Takes the lead of a fill; it ends in {@link #settle}, {@link #abandon} or elsewhere. */
  void lead(Fill fill) {
    leading = fill;
    heard = null;
  }

  /** Leaves the fill that it leads to the server that keeps the object. */
  void leaveElsewhere() {
    Fill fill = Objects.requireNonNull(leading);
    leading = null;
    fill.leaveElsewhere();
  }

  /** Returns who keeps an object, for this request. */
  Keeping keeping(Route found, CacheKey key) {
    return alone || asksNobody(found) ? Keeping.HERE : rooms.peers().keeping(key);
  }

  /**
   * What is staged is each server's own: another would match the request to what is not. So is what
   * goes by RFC 9111, in which every cache has a say of its own.
   */
  private boolean asksNobody(Route found) {
    return rooms.mustConfirm(found)
        || Keys.isStandard(found)
        || found.site().distribution().entrance().trial().staging();
  }

  /** Asks no other server from now on. */
  void goAlone() {
    alone = true;
  }

  /** Returns whether no other server is asked any more. */
  boolean isAlone() {
    return alone;
  }

  /**
   * Asks other servers for this viewer alone.
   *
   * @param otherwise if none of them answers
   */
  void relay(
      Route found, Request allowed, Keeping.There there, Consumer<Heard> then, Runnable otherwise) {
    rooms
        .peers()
        .ask(
            there,
            new Question(found, allowed, request.path(), Optional.empty(), Tier.LOCATION),
            said ->
                guarded.accept(() -> {
                  note(said);
                  then.accept(said);
                }),
            () -> guarded.accept(otherwise));
  }

  /**
   * Step 6; {@code then} goes on where the answer comes.
   *
   * @param keeping who is to be asked first
   */
  void fetch(Quest quest, Keeping keeping, Consumer<Fetched> then) {
    switch (keeping) {
      case Keeping.Here _ -> beyond(quest, then);
      case Keeping.There there ->
          rooms
              .peers()
              .ask(
                  there,
                  question(quest),
                  said -> guarded.accept(() -> then.accept(kept(said))),
                  () -> {
                    alone = true;
                    beyond(quest, then);
                  });
    }
  }

  /**
   * Asks what lies behind this location: further tiers, then the origin; for OPTIONS, which is
   * cached at edge locations alone (CloudFront, "How CloudFront works with regional edge caches"),
   * the origin.
   */
  private void beyond(Quest quest, Consumer<Fetched> then) {
    Runnable straight = () -> fromOrigin(quest.found(), quest.allowed(), quest.ask(), then);
    if (asksNobody(quest.found()) || !quest.ask().method().isRead()) {
      straight.run();
    } else {
      rooms
          .tiers()
          .ask(
              quest.key(),
              question(quest),
              said -> guarded.accept(() -> then.accept(kept(said))),
              straight);
    }
  }

  /** Takes note of what another server said that is to be kept here, too. */
  private Fetched kept(Heard said) {
    heard = said;
    note(said);
    return Answers.dated(said.answered(), rooms.dates());
  }

  private void note(Heard said) {
    shieldHit |= said.result() == ResultType.HIT && CacheStatus.isOfShield(said.status());
  }

  /**
   * Step 6, past all other servers.
   *
   * @param allowed the request as it was admitted
   */
  void fromOrigin(Route found, Request allowed, OriginRequest ask, Consumer<Fetched> then) {
    ask(
        found,
        allowed,
        ask,
        fetched -> guarded.accept(() -> then.accept(compressed(ask, noted(found, fetched)))));
  }

  /**
   * Step 6 of a call of gRPC, which goes to the origin alone.
   *
   * @return what gives it up, from any thread
   */
  Runnable call(Route found, OriginRequest ask, Consumer<Fetched> then) {
    return rooms
        .origin()
        .fetch(ask, fetched -> guarded.accept(() -> then.accept(noted(found, fetched))));
  }

  /** Asks the origin, and the second one of its group if the first fails as the group says. */
  private void ask(Route found, Request allowed, OriginRequest ask, Consumer<Fetched> then) {
    @Nullable Failover failover = found.failover().orElse(null);
    if (failover == null || !OriginRequests.mayFailOver(ask)) {
      rooms.origin().fetch(ask, then);
      return;
    }
    long begun = rooms.clock().nanos();
    @Nullable MediaScores scores = failover.scores().orElse(null);
    boolean swapped = scores != null && scores.prefersSecond(allowed.path(), begun);
    OriginRequest first = swapped ? rooms.asks().again(failover.second(), allowed, ask) : ask;
    Route other = swapped ? found : failover.second();
    if (scores != null && ask.method().equals(Method.GET) && scores.isDue(allowed.path(), begun)) {
      hear(scores, !swapped, allowed.path(), rooms.asks().probing(other, allowed), _ -> {});
    }
    Consumer<Fetched> heard =
        fetched -> {
          if (!failover.isDue(fetched)) {
            then.accept(fetched);
            return;
          }
          failedNanos = rooms.clock().nanos() - begun;
          leave(found, fetched);
          rooms.origin().fetch(rooms.asks().again(other, allowed, ask), then);
        };
    if (scores == null) {
      rooms.origin().fetch(first, heard);
    } else {
      hear(scores, swapped, allowed.path(), first, heard);
    }
  }

  /**
   * Asks an origin, and takes note of how good its media are.
   *
   * @param second whether it is the second one of its group
   * @param then gets the answer; what nobody reads of it is dropped here
   */
  private void hear(
      MediaScores scores, boolean second, String path, OriginRequest ask, Consumer<Fetched> then) {
    rooms
        .origin()
        .fetch(
            ask,
            fetched -> {
              if (fetched instanceof Fetched.Answered answered) {
                Fields said = answered.status() < 400 ? answered.fields() : Fields.empty();
                scores.note(path, second, said, rooms.clock().nanos());
                if (ask.method().equals(Method.HEAD)) {
                  answered.body().cancel();
                }
              }
              then.accept(fetched);
            });
  }

  /** Notes that the first origin of a group failed; what it said is nobody's. */
  private void leave(Route found, Fetched fetched) {
    rooms.recorder().failedOver(found);
    switch (fetched) {
      case Fetched.Answered answered -> {
        LOG.debug("{}: the first origin says {}", found, answered.status());
        answered.body().cancel();
      }
      case Fetched.Failed failed -> {
        rooms.recorder().originFailed(found, failed.reason());
        LOG.debug("{}: the first origin: {} {}", found, failed.reason(), failed.detail());
      }
    }
  }

  private Question question(Quest quest) {
    return new Question(
        quest.found(), quest.allowed(), request.path(), Optional.of(quest.ask()), Tier.LOCATION);
  }

  private Fetched noted(Route found, Fetched fetched) {
    return switch (fetched) {
      case Fetched.Answered answered -> {
        originNanos = failedNanos + answered.took().toNanos();
        approach = answered.approach();
        rooms.recorder().fetched(originNanos);
        yield Answers.dated(answered, rooms.dates());
      }
      case Fetched.Failed failed -> {
        reason = failed.reason();
        rooms.recorder().originFailed(found, failed.reason());
        LOG.debug("{}: {} {}", found, failed.reason(), failed.detail());
        yield failed;
      }
    };
  }

  private Fetched compressed(OriginRequest ask, Fetched fetched) {
    return fetched instanceof Fetched.Answered answered
        ? Compression.coding(ask, answered)
            .<Fetched>flatMap(coding -> compressed(answered, coding))
            .orElse(answered)
        : fetched;
  }

  private Optional<Fetched.Answered> compressed(Fetched.Answered answered, Coding coding) {
    return rooms
        .compressor()
        .encode(coding, answered.body(), answered.bodyLength())
        .map(body -> Compression.coded(answered, coding, body));
  }

  /** Step 7 of the fill that it leads. */
  Settled settle(Route found, Fetched fetched) {
    Fill fill = Objects.requireNonNull(leading);
    Settled settled = rooms.cache().settle(fill, fetched, rule(found));
    leading = null;
    return settled;
  }

  /** What another server keeps lives no longer here than there. */
  private TtlRule rule(Route found) {
    TtlRule rule = Keys.rule(found);
    @Nullable Heard said = heard;
    return said == null
        ? rule
        : CacheStatus.ttl(said.status())
            .map(left -> rule.capped(said.answered().status(), left))
            .orElse(rule);
  }

  /** Gives up the fill that it leads, if any. */
  void abandon() {
    if (leading != null) {
      leading.abandon();
      leading = null;
    }
  }

  /**
   * Asks for what a stored object lacks.
   *
   * @param wanted the request that came across it, as it was admitted
   */
  void part(Route from, Request wanted, Gaps.Gap gap) {
    try {
      OriginRequest ask = rooms.asks().part(from, wanted, gap);
      Quest quest = new Quest(from, wanted, ask, rooms.keys().key(from, wanted));
      switch (keeping(from, quest.key())) {
        case Keeping.Here _ -> beyond(quest, gap);
        case Keeping.There there ->
            rooms
                .peers()
                .ask(
                    there,
                    question(quest),
                    said -> gap.settle(said.answered()),
                    () -> beyond(quest, gap));
      }
    } catch (RuntimeException | AssertionError e) {
      LOG.error("request {}: a part could not be fetched", request.id(), e);
      gap.settle(new Fetched.Failed(502, Reason.INTERNAL, "a bug"));
    }
  }

  private void beyond(Quest part, Gaps.Gap gap) {
    Runnable straight =
        () ->
            ask(
                part.found(),
                part.allowed(),
                part.ask(),
                fetched -> gap.settle(counted(part.found(), fetched)));
    if (asksNobody(part.found())) {
      straight.run();
    } else {
      rooms.tiers().ask(part.key(), question(part), said -> gap.settle(said.answered()), straight);
    }
  }

  private Fetched counted(Route from, Fetched fetched) {
    switch (fetched) {
      case Fetched.Answered answered -> rooms.recorder().fetched(answered.took().toNanos());
      case Fetched.Failed failed -> rooms.recorder().originFailed(from, failed.reason());
    }
    return fetched;
  }

  /** Returns the stamp of an object that is stored just now, from another server or the origin. */
  Stamp stamp(Stored stored, String storing) {
    @Nullable Heard said = heard;
    if (said != null) {
      long age = stored.age(rooms.clock().nanos()).toSeconds();
      return new Stamp(request.id(), said.result(), age, CacheStatus.kept(said.status()));
    }
    String status = alone ? CacheStatus.alone(storing) : storing;
    return new Stamp(request.id(), ResultType.MISS, -1, status);
  }

  /** What went wrong does not show. */
  void excuse() {
    reason = null;
  }

  /** Returns what it took to get to the origin that answered last. */
  Approach approach() {
    return approach;
  }

  /**
   * Returns what is known of the fetches.
   *
   * @param otherwise why the response is not the origin's, if not because of them
   */
  Recorder.Facts facts(@Nullable Reason otherwise) {
    return new Recorder.Facts(otherwise == null ? reason : otherwise, originNanos, shieldHit);
  }
}
