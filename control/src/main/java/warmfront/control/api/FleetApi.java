package warmfront.control.api;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import warmfront.control.api.wire.Refused;
import warmfront.control.api.wire.Routes;
import warmfront.control.identity.Fleet;
import warmfront.distribution.Location;
import warmfront.distribution.PriceClass;
import warmfront.distribution.Server;

/**
 * The operator's own paths beside CloudFront's, signed the same way: locations and servers of the
 * fleet. What is asked stands in path and query; answers are text, a line for each resource, its
 * columns separated by tabs; errors have CloudFront's form.
 *
 * <ul>
 *   <li>{@code GET /fleet/locations}, {@code PUT} and {@code DELETE /fleet/locations/CODE}
 *   <li>{@code GET /fleet/servers}, {@code PUT} and {@code DELETE /fleet/servers/ID}
 *   <li>{@code POST /fleet/servers/ID?action=invite|drain|activate|revoke}; invite answers the
 *       one-time token
 * </ul>
 */
public final class FleetApi implements Annex {
  private static final String ROOT = "/fleet/";
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String INVALID = "InvalidArgument";

  private final Fleet fleet;
  private final Function<String, Optional<String>> invite;

  /**
   * Makes the paths.
   *
   * @param invite gives the one-time token by which a registered server joins; empty if it is not
   *     registered or revoked
   */
  public FleetApi(Fleet fleet, Function<String, Optional<String>> invite) {
    this.fleet = fleet;
    this.invite = invite;
  }

  @Override
  public Optional<Answer> answer(String method, String path, String query) {
    return path.startsWith(ROOT)
        ? Optional.of(new Answer(200, TEXT, lines(method, path, query)))
        : Optional.empty();
  }

  private String lines(String method, String path, String query) {
    List<String> steps = List.of(path.substring(ROOT.length()).split("/", -1));
    Map<String, String> given = Routes.query(query);
    if (steps.size() == 1 && method.equals("GET")) {
      return list(steps.getFirst());
    }
    if (steps.size() != 2 || steps.get(1).isEmpty()) {
      throw unknown(method, path);
    }
    String id = steps.get(1);
    return switch (method + " " + steps.getFirst()) {
      case "PUT locations" -> changed(fleet.register(location(id, given)));
      case "DELETE locations" -> changed(fleet.removeLocation(id));
      case "PUT servers" -> changed(fleet.register(server(id, given)));
      case "DELETE servers" -> changed(fleet.removeServer(id));
      case "POST servers" -> act(id, required(given, "action"));
      default -> throw unknown(method, path);
    };
  }

  private String list(String kind) {
    return switch (kind) {
      case "locations" ->
          fleet.locations().stream().map(FleetApi::line).collect(Collectors.joining());
      case "servers" -> fleet.servers().stream().map(FleetApi::line).collect(Collectors.joining());
      default -> throw unknown("GET", ROOT + kind);
    };
  }

  private String act(String id, String action) {
    return switch (action) {
      case "invite" -> invited(id);
      case "drain" -> changed(fleet.drain(id));
      case "activate" -> changed(fleet.activate(id));
      case "revoke" -> changed(fleet.revoke(id));
      default ->
          throw new Refused(
              INVALID, "action is invite, drain, activate or revoke, not '%s'.".formatted(action));
    };
  }

  private String invited(String id) {
    Optional<String> token = invite.apply(id);
    if (token.isEmpty()) {
      throw new Refused("EntityNotFound", "No server %s may join.".formatted(id));
    }
    return token.get() + "\n";
  }

  private static Location location(String code, Map<String, String> given) {
    try {
      return new Location(
          code,
          required(given, "city"),
          required(given, "country"),
          number(given, "latitude", null),
          number(given, "longitude", null),
          priceClass(given.getOrDefault("priceClass", "PriceClass_100")),
          number(given, "capacityGbps", 10.0),
          Optional.ofNullable(given.get("parent")));
    } catch (IllegalArgumentException e) {
      throw new Refused(INVALID, "The location is not valid: " + e.getMessage() + ".");
    }
  }

  private static Server server(String id, Map<String, String> given) {
    try {
      return new Server(
          id,
          role(required(given, "role")),
          required(given, "location"),
          words(given, "listen"),
          words(given, "advertise4"),
          words(given, "advertise6"),
          (int) number(given, "weight", 100.0),
          Server.State.ACTIVE);
    } catch (IllegalArgumentException e) {
      throw new Refused(INVALID, "The server is not valid: " + e.getMessage() + ".");
    }
  }

  private static Server.Role role(String name) {
    return switch (name) {
      case "edge" -> Server.Role.EDGE;
      case "routing" -> Server.Role.ROUTING;
      default -> throw new IllegalArgumentException("a role is edge or routing: " + name);
    };
  }

  private static PriceClass priceClass(String name) {
    return switch (name) {
      case "PriceClass_100" -> PriceClass.PRICE_CLASS_100;
      case "PriceClass_200" -> PriceClass.PRICE_CLASS_200;
      case "PriceClass_All" -> PriceClass.PRICE_CLASS_ALL;
      default ->
          throw new IllegalArgumentException(
              "priceClass is PriceClass_100, PriceClass_200 or PriceClass_All: " + name);
    };
  }

  private static double number(Map<String, String> given, String name, @Nullable Double standard) {
    if (standard != null && !given.containsKey(name)) {
      return standard;
    }
    String value = required(given, name);
    try {
      return Double.parseDouble(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " is not a number: " + value, e);
    }
  }

  private static List<String> words(Map<String, String> given, String name) {
    return Arrays.stream(given.getOrDefault(name, "").split(",", -1))
        .filter(word -> !word.isEmpty())
        .toList();
  }

  private static String required(Map<String, String> given, String name) {
    String value = given.getOrDefault(name, "");
    if (value.isEmpty()) {
      throw new Refused(INVALID, name + " is missing.");
    }
    return value;
  }

  private static String line(Location location) {
    return row(
        location.id(),
        location.city(),
        location.country(),
        location.latitude(),
        location.longitude(),
        location.priceClass(),
        location.capacityGbps(),
        location.parent().orElse("-"));
  }

  private static String line(Server server) {
    return row(
        server.id(),
        server.role().name().toLowerCase(Locale.ROOT),
        server.location(),
        server.state().name().toLowerCase(Locale.ROOT),
        server.weight(),
        list(server.listen()),
        list(server.advertise4()),
        list(server.advertise6()));
  }

  private static String list(List<String> words) {
    return words.isEmpty() ? "-" : String.join(",", words);
  }

  private static String row(Object... columns) {
    return Arrays.stream(columns).map(String::valueOf).collect(Collectors.joining("\t", "", "\n"));
  }

  private static String changed(Fleet.Outcome outcome) {
    return switch (outcome) {
      case Fleet.Outcome.Changed(long revision) -> "revision\t" + revision + "\n";
      case Fleet.Outcome.Refused(String reason) ->
          throw new Refused(INVALID, "The fleet was not changed: " + reason + ".");
    };
  }

  private static Refused unknown(String method, String path) {
    return new Refused(
        "UnknownOperationException", "No operation is %s %s.".formatted(method, path));
  }
}
