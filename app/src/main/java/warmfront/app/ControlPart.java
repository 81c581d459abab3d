package warmfront.app;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import warmfront.app.operator.Figures;
import warmfront.app.operator.Part;
import warmfront.control.Control;
import warmfront.control.publish.ServerStatus;

/** What a control plane tells the operator: where the log ends, and how far each server is. */
final class ControlPart implements Part {
  private final Control control;

  ControlPart(Control control) {
    this.control = control;
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
  }

  @Override
  public Map<String, Object> status() {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("epoch", control.head().epoch());
    status.put("revision", control.head().revision());
    List<Object> servers = control.servers().stream().<Object>map(ControlPart::shown).toList();
    status.put("servers", servers);
    return status;
  }

  private static Map<String, Object> shown(ServerStatus server) {
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
    server.held().stream().findFirst().ifPresent(held -> shown.put("held", held.reason()));
    return shown;
  }
}
