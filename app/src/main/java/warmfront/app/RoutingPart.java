package warmfront.app;

import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import warmfront.app.operator.Figures;
import warmfront.app.operator.OperatorServer.Answer;
import warmfront.app.operator.Part;
import warmfront.routing.Basis;
import warmfront.routing.Explanation;
import warmfront.routing.Routing;
import warmfront.routing.RoutingCounts;
import warmfront.routing.RoutingStatus;
import warmfront.routing.map.LatencyMap;
import warmfront.rtt.Prefix;
import warmfront.time.Clock;

/** What a DNS server tells the operator: answers, choices, who is thought to live, and why. */
final class RoutingPart implements Part {
  private static final String AT = "dns";

  private final Routing routing;
  private final Clock clock;
  private final Function<InetAddress, Map<String, Double>> samples;

  /**
   * Tells of a DNS server.
   *
   * @param samples how many a viewer's range has of each location, where this process knows that
   */
  RoutingPart(Routing routing, Clock clock, Function<InetAddress, Map<String, Double>> samples) {
    this.routing = routing;
    this.clock = clock;
    this.samples = samples;
  }

  @Override
  public String name() {
    return "routing";
  }

  @Override
  public List<String> unready() {
    return routing.status().revision() == 0 ? List.of("no picture of the log yet") : List.of();
  }

  @Override
  public List<String> notes() {
    RoutingStatus now = routing.status();
    List<String> notes = new ArrayList<>();
    if (now.healthIgnored()) {
      notes.add("so many locations look dead that health is ignored");
    }
    if (now.freshnessIgnored()) {
      notes.add("so few locations are known to have the latest changes that all serve");
    }
    new TreeMap<>(now.locations())
        .forEach((location, state) -> {
          if (!state.equals("serving")) {
            notes.add("location " + location + ": " + state);
          }
        });
    return notes;
  }

  @Override
  public void figures(Figures out) {
    RoutingCounts now = routing.counts();
    now.dns()
        .responses()
        .forEach((code, count) ->
            out.counter("warmfront_dns_answers", "Answers.", count, "code", word(code)));
    now.dns()
        .questions()
        .forEach((type, count) ->
            out.counter("warmfront_dns_questions", "Questions.", count, "type", word(type)));
    now.bases()
        .forEach((basis, count) ->
            out.counter(
                "warmfront_dns_choices",
                "Chosen locations, by what the choice rests on.",
                count,
                "basis",
                word(basis)));
    now.locations()
        .forEach((location, count) ->
            out.counter(
                "warmfront_dns_locations", "Chosen locations.", count, "location", location));
    out.counter("warmfront_dns_silent", "Questions without an answer.", now.dns().silent());
    out.counter("warmfront_dns_truncated", "Answers that say: by TCP.", now.dns().truncated());
    out.counter(
        "warmfront_dns_slipped",
        "Answers beyond the rate that say: prove your address.",
        now.dns().slipped());
    out.counter("warmfront_dns_dropped", "Questions dropped by the rate.", now.dns().dropped());
    out.counter("warmfront_heartbeats_taken", "Heartbeats.", now.heartbeatsTaken());
    out.counter("warmfront_heartbeats_refused", "Forged ones.", now.heartbeatsRefused());
    routing
        .maps()
        .held()
        .ifPresent(map -> {
          out.gauge(
              "warmfront_map_version",
              "Version of the latency map.",
              map.head().version(),
              "at",
              AT);
          out.gauge("warmfront_map_age_seconds", "Since it was made.", ageSeconds(map), "at", AT);
        });
    RoutingStatus status = routing.status();
    out.gauge("warmfront_dns_lapsed", "Edges without a lease.", status.lapsed().size());
    out.gauge(
        "warmfront_dns_freshness_ignored",
        "1 if edges without a lease are given out.",
        status.freshnessIgnored() ? 1 : 0);
    out.gauge(
        "warmfront_dns_health_ignored",
        "1 if so many locations look dead that it is not believed.",
        status.healthIgnored() ? 1 : 0);
    out.gauge("warmfront_dns_revision", "Revision that is answered.", status.revision());
    status
        .locations()
        .forEach((location, state) ->
            out.gauge(
                "warmfront_dns_location_serving",
                "1 if viewers are sent there.",
                state.equals("serving") ? 1 : 0,
                "location",
                location));
  }

  @Override
  public Map<String, Object> status() {
    RoutingStatus now = routing.status();
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("revision", now.revision());
    status.put("names", now.names());
    status.put("locations", new TreeMap<>(now.locations()));
    status.put("healthIgnored", now.healthIgnored());
    status.put("freshnessIgnored", now.freshnessIgnored());
    status.put("lapsed", now.lapsed().stream().sorted().toList());
    routing
        .maps()
        .held()
        .ifPresent(map -> {
          Map<String, Object> shown = new LinkedHashMap<>();
          shown.put("version", map.head().version());
          shown.put("ageSeconds", ageSeconds(map));
          status.put("map", shown);
        });
    status.put("ranges4", now.ranges4());
    status.put("ranges6", now.ranges6());
    return status;
  }

  private long ageSeconds(LatencyMap map) {
    return (clock.millis() - map.head().createdMillis()) / 1000;
  }

  /**
   * Answers {@code /route?ip=ADDRESS&distribution=ID}; instead of an address there may be a prefix,
   * whose first address is explained.
   */
  Answer route(Map<String, String> query) {
    String ip = query.getOrDefault("ip", "");
    Optional<String> distribution = Optional.ofNullable(query.get("distribution"));
    InetAddress viewer = viewer(ip);
    return switch (routing.route(viewer, distribution)) {
      case Explanation.NotPublished(String id) ->
          Answer.text(404, "no distribution " + id + " is published");
      case Explanation.Routed routed -> Answer.shown(query, shown(routed));
    };
  }

  private static InetAddress viewer(String ip) {
    try {
      if (ip.indexOf('/') < 0) {
        return InetAddress.ofLiteral(ip);
      }
      String prefix = Prefix.parse(ip).toString();
      return InetAddress.ofLiteral(prefix.substring(0, prefix.indexOf('/')));
    } catch (IllegalArgumentException _) {
      throw new IllegalArgumentException("ip is an IP address or a prefix, not " + ip);
    }
  }

  private Map<String, Object> shown(Explanation.Routed routed) {
    Map<String, Double> known = samples.apply(routed.viewer());
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("viewer", routed.viewer().getHostAddress());
    String none =
        routed.basis() == Basis.ANYCAST ? "the one that networks choose" : "none has an address";
    shown.put("location", routed.location().orElse(none));
    shown.put("because", routed.detail());
    shown.put("basis", word(routed.basis()));
    shown.put("range", routed.range());
    shown.put("ipv4", routed.ipv4().stream().map(InetAddress::getHostAddress).toList());
    shown.put("ipv6", routed.ipv6().stream().map(InetAddress::getHostAddress).toList());
    routed.mapped().ifPresent(mapped -> shown.put("map", shown(mapped)));
    List<Object> order = new ArrayList<>();
    for (Explanation.Candidate candidate : routed.candidates()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("location", candidate.location());
      candidate
          .millis()
          .ifPresent(millis ->
              one.put(
                  candidate.measured() ? "measuredMillis" : "guessedMillis",
                  Math.round(millis * 10) / 10.0));
      if (known.containsKey(candidate.location())) {
        one.put("samples", Math.round(known.get(candidate.location())));
      }
      candidate.excluded().ifPresent(why -> one.put("passedOver", why));
      order.add(one);
    }
    shown.put("order", order);
    if (routed.healthIgnored()) {
      shown.put("healthIgnored", true);
    }
    if (routed.freshnessIgnored()) {
      shown.put("freshnessIgnored", true);
    }
    return shown;
  }

  private static Map<String, Object> shown(Explanation.Mapped mapped) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("version", mapped.version());
    shown.put("created", Instant.ofEpochMilli(mapped.createdMillis()).toString());
    shown.put("operator", word(mapped.word()));
    shown.put("explored", mapped.explored());
    shown.put("exploredPercent", mapped.sharePerMille() / 10.0);
    return shown;
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
