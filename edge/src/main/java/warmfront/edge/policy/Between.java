package warmfront.edge.policy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import warmfront.edge.step.Internal;
import warmfront.edge.step.OriginRequest;
import warmfront.edge.step.Place;
import warmfront.edge.step.Point;
import warmfront.edge.step.Protocol;
import warmfront.edge.step.Request;
import warmfront.edge.step.Tier;
import warmfront.http.Fields;

/**
 * The form of requests between edges: what the viewer said, and in internal fields what the edge
 * that is asked cannot see by itself. It was admitted where the viewer is and is not judged again.
 */
public final class Between {
  private static final String ID = Internal.PREFIX + "Request-Id";
  private static final String VIEWER = Internal.PREFIX + "Viewer";
  private static final String SCHEME = Internal.PREFIX + "Scheme";
  private static final String PROTOCOL = Internal.PREFIX + "Protocol";
  private static final String MATCHED = Internal.PREFIX + "Matched";
  private static final String POINT = Internal.PREFIX + "Point";
  private static final String TIER = Internal.PREFIX + "Tier";

  /** What an edge that keeps the answer asks for by itself, whatever the viewer said. */
  private static final List<String> OF_KEEPERS =
      List.of("Range", "If-Range", "If-None-Match", "If-Modified-Since");

  private static final List<String> OF_VIEWERS = List.of("If-Match", "If-Unmodified-Since");
  private static final int DIGITS_MAX = 18;
  private static final int ID_MAX = 64;

  private Between() {}

  /**
   * A request as an edge is asked it.
   *
   * @param request the viewer's, without internal fields
   * @param matchedPath the path by which the viewer's edge found the behavior
   * @param point what the viewer's edge knew of the configuration: the answer must be as new
   * @param tier as what this edge is asked
   */
  public record Received(Request request, String matchedPath, Point point, Tier tier) {}

  /**
   * How an edge is asked.
   *
   * @param matchedPath the path by which this edge found the behavior
   * @param point what this edge knows of the configuration
   * @param tier as what the other one is asked
   */
  public record Way(String matchedPath, Point point, Tier tier) {}

  /**
   * Returns the fields for an edge whose answer goes to the viewer as it is: its range and
   * conditions are among them.
   */
  public static Fields relayed(Request request, Way way) {
    return withInternal(request.fields().edit().removeIf(Internal::is), request, way);
  }

  /**
   * Returns the fields for an edge whose answer is kept here.
   *
   * @param ask what the origin would be asked
   */
  public static Fields kept(Request request, OriginRequest ask, Way way) {
    Fields.Builder fields =
        request
            .fields()
            .edit()
            .removeIf(
                name -> Internal.is(name) || isIn(OF_KEEPERS, name) || isIn(OF_VIEWERS, name));
    for (String name : OF_KEEPERS) {
      @Nullable String value = ask.fields().value(name);
      if (value != null) {
        fields.set(name, value);
      }
    }
    return withInternal(fields, request, way);
  }

  private static boolean isIn(List<String> names, String name) {
    return names.stream().anyMatch(name::equalsIgnoreCase);
  }

  private static Fields withInternal(Fields.Builder fields, Request request, Way way) {
    if (way.tier() != Tier.LOCATION) {
      fields.add(TIER, way.tier().name());
    }
    return fields
        .add(ID, request.id())
        .add(VIEWER, request.viewer().getAddress().getHostAddress())
        .add(SCHEME, request.place().secure() ? "https" : "http")
        .add(PROTOCOL, request.protocol().logName())
        .add(MATCHED, way.matchedPath())
        .add(POINT, way.point().epoch() + "." + way.point().revision())
        .build();
  }

  /**
   * Reads what another edge asks.
   *
   * @param raw the request as it came
   * @return the viewer's request; empty if an internal field is missing or not right
   */
  public static Optional<Received> read(Request raw) {
    Fields fields = raw.fields();
    @Nullable String id = fields.value(ID);
    @Nullable InetSocketAddress viewer = viewer(fields.value(VIEWER));
    @Nullable Boolean secure = secure(fields.value(SCHEME));
    @Nullable Protocol protocol = protocol(fields.value(PROTOCOL));
    @Nullable String matched = fields.value(MATCHED);
    @Nullable Point point = point(fields.value(POINT));
    @Nullable Tier tier = tier(fields.value(TIER));
    if (id == null
        || id.isEmpty()
        || id.length() > ID_MAX
        || viewer == null
        || secure == null
        || protocol == null
        || matched == null
        || !matched.startsWith("/")
        || point == null
        || tier == null) {
      return Optional.empty();
    }
    Place place = new Place(raw.place().location(), secure, raw.place().httpsPort());
    Request request =
        new Request(
            id,
            raw.method(),
            raw.host(),
            raw.path(),
            raw.query(),
            fields.without(Internal::is),
            raw.body(),
            raw.bodyLength(),
            protocol,
            Optional.empty(),
            place,
            viewer,
            raw.headBytes(),
            raw.startNanos());
    return Optional.of(new Received(request, matched, point, tier));
  }

  private static @Nullable Tier tier(@Nullable String text) {
    return text == null
        ? Tier.LOCATION
        : Arrays.stream(Tier.values())
            .filter(one -> one.name().equals(text))
            .findFirst()
            .orElse(null);
  }

  private static @Nullable InetSocketAddress viewer(@Nullable String text) {
    try {
      return text == null ? null : new InetSocketAddress(InetAddress.ofLiteral(text), 0);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static @Nullable Boolean secure(@Nullable String text) {
    if (text == null) {
      return null;
    }
    return switch (text) {
      case "https" -> true;
      case "http" -> false;
      default -> null;
    };
  }

  private static @Nullable Protocol protocol(@Nullable String text) {
    return Arrays.stream(Protocol.values())
        .filter(one -> one.logName().equals(text))
        .findFirst()
        .orElse(null);
  }

  private static @Nullable Point point(@Nullable String text) {
    int dot = text == null ? -1 : text.indexOf('.');
    if (text == null || !isNumber(text, 0, dot) || !isNumber(text, dot + 1, text.length())) {
      return null;
    }
    return new Point(
        Long.parseLong(text.substring(0, dot)), Long.parseLong(text.substring(dot + 1)));
  }

  private static boolean isNumber(String text, int from, int to) {
    return to > from
        && to - from <= DIGITS_MAX
        && text.chars().skip(from).limit(to - from).allMatch(c -> c >= '0' && c <= '9');
  }
}
