package warmfront.edge;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.distribution.Distribution;
import warmfront.edge.behavior.Sites;
import warmfront.edge.step.ClientCheck;
import warmfront.edge.step.Delivery;
import warmfront.edge.step.Handler;
import warmfront.edge.step.Match;
import warmfront.edge.step.Place;
import warmfront.edge.step.Reason;
import warmfront.edge.step.Reply;
import warmfront.edge.step.Request;

/** Where requests come in from the viewer room. */
final class Reception implements Handler {
  private static final Logger LOG = LoggerFactory.getLogger(Reception.class);

  private final Function<Place, Rooms> rooms;
  private final Supplier<Sites> sites;

  Reception(Function<Place, Rooms> rooms, Supplier<Sites> sites) {
    this.rooms = rooms;
    this.sites = sites;
  }

  @Override
  public void handle(Request request, Reply reply) {
    new Exchange(rooms.apply(request.place()), request, reply).onLoop();
  }

  @Override
  public void refused(Place place, String requestId, int status, Reason reason, Delivery delivery) {
    LOG.debug("{} {} {}", requestId, status, reason);
    rooms.apply(place).recorder().refused(requestId, place, status, reason, delivery);
  }

  @Override
  public boolean speaksHttp2(String host) {
    return distribution(host).map(Distribution::http2).orElse(true);
  }

  @Override
  public boolean speaksHttp3(String host) {
    return distribution(host)
        .map(Distribution::entrance)
        .map(entrance -> entrance.http3() && entrance.mtls().isEmpty())
        .orElse(false);
  }

  @Override
  public Optional<ClientCheck> clients(String host) {
    return sites.get().match(host, "/") instanceof Match.Found found
        ? found.route().site().clients()
        : Optional.empty();
  }

  private Optional<Distribution> distribution(String host) {
    return sites.get().match(host, "/") instanceof Match.Found found
        ? Optional.of(found.route().site().distribution())
        : Optional.empty();
  }
}
