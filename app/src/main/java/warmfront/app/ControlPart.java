package warmfront.app;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import warmfront.app.operator.Figures;
import warmfront.app.operator.Part;
import warmfront.control.Control;
import warmfront.control.maps.MapDeskCounts;
import warmfront.control.publish.MapCounts;
import warmfront.control.publish.ServerStatus;
import warmfront.link.Held;
import warmfront.time.Clock;

/** What a control plane tells the operator: where the log ends, and how far each server is. */
final class ControlPart implements Part {
  private static final String AT = "control";

  /** So many changes that a server does not obey are named; a figure counts them all. */
  private static final int HELD_MAX = 10;

  private final Control control;
  private final Clock clock;

  ControlPart(Control control, Clock clock) {
    this.control = control;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "control";
  }

  @Override
  public void figures(Figures out) {
    out.gauge("warmfront_log_head", "Revision of the last change.", control.head().revision());
    for (ServerStatus server : control.servers()) {
      String[] labels = {"server", server.serverId(), "location", server.location()};
      out.gauge(
          "warmfront_fleet_live",
          "1 if the server is live.",
          server.presence() == ServerStatus.Presence.LIVE ? 1 : 0,
          labels);
      out.gauge(
          "warmfront_fleet_lapsed",
          "1 if the server's lease lapsed.",
          server.lapsed() ? 1 : 0,
          labels);
      out.gauge("warmfront_fleet_lag", "Revisions behind the head.", server.lag(), labels);
      out.gauge("warmfront_fleet_held", "Changes not obeyed.", server.held().size(), labels);
    }
    control.maps().ifPresent(maps -> maps(out, maps));
  }

  private void maps(Figures out, MapDeskCounts maps) {
    out.gauge("warmfront_map_version", "Version of the latency map.", maps.version(), "at", AT);
    out.gauge("warmfront_map_age_seconds", "Since it was made.", age(maps).toSeconds(), "at", AT);
    out.gauge("warmfront_map_bytes", "It and the changes kept.", maps.bytes(), "at", AT);
    out.gauge("warmfront_map_making", "1 if maps are made here.", maps.making() ? 1 : 0);
    out.counter("warmfront_map_made", "Maps published from here.", maps.made());
    out.counter("warmfront_rtt_reports_lost", "Reports that found no room.", maps.lost());
    maps.loadGbps()
        .forEach((location, gbps) ->
            out.gauge(
                "warmfront_location_load_gbps",
                "What the servers of a location send to viewers, where maps are made.",
                gbps,
                "location",
                location));
    MapCounts streams = control.mapCounts();
    out.counter("warmfront_rtt_reports_taken", "Reports of edges.", streams.reportsTaken());
    streams
        .reportsRefused()
        .forEach((reason, count) ->
            out.counter(
                "warmfront_rtt_reports_refused",
                "Reports of edges that were not let in.",
                count,
                "reason",
                reason.toLowerCase(Locale.ROOT)));
    streams
        .held()
        .forEach((server, version) ->
            out.gauge(
                "warmfront_fleet_map_version",
                "Version of the latency map that the server has.",
                version,
                "server",
                server));
  }

  private Duration age(MapDeskCounts maps) {
    return maps.version() == 0 ? Duration.ZERO : Duration.between(maps.created(), clock.now());
  }

  @Override
  public Map<String, Object> status() {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("epoch", control.head().epoch());
    status.put("revision", control.head().revision());
    List<Object> servers = control.servers().stream().<Object>map(ControlPart::shown).toList();
    status.put("servers", servers);
    control
        .maps()
        .ifPresent(maps -> {
          Map<String, Object> map = new LinkedHashMap<>();
          map.put("version", maps.version());
          map.put("ageSeconds", age(maps).toSeconds());
          map.put("bytes", maps.bytes());
          map.put("madeHere", maps.making());
          map.put("held", new TreeMap<>(control.mapCounts().held()));
          status.put("map", map);
        });
    return status;
  }

  /** Returns what is shown of a server: also each change that it does not obey, and why. */
  static Map<String, Object> shown(ServerStatus server) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("server", server.serverId());
    shown.put("location", server.location());
    shown.put("role", server.role().name().toLowerCase(Locale.ROOT));
    shown.put("is", server.presence().name().toLowerCase(Locale.ROOT));
    if (server.lapsed()) {
      shown.put("lease", "lapsed");
    }
    shown.put("revision", server.revision());
    shown.put("lag", server.lag());
    if (!server.held().isEmpty()) {
      shown.put("held", server.held().stream().limit(HELD_MAX).map(Held::described).toList());
    }
    return shown;
  }
}
