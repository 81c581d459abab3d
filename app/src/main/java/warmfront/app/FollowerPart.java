package warmfront.app;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import warmfront.app.operator.Figures;
import warmfront.app.operator.Part;
import warmfront.link.Follower;
import warmfront.link.FollowerState;
import warmfront.link.Held;

/** What a server's follower tells the operator: how far it is, whether control is there. */
final class FollowerPart implements Part {
  private final String serverId;
  private final Follower follower;

  FollowerPart(String serverId, Follower follower) {
    this.serverId = serverId;
    this.follower = follower;
  }

  @Override
  public String name() {
    return "log of " + serverId;
  }

  @Override
  public List<String> unready() {
    FollowerState now = follower.state();
    return now.ready()
        ? List.of()
        : List.of("has revision %d and waits for the log's head".formatted(now.revision()));
  }

  @Override
  public List<String> notes() {
    FollowerState now = follower.state();
    List<String> notes = new ArrayList<>();
    if (!now.connected()) {
      notes.add("control is not there; serves revision %d from its disk".formatted(now.revision()));
    }
    if (!now.leased()) {
      notes.add("may not know the latest changes: stale until control is heard again");
    }
    for (Held held : now.held()) {
      notes.add("does not obey " + held.described());
    }
    return notes;
  }

  @Override
  public void figures(Figures out) {
    FollowerState now = follower.state();
    out.gauge("warmfront_log_revision", "Applied revision.", now.revision(), "server", serverId);
    out.gauge("warmfront_log_lag", "Revisions behind.", now.lag(), "server", serverId);
    out.gauge(
        "warmfront_log_connected",
        "1 if the control plane is there.",
        now.connected() ? 1 : 0,
        "server",
        serverId);
    out.gauge(
        "warmfront_log_leased",
        "1 if it is sure to know the latest changes.",
        now.leased() ? 1 : 0,
        "server",
        serverId);
    out.gauge("warmfront_log_held", "Changes not obeyed.", now.held().size(), "server", serverId);
    out.counter(
        "warmfront_rtt_reports_sent",
        "Reports of round-trip times carried to control.",
        follower.reportsSent(),
        "server",
        serverId);
    out.counter(
        "warmfront_rtt_reports_skipped",
        "Reports of round-trip times that were lost on the way.",
        follower.reportsSkipped(),
        "server",
        serverId);
  }

  @Override
  public Map<String, Object> status() {
    FollowerState now = follower.state();
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("epoch", now.epoch());
    status.put("revision", now.revision());
    status.put("lag", now.lag());
    status.put("connected", now.connected());
    status.put("leased", now.leased());
    if (!now.held().isEmpty()) {
      status.put("held", now.held().stream().map(Held::described).toList());
    }
    return status;
  }
}
