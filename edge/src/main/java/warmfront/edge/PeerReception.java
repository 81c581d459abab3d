package warmfront.edge;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.edge.peer.Siblings;
import warmfront.edge.policy.Between;
import warmfront.edge.step.Delivery;
import warmfront.edge.step.ErrorPage;
import warmfront.edge.step.Handler;
import warmfront.edge.step.Place;
import warmfront.edge.step.Reason;
import warmfront.edge.step.Reply;
import warmfront.edge.step.Request;
import warmfront.edge.step.Tier;
import warmfront.edge.step.Tls;

/**
 * Where requests of other servers come in. They were admitted there, and are asked only of what
 * comes after the tier as which this server is asked: so no request goes over more than one hop
 * within a location, and three in all. An edge that does not know of the changes which the asking
 * one knows of waits for them a little.
 */
final class PeerReception implements Handler {
  private static final Logger LOG = LoggerFactory.getLogger(PeerReception.class);
  private static final int FORBIDDEN = 403;
  private static final int BAD_REQUEST = 400;

  private final Map<Tier, Rooms> rooms = new EnumMap<>(Tier.class);
  private final Siblings siblings;
  private final TierFetch tiers;
  private final Progress progress;
  private final Duration behind;

  /**
   * Makes it.
   *
   * @param tiers has the rooms of the location, and knows the fleet
   * @param behind how long it waits for changes
   */
  PeerReception(Neighbours neighbours, TierFetch tiers, Duration behind) {
    this.siblings = neighbours.siblings();
    this.tiers = tiers;
    this.progress = neighbours.progress();
    this.behind = behind;
    for (Tier tier : Tier.values()) {
      rooms.put(tier, tiers.rooms(neighbours.location(), tier, siblings::served));
    }
  }

  @Override
  public void handle(Request raw, Reply reply) {
    String peer = raw.tls().map(Tls::peer).orElse("");
    if (!tiers.isKnown(peer)) {
      LOG.warn("{} is not an edge of this fleet, and asks", peer);
      decline(raw, reply, FORBIDDEN, "This server is not of the fleet.");
      return;
    }
    Optional<Between.Received> received = raw.hasBody() ? Optional.empty() : Between.read(raw);
    if (received.isEmpty()) {
      decline(raw, reply, BAD_REQUEST, "This is not a request between edges.");
      return;
    }
    Between.Received asked = received.get();
    if (asked.tier() == Tier.LOCATION && !siblings.isKnown(peer)) {
      LOG.warn("{} is not a server of this location, and asks as one", peer);
      decline(raw, reply, FORBIDDEN, "This server is not of the location.");
      return;
    }
    if (progress.applied().isAtLeast(asked.point())) {
      serve(asked, reply);
      return;
    }
    try {
      rooms(asked).offLoop().execute(() -> await(raw, asked, reply));
    } catch (RejectedExecutionException e) {
      decline(raw, reply, PeerFetch.NOT_NOW, "This server has too much to do.");
    }
  }

  private void await(Request raw, Between.Received asked, Reply reply) {
    try {
      if (progress.await(asked.point(), behind)) {
        serve(asked, reply);
      } else {
        decline(raw, reply, PeerFetch.NOT_NOW, "This server has not the latest changes.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      decline(raw, reply, PeerFetch.NOT_NOW, "This server ends.");
    }
  }

  private void serve(Between.Received asked, Reply reply) {
    new Exchange(rooms(asked), asked.request(), reply).forPeer(asked.matchedPath(), asked.tier());
  }

  private Rooms rooms(Between.Received asked) {
    return Objects.requireNonNull(rooms.get(asked.tier())); // all are there
  }

  /** An answer without a status of the cache: the other server asks elsewhere. */
  private static void decline(Request raw, Reply reply, int status, String why) {
    if (raw.hasBody()) {
      raw.body().cancel();
    }
    reply.send(ErrorPage.response(status, why, raw.id(), status != PeerFetch.NOT_NOW), _ -> {});
  }

  @Override
  public void refused(Place place, String requestId, int status, Reason reason, Delivery delivery) {
    LOG.debug("{} {} {}", requestId, status, reason);
  }
}
