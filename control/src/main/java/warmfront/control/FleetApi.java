package warmfront.control;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import warmfront.control.api.Annex;
import warmfront.control.identity.Caller;
import warmfront.control.identity.Deed;
import warmfront.control.identity.Fleet;
import warmfront.control.identity.Users;
import warmfront.control.publish.ServerStatus;
import warmfront.distribution.ListenAddress;
import warmfront.distribution.Location;
import warmfront.distribution.PriceClass;
import warmfront.distribution.Server;
import warmfront.link.JoinToken;

/**
 * The fleet's operations, beside CloudFront's API and behind the same signatures, for which Amazon
 * has no API that one could follow: {@code /fleet/locations} and {@code /fleet/servers} are listed
 * with GET, {@code /fleet/locations/CODE} and {@code /fleet/servers/ID} are made with PUT, changed
 * with POST and removed with DELETE, and so are the texts of the zone ({@link TextApi}), the live
 * channels ({@link ChannelApi}) and users ({@link UserApi}). Settings are parameters of the query,
 * answers are lines of text.
 *
 * <p>In policies, reading is {@code warmfront:ReadFleet} and all else {@code
 * warmfront:ChangeFleet}, and {@code /fleet/channels/cam1} is {@code
 * arn:aws:warmfront::ACCOUNT:channels/cam1}.
 */
final class FleetApi implements Annex {
  private static final String ROOT = "/fleet/";

  /** What makes a server one: all else is beside it. */
  private static final Set<ListenAddress.Scheme> SERVING =
      Set.of(ListenAddress.Scheme.HTTP, ListenAddress.Scheme.HTTPS, ListenAddress.Scheme.DNS);

  private static final String TEXT = "text/plain; charset=utf-8";

  /** What servers in other processes are told to connect to. */
  record Entrance(String host, int port) {}

  /**
   * Where the fleet is.
   *
   * @param zone the DNS zone that it answers for
   * @param account twelve digits
   * @param entrance empty if it has no servers in other processes
   */
  record Whereabouts(String zone, String account, Optional<Entrance> entrance) {}

  private final Fleet fleet;
  private final Gatehouse gatehouse;
  private final Supplier<List<ServerStatus>> statuses;
  private final Optional<Entrance> entrance;
  private final TextApi texts;
  private final ChannelApi channels;
  private final UserApi users;
  private final String account;

  FleetApi(
      Fleet fleet,
      Users users,
      Gatehouse gatehouse,
      Supplier<List<ServerStatus>> statuses,
      Whereabouts whereabouts,
      SecureRandom random) {
    this.fleet = fleet;
    this.gatehouse = gatehouse;
    this.statuses = statuses;
    this.entrance = whereabouts.entrance();
    this.texts = new TextApi(fleet, whereabouts.zone());
    this.channels = new ChannelApi(fleet, whereabouts.zone(), random);
    this.users = new UserApi(users);
    this.account = whereabouts.account();
  }

  @Override
  public Optional<Answer> answer(Caller caller, Request request) {
    if (!request.path().startsWith(ROOT)) {
      return Optional.empty();
    }
    String thing = request.path().substring(ROOT.length());
    List<String> parts = List.of(thing.split("/", -1));
    boolean reads = request.method().equals("GET");
    Optional<String> refusal = refusal(caller, parts, reads);
    if (refusal.isPresent()) {
      return Optional.of(text(403, refusal.get()));
    }
    if (!reads && caller.comesAgain()) {
      return Optional.of(text(503, "this very request was answered before; sign it anew"));
    }
    try {
      return Optional.of(answer(parts, request));
    } catch (IllegalArgumentException wrong) {
      return Optional.of(text(400, String.valueOf(wrong.getMessage())));
    }
  }

  /** Users could give themselves anything: only the account itself says what they may do. */
  private Optional<String> refusal(Caller caller, List<String> parts, boolean reads) {
    if (UserApi.isMeant(parts.getFirst())) {
      return caller.isRoot()
          ? Optional.empty()
          : Optional.of("users and their keys are the root key's alone");
    }
    String name = String.join("/", parts);
    String resource = parts.getFirst().equals("texts") ? TextApi.sameName(name) : name;
    return caller.refusal(
        Deed.of(
            reads ? "warmfront:ReadFleet" : "warmfront:ChangeFleet",
            "arn:aws:warmfront::%s:%s".formatted(account, resource)));
  }

  private Answer answer(List<String> parts, Request request) {
    String method = request.method();
    Settings settings = Settings.of(request.query());
    return switch (parts.getFirst()) {
      case "locations" -> locations(method, parts, settings);
      case "servers" -> servers(method, parts, settings);
      case "texts" -> texts.answer(method, parts, settings);
      case "channels" -> channels.answer(method, parts, settings);
      case "users" -> users.users(method, parts, settings, request.body());
      case "keys" -> users.keys(method, parts, settings);
      default ->
          text(
              404,
              "there is /fleet/locations, .../servers, .../texts, .../channels, .../users and"
                  + " .../keys");
    };
  }

  private Answer locations(String method, List<String> parts, Settings settings) {
    return switch (method + parts.size()) {
      case "GET1" -> text(200, listedLocations());
      case "PUT2" -> {
        Location location = location(parts.get(1), settings);
        settings.refuseUnknown();
        yield said(fleet.register(location));
      }
      case "DELETE2" -> said(fleet.removeLocation(parts.get(1)));
      default -> text(405, "locations are listed with GET, added with PUT, removed with DELETE");
    };
  }

  private Answer servers(String method, List<String> parts, Settings settings) {
    return switch (method + parts.size()) {
      case "GET1" -> text(200, listedServers());
      case "PUT2" -> add(server(parts.get(1), settings), settings);
      case "POST2" -> change(parts.get(1), settings);
      case "DELETE2" -> said(fleet.removeServer(parts.get(1)));
      default ->
          text(
              405,
              "servers are listed with GET, added with PUT, changed with POST, removed"
                  + " with DELETE");
    };
  }

  private Answer add(Server server, Settings settings) {
    settings.refuseUnknown();
    return switch (fleet.register(server)) {
      case Fleet.Outcome.Refused(String reason) -> text(409, reason);
      case Fleet.Outcome.Changed _ -> token(server.id());
    };
  }

  private Answer change(String id, Settings settings) {
    String state = settings.text("state", "");
    settings.refuseUnknown();
    return switch (state) {
      case "active" -> said(fleet.activate(id));
      case "draining" -> said(fleet.drain(id));
      case "revoked" -> said(fleet.revoke(id));
      case "invited" -> token(id);
      default ->
          throw new IllegalArgumentException(
              "state is one of active, draining, revoked, invited, not " + state);
    };
  }

  private Answer token(String id) {
    if (entrance.isEmpty()) {
      return text(409, "this control plane takes no servers of other processes");
    }
    Optional<JoinToken> token = gatehouse.invite(id, entrance.get().host(), entrance.get().port());
    return token
        .map(made -> text(200, made.text()))
        .orElseGet(() -> text(404, "there is no server " + id + " that may join"));
  }

  private static Location location(String code, Settings settings) {
    return new Location(
        code,
        settings.text("city", ""),
        settings.required("country"),
        settings.number("latitude", 0),
        settings.number("longitude", 0),
        priceClass(settings.text("price-class", "100")),
        settings.number("capacity-gbps", 10),
        Optional.of(settings.text("parent", "")).filter(parent -> !parent.isEmpty()));
  }

  private static PriceClass priceClass(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "100" -> PriceClass.PRICE_CLASS_100;
      case "200" -> PriceClass.PRICE_CLASS_200;
      case "all" -> PriceClass.PRICE_CLASS_ALL;
      default -> throw new IllegalArgumentException("price-class is 100, 200 or all, not " + word);
    };
  }

  private static Server server(String id, Settings settings) {
    List<String> advertised = settings.list("advertise");
    Server.Role role =
        switch (settings.text("role", "edge")) {
          case "edge" -> Server.Role.EDGE;
          case "routing" -> Server.Role.ROUTING;
          default -> throw new IllegalArgumentException("role is edge or routing");
        };
    return new Server(
        id,
        role,
        settings.required("location"),
        listen(role, settings.list("listen")),
        advertised.stream().filter(address -> address.indexOf(':') < 0).toList(),
        advertised.stream().filter(address -> address.indexOf(':') >= 0).toList(),
        (int) settings.number("weight", 100),
        Server.State.ACTIVE);
  }

  /** A server learns from this where it listens: what it cannot obey is refused here. */
  private static List<String> listen(Server.Role role, List<String> addresses) {
    boolean serves = false;
    for (String text : addresses) {
      ListenAddress.Scheme scheme = ListenAddress.parse(text).scheme();
      if (scheme.role() != role) {
        throw new IllegalArgumentException(
            "a server with role %s does not listen at %s".formatted(word(role), text));
      }
      serves |= SERVING.contains(scheme);
    }
    if (!serves) {
      throw new IllegalArgumentException(
          "listen is missing: where viewers reach an edge (http://, https://), or resolvers a DNS"
              + " server (dns://)");
    }
    return addresses;
  }

  private String listedLocations() {
    List<String> lines = new ArrayList<>();
    for (Location location : fleet.locations()) {
      lines.add(
          "%s  %s  %s  %.3f,%.3f  %s  %s Gbit/s"
              .formatted(
                  location.id(),
                  location.city().isEmpty() ? "-" : location.city(),
                  location.country(),
                  location.latitude(),
                  location.longitude(),
                  location.priceClass(),
                  location.capacityGbps()));
    }
    return String.join("\n", lines);
  }

  private String listedServers() {
    Map<String, ServerStatus> known = new HashMap<>();
    statuses.get().forEach(status -> known.put(status.serverId(), status));
    List<String> lines = new ArrayList<>();
    for (Server server : fleet.servers()) {
      Optional<ServerStatus> status = Optional.ofNullable(known.get(server.id()));
      lines.add(
          "%s  %s  %s  %s  %s%s  revision %d  %s%s"
              .formatted(
                  server.id(),
                  word(server.role()),
                  server.location(),
                  word(server.state()),
                  status.map(s -> word(s.presence())).orElse("expected"),
                  status.filter(ServerStatus::lapsed).map(_ -> " lapsed").orElse(""),
                  status.map(ServerStatus::revision).orElse(0L),
                  String.join(" ", server.listen()),
                  status.stream()
                      .flatMap(s -> s.held().stream())
                      .findFirst()
                      .map(held -> "  does not obey " + held.described())
                      .orElse("")));
    }
    return String.join("\n", lines);
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  static Answer said(Fleet.Outcome outcome) {
    return switch (outcome) {
      case Fleet.Outcome.Changed(long revision) -> text(200, "revision " + revision);
      case Fleet.Outcome.Refused(String reason) -> text(409, reason);
    };
  }

  static Answer text(int status, String lines) {
    return new Answer(status, TEXT, lines.isEmpty() ? "" : lines + "\n");
  }
}
