package warmfront.edge;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import warmfront.bytes.Flow;
import warmfront.edge.behavior.Sites;
import warmfront.edge.cache.StandardCache;
import warmfront.edge.encryption.Forms;
import warmfront.edge.peer.Keeping;
import warmfront.edge.policy.Gate;
import warmfront.edge.policy.Keys;
import warmfront.edge.policy.OriginRequests;
import warmfront.edge.step.Atlas;
import warmfront.edge.step.CacheKey;
import warmfront.edge.step.Coding;
import warmfront.edge.step.Fetched;
import warmfront.edge.step.Fill;
import warmfront.edge.step.Lookup;
import warmfront.edge.step.OriginRequest;
import warmfront.edge.step.Request;
import warmfront.edge.step.ResultType;
import warmfront.edge.step.Route;
import warmfront.edge.step.Settled;
import warmfront.edge.step.Tier;
import warmfront.edge.step.TtlRule;
import warmfront.time.Clock;

/**
 * The rooms that a request goes through, as {@link Exchange} sees them.
 *
 * @param sites the picture that is served now
 * @param keys step 4
 * @param cache steps 5 and 7
 * @param asks what origins are asked
 * @param origin step 6
 * @param compressor what compresses bodies
 * @param peers step 6, where another server of the location keeps the object
 * @param tiers step 6, where another location is asked before the origin
 * @param forms encrypts fields of what is sent to origins
 * @param writes hears of what was written to at origins
 * @param gate step 3
 * @param atlas where viewers are
 * @param recorder step 10
 * @param offLoop runs what may wait, each on a thread of its own
 * @param fresh whether the edge is sure to know the latest changes
 * @param joinMax how long a request waits for another's fetch before it makes its own
 * @param dates the value of Date
 * @param clock the time
 */
record Rooms(
    Supplier<Sites> sites,
    Keys keys,
    Store cache,
    OriginRequests asks,
    Origin origin,
    Compressor compressor,
    Peers peers,
    Tiers tiers,
    Forms forms,
    Supplier<Writes> writes,
    Gate gate,
    Supplier<Atlas> atlas,
    Recorder recorder,
    Executor offLoop,
    BooleanSupplier fresh,
    Duration joinMax,
    Dates dates,
    Clock clock) {
  /**
   * Returns the rooms for what other servers ask: none of the location is asked again.
   *
   * @param further whom to ask before the origin
   */
  Rooms forPeers(Consumer<ResultType> results, Tiers further) {
    return new Rooms(
        sites,
        keys,
        cache,
        asks,
        origin,
        compressor,
        PeerFetch.NONE,
        further,
        forms,
        writes,
        gate,
        () -> Atlas.NONE,
        recorder.ofOthers(results),
        offLoop,
        fresh,
        joinMax,
        dates,
        clock);
  }

  /**
   * Returns the rooms for what the operator asks: as viewers have them, but nothing is recorded.
   */
  Rooms forOperator() {
    return new Rooms(
        sites,
        keys,
        cache,
        asks,
        origin,
        compressor,
        peers,
        tiers,
        forms,
        writes,
        gate,
        atlas,
        recorder.ofOthers(_ -> {}),
        offLoop,
        fresh,
        joinMax,
        dates,
        clock);
  }

  /** Returns the rooms for what is read in this process: nobody is asked who it is, or recorded. */
  Rooms forReaders() {
    return new Rooms(
        sites,
        keys,
        cache,
        asks,
        origin,
        compressor,
        peers,
        tiers,
        forms,
        writes,
        gate,
        () -> Atlas.NONE,
        recorder.ofOthers(_ -> {}),
        offLoop,
        fresh,
        joinMax,
        dates,
        clock);
  }

  /** Returns whether something may be stored that was invalidated, and the distribution minds. */
  boolean mustConfirm(Route found) {
    return found.site().distribution().wishes().strict() && !fresh.getAsBoolean();
  }

  /** Steps 5 and 7, as {@link warmfront.edge.cache.Cache} has them. */
  interface Store {
    /** Looks up without blocking; {@code nanos} is the time now, on the steady clock. */
    Lookup look(CacheKey key, TtlRule rule, long nanos);

    /** Looks up what may be served only if the origin confirms it. */
    Lookup confirm(CacheKey key, TtlRule rule);

    /** Ends a fill with what the origin said. */
    Settled settle(Fill fill, Fetched fetched, TtlRule rule);

    /** Returns the same cache for requests that go by RFC 9111. */
    StandardCache standard();
  }

  /** The other servers of the location; never waits. */
  interface Peers {
    /** Returns who keeps an object. Asked after a miss, once for each request. */
    Keeping keeping(CacheKey key);

    /**
     * Asks the servers that keep an object, one after the other, until one answers.
     *
     * @param then gets the answer, whose body it reads or cancels, on whatever thread it comes
     * @param otherwise called in place of {@code then} if none of them answers
     */
    void ask(Keeping.There there, Question question, Consumer<Heard> then, Runnable otherwise);

    /**
     * What is asked.
     *
     * @param route the behavior it matched
     * @param request as it was admitted
     * @param matchedPath by which it matched
     * @param keeping what the origin would be asked, if the answer is to be kept here, too; else it
     *     is for this viewer alone
     * @param tier as what the other one is asked
     */
    record Question(
        Route route,
        Request request,
        String matchedPath,
        Optional<OriginRequest> keeping,
        Tier tier) {
      Question at(Tier other) {
        return new Question(route, request, matchedPath, keeping, other);
      }
    }

    /**
     * What another server answered.
     *
     * @param answered the answer, as from an origin
     * @param result what it was to the cache there
     * @param ageSeconds its Age; -1 without one
     * @param status what the cache did there, in the words of Cache-Status
     */
    record Heard(Fetched.Answered answered, ResultType result, long ageSeconds, String status) {}
  }

  /** What lies between this location and the origin; never waits. */
  interface Tiers {
    /** Nothing. */
    Tiers NONE = (_, _, _, otherwise) -> otherwise.run();

    /**
     * Asks the regional cache, then the Origin Shield, if there are, until one answers.
     *
     * @param then gets the answer, whose body it reads or cancels, on whatever thread it comes
     * @param otherwise called in place of {@code then} if none of them answers
     */
    void ask(CacheKey key, Peers.Question question, Consumer<Peers.Heard> then, Runnable otherwise);
  }

  /** Step 6, as {@link warmfront.edge.origin.Origins} has it. */
  interface Origin {
    /**
     * Asks, and hands over the head of the answer on whatever thread it comes; never waits.
     *
     * @return what gives up a call of gRPC, from any thread
     */
    Runnable fetch(OriginRequest request, Consumer<Fetched> then);
  }

  /** Compresses bodies, as {@link warmfront.edge.coding.Coder} does. */
  interface Compressor {
    /** Returns a body in a coding; empty if there is no room for it, and then it is not touched. */
    Optional<Flow> encode(Coding coding, Flow body, long length);
  }
}
