package warmfront.edge;

import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.distribution.Origin;
import warmfront.edge.peer.Keeping;
import warmfront.edge.peer.Limits;
import warmfront.edge.peer.Sibling;
import warmfront.edge.peer.Siblings;
import warmfront.edge.policy.Between;
import warmfront.edge.policy.ViewerFacts;
import warmfront.edge.step.CacheKey;
import warmfront.edge.step.Fetched;
import warmfront.edge.step.Internal;
import warmfront.edge.step.PeerRequest;
import warmfront.edge.step.Point;
import warmfront.edge.step.Reason;
import warmfront.edge.step.Request;
import warmfront.edge.step.ResultType;
import warmfront.edge.step.Route;
import warmfront.edge.step.Tier;
import warmfront.http.Fields;

/**
 * Step 6 where another server of the location keeps the object: asks it, then the next one.
 * Thread-safe.
 */
final class PeerFetch implements Rooms.Peers {
  /** A server that is alone. */
  static final Rooms.Peers NONE =
      new Rooms.Peers() {
        @Override
        public Keeping keeping(CacheKey key) {
          return Keeping.HERE;
        }

        @Override
        public void ask(
            Keeping.There there, Question question, Consumer<Heard> then, Runnable otherwise) {
          otherwise.run();
        }
      };

  /** The status of an edge that has too much to do, or has not the latest changes yet. */
  static final int NOT_NOW = 503;

  /**
   * What the other one may wait for beside the origin (a name, a place in its pool): so that it,
   * which knows the reason, says that the origin is too slow.
   */
  private static final Duration MARGIN = Duration.ofSeconds(20);

  private static final int AGE_DIGITS_MAX = 10;
  private static final Logger LOG = LoggerFactory.getLogger(PeerFetch.class);

  private final Siblings siblings;
  private final BiConsumer<PeerRequest, Consumer<Fetched>> connections;
  private final Supplier<Point> point;
  private final Limits limits;

  /**
   * Makes it.
   *
   * @param connections asks another edge
   * @param point what this edge knows of the configuration
   */
  PeerFetch(
      Siblings siblings,
      BiConsumer<PeerRequest, Consumer<Fetched>> connections,
      Supplier<Point> point,
      Limits limits) {
    this.siblings = siblings;
    this.connections = connections;
    this.point = point;
    this.limits = limits;
  }

  @Override
  public Keeping keeping(CacheKey key) {
    return siblings.keeping(key);
  }

  @Override
  public void ask(
      Keeping.There there, Question question, Consumer<Heard> then, Runnable otherwise) {
    if (question.keeping().isPresent()) {
      siblings.kept();
    }
    new Asking(there, question, then, otherwise).next();
  }

  /** One question, put to one server after the other. Owned by whoever was called last. */
  private final class Asking {
    private final Keeping.There there;
    private final Question question;
    private final Consumer<Heard> then;
    private final Runnable otherwise;
    private int asked;

    Asking(Keeping.There there, Question question, Consumer<Heard> then, Runnable otherwise) {
      this.there = there;
      this.question = question;
      this.then = then;
      this.otherwise = otherwise;
    }

    void next() {
      while (asked < there.owners().size()) {
        Sibling sibling = there.owners().get(asked++);
        if (siblings.begin(sibling)) {
          begun(sibling);
          return;
        }
      }
      siblings.alone();
      otherwise.run();
    }

    private void begun(Sibling sibling) {
      try {
        connections.accept(request(sibling), fetched -> came(sibling, fetched));
      } catch (RuntimeException e) {
        siblings.unasked(sibling); // or it would seem to be silent for ever
        throw e;
      }
    }

    private PeerRequest request(Sibling sibling) {
      Request viewers = ViewerFacts.genuine(question.route(), question.request());
      var way = new Between.Way(question.matchedPath(), point.get(), question.tier());
      Fields fields =
          question
              .keeping()
              .map(ask -> Between.kept(viewers, ask, way))
              .orElseGet(() -> Between.relayed(viewers, way));
      return new PeerRequest(
          sibling.id(),
          sibling.address(),
          question.keeping().map(ask -> ask.method()).orElse(viewers.method()),
          viewers.target(),
          fields,
          limits.connect(),
          patience(question.route()).plus(margin(question.tier())));
    }

    /** Who asks others in turn has more to wait for. */
    private static Duration margin(Tier tier) {
      return switch (tier) {
        case LOCATION -> MARGIN.multipliedBy(3);
        case REGION -> MARGIN.multipliedBy(2);
        case SHIELD -> MARGIN;
      };
    }

    private static Duration patience(Route route) {
      Origin origin = route.origin();
      Duration once = origin.connectTimeout().plus(origin.type().readTimeout());
      Duration tries = once.multipliedBy(origin.attempts());
      Duration all =
          origin.reach().completion().filter(whole -> whole.compareTo(tries) < 0).orElse(tries);
      return route.failover().map(failover -> all.plus(patience(failover.second()))).orElse(all);
    }

    private void came(Sibling sibling, Fetched fetched) {
      switch (fetched) {
        case Fetched.Answered answered -> {
          @Nullable String status = answered.fields().value(Internal.STATUS);
          if (status == null) {
            answered.body().cancel();
            LOG.debug("{} declines with {}", sibling, answered.status());
            siblings.declined(sibling, answered.status() == NOT_NOW);
            next();
          } else {
            Heard heard = heard(answered, status);
            siblings.answered(sibling, heard.result() == ResultType.HIT);
            then.accept(heard);
          }
        }
        case Fetched.Failed(_, Reason reason, String detail) -> {
          if (reason == Reason.OVERLOADED) {
            siblings.unasked(sibling);
          } else {
            LOG.info("{} does not answer: {}", sibling, detail);
            siblings.failed(sibling);
          }
          next();
        }
      }
    }

    private Heard heard(Fetched.Answered answered, String status) {
      long age = age(answered.fields().value("Age"), answered.took());
      return new Heard(
          new Fetched.Answered(
              answered.status(),
              answered.fields().without(PeerFetch::isOfTheHop),
              answered.body(),
              answered.bodyLength(),
              answered.took()),
          result(answered.fields().value("X-Cache")),
          age,
          status);
    }
  }

  /** What the other edge said for itself, and not of the object. */
  private static boolean isOfTheHop(String name) {
    return Internal.is(name)
        || name.equalsIgnoreCase("X-Cache")
        || name.equalsIgnoreCase("X-Amz-Cf-Pop")
        || name.equalsIgnoreCase("X-Amz-Cf-Id")
        || name.equalsIgnoreCase("Via");
  }

  /** An error is one by its status, whoever sends it. */
  private static ResultType result(@Nullable String said) {
    for (ResultType result : new ResultType[] {ResultType.HIT, ResultType.REFRESH_HIT}) {
      if (said != null && said.startsWith(result.logName() + " ")) {
        return result;
      }
    }
    return ResultType.MISS;
  }

  private static long age(@Nullable String said, Duration took) {
    return said != null
            && said.length() <= AGE_DIGITS_MAX
            && !said.isEmpty()
            && said.chars().allMatch(c -> c >= '0' && c <= '9')
        ? Long.parseLong(said) + took.toSeconds()
        : -1;
  }
}
