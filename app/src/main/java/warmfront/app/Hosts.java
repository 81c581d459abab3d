package warmfront.app;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import warmfront.distribution.Channel;
import warmfront.distribution.Kind;
import warmfront.distribution.Publication;
import warmfront.distribution.Server;
import warmfront.routing.Explanation;
import warmfront.routing.Routing;
import warmfront.snapshot.Snapshot;

/**
 * Lines for a hosts file: each published name at the location that this machine is sent to, and
 * each channel at its home.
 */
final class Hosts {
  private final Latest log;
  private final Routing routing;
  private final String zone;

  Hosts(Latest log, Routing routing, String zone) {
    this.log = log;
    this.routing = routing;
    this.zone = zone;
  }

  String lines() {
    Snapshot picture = log.picture();
    List<String> lines = new ArrayList<>();
    lines.add("# Warmfront: add these lines to /etc/hosts");
    picture.all(Kind.PUBLICATION, Publication.class).stream()
        .filter(Publication::enabled)
        .sorted(Comparator.comparing(Publication::domainName))
        .forEach(publication ->
            address(named(picture, publication).id())
                .ifPresent(address -> {
                  if (!publication.guest()) {
                    lines.add(address.getHostAddress() + " " + publication.domainName());
                  }
                  publication.aliases().stream()
                      .filter(alias -> !alias.startsWith("*"))
                      .forEach(alias -> lines.add(address.getHostAddress() + " " + alias));
                }));
    picture.all(Kind.CHANNEL, Channel.class).stream()
        .sorted(Comparator.comparing(Channel::id))
        .forEach(channel ->
            home(picture, channel)
                .ifPresent(address -> lines.add(address + " " + channel.hostName(zone))));
    return String.join("\n", lines);
  }

  /** Returns the publication that has the domain name of a guest. */
  private static Publication named(Snapshot picture, Publication publication) {
    return publication.guest()
        ? picture.all(Kind.PUBLICATION, Publication.class).stream()
            .filter(one -> !one.guest() && one.domainName().equals(publication.domainName()))
            .findFirst()
            .orElse(publication)
        : publication;
  }

  private static Optional<String> home(Snapshot picture, Channel channel) {
    return picture.all(Kind.SERVER, Server.class).stream()
        .filter(server -> server.role() == Server.Role.EDGE)
        .filter(server -> server.location().equals(channel.location()))
        .flatMap(server -> server.advertise4().stream())
        .min(Comparator.naturalOrder());
  }

  private Optional<InetAddress> address(String distribution) {
    return switch (routing.route(InetAddress.getLoopbackAddress(), Optional.of(distribution))) {
      case Explanation.NotPublished _ -> Optional.empty();
      case Explanation.Routed routed -> routed.ipv4().stream().findFirst();
    };
  }
}
