package warmfront.edge;

import warmfront.edge.Fetching.Quest;
import warmfront.edge.peer.Keeping;
import warmfront.edge.policy.CacheStatus;
import warmfront.edge.policy.Dress;
import warmfront.edge.policy.Keys;
import warmfront.edge.policy.Pages;
import warmfront.edge.step.Fetched;
import warmfront.edge.step.Fill;
import warmfront.edge.step.OriginRequest;
import warmfront.edge.step.Request;
import warmfront.edge.step.Route;
import warmfront.edge.step.Settled;
import warmfront.edge.step.Stamp;
import warmfront.edge.step.Stored;

/**
 * An exchange that leads a fetch: what is asked, what becomes of the answer, and what the viewer
 * gets of it. Owned with its exchange, by one thread at a time.
 */
final class Leading {
  private final Rooms rooms;
  private final Request request;
  private final Exchange exchange;
  private final Sending sending;
  private final Fetching fetching;

  /**
   * Makes it.
   *
   * @param request as it came
   * @param exchange goes on where the fetch is of no use to it
   */
  Leading(Rooms rooms, Request request, Exchange exchange, Sending sending, Fetching fetching) {
    this.rooms = rooms;
    this.request = request;
    this.exchange = exchange;
    this.sending = sending;
    this.fetching = fetching;
  }

  /**
   * Leads the fetch of what the cache does not have, unless another server of the location keeps
   * it. Goes on although the viewer may be gone.
   */
  void miss(Route found, Request allowed, Fill fill) {
    fetching.lead(fill);
    Keeping keeping = fetching.keeping(found, fill.key());
    if (keeping instanceof Keeping.There there && !there.hot()) {
      fetching.leaveElsewhere();
      relay(found, allowed, there);
      return;
    }
    OriginRequest ask = ByStandard.hearing(found, rooms.asks().shared(found, allowed), sending);
    fetching.fetch(
        new Quest(found, allowed, ask, fill.key()),
        keeping,
        fetched -> missed(found, allowed, ask, shared(found, fetched)));
  }

  /** Passes on what another server of the location answers, for this viewer alone. */
  void relay(Route found, Request allowed, Keeping.There there) {
    fetching.relay(
        found,
        allowed,
        there,
        said -> {
          String status = CacheStatus.peer(said.status());
          Stamp stamp = new Stamp(request.id(), said.result(), said.ageSeconds(), status);
          sending.send(Dress.passed(found, allowed, said.answered(), stamp));
        },
        () -> exchange.goAlone(found, allowed));
  }

  private void missed(Route found, Request allowed, OriginRequest ask, Fetched fetched) {
    Settled settled = fetching.settle(found, fetched);
    boolean unusable =
        settled instanceof Settled.NotStored(Settled.Unstorable why)
            && why == Settled.Unstorable.PARTIAL;
    if (unusable && fetched instanceof Fetched.Answered answered) {
      answered.body().cancel(); // slices around what was asked for, of no use to this viewer
      exchange.pass(found, allowed, CacheStatus.notStored(Settled.Unstorable.PARTIAL));
      return;
    }
    // CloudFront: an origin that ignores Range has the whole object served, by 200, this once.
    boolean whole = fetched instanceof Fetched.Answered answered && answered.status() == 200;
    Request wanted = whole && ask.fields().has("Range") ? allowed.withoutRange() : allowed;
    conclude(found, wanted, fetched, settled, CacheStatus.STORED);
  }

  /** Leads the fetch that confirms or replaces a stale object, which it lets go of. */
  void renew(Route found, Request allowed, Stored stale, Fill fill) {
    fetching.lead(fill);
    OriginRequest ask;
    try {
      ask = ByStandard.hearing(found, rooms.asks().confirming(found, allowed, stale), sending);
      if (fill.mayServeStale()) {
        Stamp stamp = Stamps.hit(request, stale, CacheStatus.renewing(stale), now());
        sending.send(Dress.stored(found, allowed, stale, stamp, exchange));
      }
    } finally {
      stale.release();
    }
    fetching.fetch(
        new Quest(found, allowed, ask, fill.key()),
        fetching.keeping(found, fill.key()),
        fetched -> renewed(found, allowed, shared(found, fetched)));
  }

  private void renewed(Route found, Request allowed, Fetched fetched) {
    Settled settled = fetching.settle(found, fetched);
    if (!sending.isBegun()) {
      conclude(found, allowed, fetched, settled, CacheStatus.REPLACED);
    } else {
      Answers.letGo(fetched, settled);
    }
  }

  /** Sends what the cache made of an answer. */
  private void conclude(
      Route found, Request allowed, Fetched fetched, Settled settled, String storing) {
    switch (settled) {
      case Settled.Storing(Stored stored) ->
          exchange.sendStored(
              found,
              allowed,
              stored,
              ByStandard.aged(found, fetching.stamp(stored, storing), fetched));
      case Settled.Refreshed(Stored stored) ->
          exchange.sendStored(
              found,
              allowed,
              stored,
              Stamps.refreshed(request, stored, CacheStatus.CONFIRMED, now()));
      case Settled.Excused(Stored stored) -> {
        fetching.excuse();
        String status = CacheStatus.excused(stored);
        exchange.sendStored(found, allowed, stored, Stamps.hit(request, stored, status, now()));
      }
      case Settled.NotStored(Settled.Unstorable why) -> {
        Stamp stamp = Stamps.miss(request, CacheStatus.notStored(why));
        switch (fetched) {
          case Fetched.Answered answered ->
              sending.send(
                  Dress.answered(
                      found, allowed, answered, ByStandard.aged(found, stamp, answered)));
          case Fetched.Failed failed -> sending.send(Pages.failed(allowed, failed, stamp));
        }
      }
      case Settled.Abandoned _ ->
          throw new IllegalStateException("a fill was abandoned by being settled");
    }
  }

  /** By RFC 9111 what no origin said is not cached. */
  private Fetched shared(Route found, Fetched fetched) {
    return Keys.isStandard(found) ? fetched : Answers.shared(fetched, request.id(), rooms.dates());
  }

  private long now() {
    return rooms.clock().nanos();
  }
}
