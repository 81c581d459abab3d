package warmfront.edge;

import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.bytes.Flow;
import warmfront.edge.peer.Keeping;
import warmfront.edge.policy.CacheStatus;
import warmfront.edge.policy.Dress;
import warmfront.edge.policy.Keys;
import warmfront.edge.policy.Pages;
import warmfront.edge.policy.Trials;
import warmfront.edge.policy.ViewerFacts;
import warmfront.edge.smooth.Piece;
import warmfront.edge.step.Admission;
import warmfront.edge.step.Body;
import warmfront.edge.step.CacheKey;
import warmfront.edge.step.Fill;
import warmfront.edge.step.Gaps;
import warmfront.edge.step.Lookup;
import warmfront.edge.step.Lookup.Passing;
import warmfront.edge.step.Match;
import warmfront.edge.step.Reason;
import warmfront.edge.step.Reply;
import warmfront.edge.step.Request;
import warmfront.edge.step.Response;
import warmfront.edge.step.Route;
import warmfront.edge.step.Settled;
import warmfront.edge.step.Stamp;
import warmfront.edge.step.Stored;
import warmfront.edge.step.Tier;

/**
 * One request, from match to record. Read it top to bottom: {@link #onLoop} is all there is to a
 * hit in memory. A fetch goes on where the origin's answer comes, mostly the same loop; who has to
 * wait for the disk or for another request does so in {@link #offLoop}, on a virtual thread.
 *
 * <p>One thread at a time owns it: the viewer's loop, then whichever goes on; the reply hands it
 * back to the loop.
 */
final class Exchange implements Gaps {
  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
  private static final Admission.Refused UNKNOWN =
      new Admission.Refused(403, Reason.UNKNOWN_HOST, "No distribution has this name.");

  private final Rooms rooms;
  private final Request request;
  private final Sending sending;

  /** The behavior that it matched. */
  private @Nullable Route route;

  /** The fetches, from the first on. */
  private @Nullable Fetching fetching;

  /** The request as it was admitted. */
  private Request wanted;

  private Asker asker = Asker.VIEWER;

  /**
   * Whether the look-up was made again, because the origin has another version, or because another
   * request's fetch came to nothing.
   */
  private boolean again;

  /** Whether the origin was asked for a part of a stored object. */
  private volatile boolean asked;

  Exchange(Rooms rooms, Request request, Reply reply) {
    this.rooms = rooms;
    this.request = request;
    this.wanted = request;
    this.sending = new Sending(rooms, request, reply);
  }

  /** Steps 2 to 5 of any request, and 8 and 9 of a hit in memory, on the viewer's event loop. */
  void onLoop() {
    try {
      switch (rooms.sites().get().match(request.host(), request.path())) {
        case Match.Found(Route found) -> admit(found, request);
        case Match.Split split -> choose(split);
        case Match.Unknown _ -> sending.refuse(UNKNOWN);
      }
    } catch (RuntimeException | AssertionError e) {
      fail(e);
    }
  }

  /**
   * Steps 2, 4 and 5 of a request that another server has admitted, on any thread.
   *
   * @param matchedPath the path by which it was matched there
   * @param tier as what this server is asked
   */
  void forPeer(String matchedPath, Tier tier) {
    forOther(tier == Tier.SHIELD ? Asker.OUTER : Asker.PEER);
    guarded(() -> {
      Match match = rooms.sites().get().matchForPeer(request.host(), matchedPath);
      if (match instanceof Match.Found(Route found)) {
        matched(found);
        look(found, request);
      } else {
        sending.refuse(UNKNOWN);
      }
    });
  }

  /**
   * Steps 4 and 5 of what is read without a viewer, on any thread.
   *
   * @param asked what is read, where that is not what was matched
   */
  void forReader(Route found, Request asked) {
    forOther(Asker.READER);
    guarded(() -> {
      matched(found);
      look(found, asked);
    });
  }

  /**
   * Steps 2 to 5 of a request of the operator's, on any thread.
   *
   * @param told gets the response's explanation, before the response
   */
  void forOperator(Consumer<String> told) {
    sending.explain(told);
    onLoop();
  }

  /** Steps 4 and 5 of a page in the place of an error, on any thread. */
  void forPage(Route found) {
    forOther(Asker.PAGE);
    guarded(() -> {
      matched(found);
      look(found, request);
    });
  }

  private void forOther(Asker other) {
    asker = other;
    sending.toOther();
  }

  private void matched(Route found) {
    route = found;
    sending.of(found);
  }

  /** Returns whether the origin was asked for a part of a stored object. */
  boolean hasAsked() {
    return asked;
  }

  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | AssertionError e) {
      fail(e);
    }
  }

  private Fetching fetching() {
    if (fetching == null) {
      fetching = new Fetching(rooms, request, this::guarded);
      sending.with(fetching);
    }
    return fetching;
  }

  private Leading leading() {
    return new Leading(rooms, request, this, sending, fetching());
  }

  private void choose(Match.Split split) {
    Trials.Choice choice = Trials.choose(split, request, rooms.clock().now());
    sending.inSession(choice.cookie().orElse(null));
    admit(choice.route(), choice.request());
  }

  private void admit(Route found, Request asked) {
    matched(found);
    admitted(found, rooms.gate().admit(found, asked));
  }

  private void admitted(Route found, Admission admission) {
    switch (admission) {
      case Admission.Allowed(Request allowed) ->
          look(found, ViewerFacts.told(found, allowed, rooms.atlas()));
      case Admission.Redirected redirected -> send(Pages.redirected(request, redirected));
      case Admission.Refused refused -> sending.refuse(refused);
      case Admission.Deferred(Supplier<Admission> judgement) -> judge(found, judgement);
    }
  }

  /** Judges off the loop what takes a while: a signature by ECDSA that is not known yet. */
  private void judge(Route found, Supplier<Admission> judgement) {
    offLoop(() -> admitted(found, judgement.get()));
  }

  private void offLoop(Runnable step) {
    try {
      rooms.offLoop().execute(() -> guarded(step));
    } catch (RejectedExecutionException e) {
      sending.overloaded();
    }
  }

  private void look(Route found, Request allowed) {
    Optional<Piece> piece = Presentation.piece(found, allowed);
    if (piece.isPresent()) {
      offLoop(() -> cut(found, allowed, piece.get()));
    } else {
      lookFor(found, allowed);
    }
  }

  /** Finds in which file a piece of a presentation lies, and goes on with that. May wait. */
  private void cut(Route found, Request allowed, Piece piece) {
    switch (new Presentation(rooms, request, found, allowed).find(piece)) {
      case Presentation.Place.There there -> {
        sending.cut(there);
        lookFor(found, there.asked(allowed));
      }
      case Presentation.Place.Lacking(int status, String why) ->
          send(Pages.lacking(allowed, status, why));
    }
  }

  private void lookFor(Route found, Request allowed) {
    wanted = allowed;
    sending.wanted(allowed);
    Optional<Passing> passing = rooms.keys().passing(found, allowed);
    long now = request.startNanos();
    Lookup lookup =
        passing.isPresent() ? new Lookup.Pass(passing.get()) : lookUp(found, allowed, now);
    answer(found, allowed, lookup, now);
  }

  /** Goes on with what the cache has; nothing here waits. */
  private void answer(Route found, Request allowed, Lookup lookup, long now) {
    switch (lookup) {
      case Lookup.Hit(Stored stored) when !mustAwait(stored) ->
          sendStored(found, allowed, stored, Stamps.hit(request, stored, CacheStatus.HIT, now));
      case Lookup.Miss(Fill fill) -> leading().miss(found, allowed, fill);
      case Lookup.Stale(Stored stored, Fill fill) -> leading().renew(found, allowed, stored, fill);
      case Lookup.Pass(Passing why) when why == Passing.ONLY_IF_CACHED ->
          send(Pages.notCached(allowed));
      case Lookup.Pass(Passing why) -> pass(found, allowed, CacheStatus.passed(why));
      case Lookup.Joined _ when !Keys.mayShareFetch(found) ->
          pass(found, allowed, CacheStatus.ALONE);
      case Lookup.Hit _, Lookup.OnDisk _, Lookup.Joined _ -> hop(found, allowed, lookup);
    }
  }

  /** Whether a response has to wait until the first byte of its body is there. */
  private boolean mustAwait(Stored stored) {
    return asker != Asker.READER && stored.mayLack();
  }

  /** Step 5. */
  private Lookup lookUp(Route found, Request allowed, long now) {
    if (Keys.isStandard(found)) {
      return ByStandard.lookUp(rooms, found, allowed, now);
    }
    CacheKey key = rooms.keys().key(found, allowed);
    return rooms.mustConfirm(found)
        ? rooms.cache().confirm(key, Keys.rule(found))
        : rooms.cache().look(key, Keys.rule(found), now);
  }

  private void hop(Route found, Request allowed, Lookup lookup) {
    try {
      rooms.offLoop().execute(() -> offLoop(found, allowed, lookup));
    } catch (RejectedExecutionException e) {
      if (lookup instanceof Lookup.Hit(Stored stored)) {
        stored.release();
      }
      sending.overloaded();
    }
  }

  /** Waits for what the cache does not have at hand, on a virtual thread. */
  private void offLoop(Route found, Request allowed, Lookup lookup) {
    try {
      await(found, allowed, lookup);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      abandon();
      if (!sending.isBegun()) {
        sending.overloaded();
      }
    } catch (RuntimeException | AssertionError e) {
      fail(e);
    }
  }

  private void await(Route found, Request allowed, Lookup lookup) throws InterruptedException {
    switch (lookup) {
      case Lookup.Hit(Stored stored) when mustAwait(stored) ->
          sendLacking(found, allowed, stored, hit(stored, CacheStatus.HIT));
      case Lookup.OnDisk(Lookup.Promotion promotion) -> await(found, allowed, promotion.await());
      case Lookup.Joined(Fill fill) when Keys.mayShareFetch(found) -> join(found, allowed, fill);
      case Lookup.Hit _, Lookup.Joined _, Lookup.Stale _, Lookup.Miss _, Lookup.Pass _ ->
          answer(found, allowed, lookup, now());
    }
  }

  /** Looks up again, as if there were no other server. */
  void goAlone(Route found, Request allowed) {
    fetching().goAlone();
    long now = now();
    answer(found, allowed, lookUp(found, allowed, now), now);
  }

  /** Waits for another request's fetch; what cannot be shared is fetched for this one alone. */
  private void join(Route found, Request allowed, Fill fill) throws InterruptedException {
    @Nullable Settled settled = fill.await(rooms.joinMax()).orElse(null);
    switch (settled) {
      case Settled.Storing(Stored stored) when mustAwait(stored) ->
          sendLacking(found, allowed, stored, hit(stored, CacheStatus.COLLAPSED));
      case Settled.Storing(Stored stored) ->
          sendStored(found, allowed, stored, hit(stored, CacheStatus.COLLAPSED));
      case Settled.Refreshed(Stored stored) ->
          sendStored(found, allowed, stored, hit(stored, CacheStatus.COLLAPSED));
      case Settled.Excused(Stored stored) ->
          sendStored(found, allowed, stored, hit(stored, CacheStatus.excused(stored)));
      case Settled.Abandoned _ -> begin(found, allowed);
      case Settled.NotStored(Settled.Unstorable why)
          when why == Settled.Unstorable.ELSEWHERE && !fetching().isAlone() -> {
        switch (fetching().keeping(found, fill.key())) {
          case Keeping.There there -> leading().relay(found, allowed, there);
          case Keeping.Here _ -> goAlone(found, allowed);
        }
      }
      case Settled.NotStored _ -> pass(found, allowed, CacheStatus.ALONE);
      case null -> pass(found, allowed, CacheStatus.ALONE);
    }
  }

  /** Begins again with the look-up, once. Those who waited together collapse again. */
  private void begin(Route found, Request allowed) throws InterruptedException {
    if (again) {
      pass(found, allowed, CacheStatus.ALONE);
      return;
    }
    again = true;
    await(found, allowed, lookUp(found, allowed, now()));
  }

  /** Asks the origin for this viewer alone. */
  void pass(Route found, Request allowed, String cacheStatus) {
    new Passage(rooms, sending, fetching(), found)
        .begin(allowed, Stamps.miss(request, cacheStatus));
  }

  /** Sends an object, and lets go of it. */
  void sendStored(Route found, Request allowed, Stored stored, Stamp stamp) {
    Response dressed;
    try {
      dressed = Dress.stored(found, allowed, stored, asker.told(stamp, stored), this);
    } finally {
      stored.release();
    }
    send(dressed);
  }

  /**
   * Sends an object of which a part may be lacking, once its first byte is there: until then it may
   * turn out that the origin has another version, and everything begins again. Off the loop.
   */
  private void sendLacking(Route found, Request allowed, Stored stored, Stamp stamp)
      throws InterruptedException {
    Response dressed;
    try {
      dressed = Dress.stored(found, allowed, stored, asker.told(stamp, stored), this);
    } finally {
      stored.release();
    }
    if (!(dressed.body() instanceof Body.Flowing(Flow flow))) {
      send(dressed);
      return;
    }
    FirstPart first = new FirstPart(flow);
    if (first.await(rooms.joinMax())) {
      Stamp sent = asked ? Stamps.miss(request, CacheStatus.STORED) : dressed.stamp();
      send(new Response(dressed.head(), sent, new Body.Flowing(first), dressed.close()));
    } else {
      begin(found, allowed);
    }
  }

  /** Asks the origin for what a stored object lacks. */
  @Override
  public void fill(Gap gap) {
    @Nullable Route from = route;
    if (from == null) {
      throw new IllegalStateException("a gap without a route");
    }
    asked = true;
    fetching().part(from, wanted, gap);
  }

  private void fail(Throwable bug) {
    abandon();
    LOG.error("request {} could not be answered", request.id(), bug);
    if (!sending.isBegun()) {
      sending.because(Reason.INTERNAL);
      send(Pages.internal(request));
    }
  }

  private void send(Response dressed) {
    sending.send(dressed);
  }

  private void abandon() {
    if (fetching != null) {
      fetching.abandon();
    }
  }

  private Stamp hit(Stored stored, String cacheStatus) {
    return Stamps.hit(request, stored, cacheStatus, now());
  }

  private long now() {
    return rooms.clock().nanos();
  }
}
