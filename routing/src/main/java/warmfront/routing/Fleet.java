package warmfront.routing;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toUnmodifiableList;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import warmfront.distribution.Kind;
import warmfront.distribution.ListenAddress;
import warmfront.distribution.Location;
import warmfront.distribution.Server;
import warmfront.snapshot.Snapshot;
import warmfront.snapshot.Subscriber.Verdict;

/**
 * The edge servers that viewers may be sent to, by location. Immutable.
 *
 * @param members for each location, by its index, its servers in the order of their ids
 */
record Fleet(List<List<Member>> members) {
  private static final int HTTPS_PORT = 443;

  /**
   * A server and what viewers are told of it.
   *
   * @param id the server's
   * @param addresses of both families
   * @param weight its share of its location's viewers, 0 and up
   * @param draining whether the operator wants no new viewers there
   */
  record Member(String id, List<InetAddress> addresses, int weight, boolean draining) {
    /** Returns whether it is meant to serve: whether it does is another question. */
    boolean isMeantToServe() {
      return !draining && weight > 0 && !addresses.isEmpty();
    }
  }

  Fleet {
    members = List.copyOf(members);
  }

  /** Returns what is wrong with the addresses of a picture's edge servers, if anything. */
  static Optional<Verdict.Rejected> objection(Snapshot snapshot) {
    for (Snapshot.Versioned one : snapshot.versioned(Kind.SERVER)) {
      Server server = (Server) one.resource();
      for (String text : server.advertise4()) {
        if (parse(text, 4).isEmpty()) {
          return Optional.of(rejected(one.revision(), server, "IPv4", text));
        }
      }
      for (String text : server.advertise6()) {
        if (parse(text, 16).isEmpty()) {
          return Optional.of(rejected(one.revision(), server, "IPv6", text));
        }
      }
    }
    return Optional.empty();
  }

  private static Verdict.Rejected rejected(
      long revision, Server server, String family, String text) {
    return new Verdict.Rejected(
        revision,
        "server %s advertises what is no %s address: %s".formatted(server.id(), family, text));
  }

  /**
   * Returns whether HTTPS records may be given out: each edge has a listener for TLS at port 443,
   * where viewers look for it.
   */
  static boolean isSecure(Snapshot snapshot) {
    List<Server> edges =
        snapshot.all(Kind.SERVER, Server.class).stream()
            .filter(server -> server.role() == Server.Role.EDGE)
            .filter(server -> server.state() != Server.State.REVOKED)
            .toList();
    return !edges.isEmpty() && edges.stream().allMatch(Fleet::isSecure);
  }

  private static boolean isSecure(Server server) {
    return server.listen().stream()
        .map(ListenAddress::parse)
        .anyMatch(one -> one.scheme() == ListenAddress.Scheme.HTTPS && one.port() == HTTPS_PORT);
  }

  /** Sorts servers by location; revoked ones and those of other roles are left out. */
  static Fleet of(List<Location> locations, Collection<Server> servers) {
    Map<String, List<Member>> byLocation =
        servers.stream()
            .filter(server -> server.role() == Server.Role.EDGE)
            .filter(server -> server.state() != Server.State.REVOKED)
            .sorted(Comparator.comparing(Server::id))
            .collect(groupingBy(Server::location, mapping(Fleet::member, toUnmodifiableList())));
    List<List<Member>> members =
        locations.stream()
            .map(location -> byLocation.getOrDefault(location.id(), List.of()))
            .toList();
    return new Fleet(members);
  }

  private static Member member(Server server) {
    List<InetAddress> addresses = new ArrayList<>();
    server.advertise4().forEach(text -> parse(text, 4).ifPresent(addresses::add));
    server.advertise6().forEach(text -> parse(text, 16).ifPresent(addresses::add));
    boolean draining = server.state() == Server.State.DRAINING;
    return new Member(server.id(), List.copyOf(addresses), server.weight(), draining);
  }

  private static Optional<InetAddress> parse(String text, int bytes) {
    try {
      InetAddress address = InetAddress.ofLiteral(text);
      boolean right = address.getAddress().length == bytes && text.indexOf('%') < 0;
      return right ? Optional.of(address) : Optional.empty();
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  /** Returns the ids of all servers in it. */
  Set<String> ids() {
    return members.stream().flatMap(List::stream).map(Member::id).collect(Collectors.toSet());
  }
}
