package warmfront.app.doctor;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import warmfront.app.config.Endpoint;

/** How the running instance is, and whether it reaches the others and they it. */
final class InstanceChecks {
  /** SigV4 bears 5 minutes; a fleet whose clocks differ by seconds has a fault all the same. */
  private static final Duration APART_MAX = Duration.ofSeconds(5);

  /** A server renews its certificate when 20 of 30 days are left. */
  private static final double DAYS_WANTED = 15;

  private static final int CONNECT_MILLIS = 3000;

  private static final Pattern DAYS =
      Pattern.compile("(?m)^warmfront_certificate_days_left(\\{[^}]*})? ([0-9.eE+-]+)$");

  private static final Pattern SERVER =
      Pattern.compile(
          "(?m)^(\\S+)  (\\S+)  (\\S+)  active  \\S+(?: lapsed)?  revision \\S+  (.*)$");

  /** What is no way in for viewers or resolvers. */
  private static final Set<String> UNSEEN = Set.of("heartbeat", "peer");

  private InstanceChecks() {}

  /** Reads what {@code /readyz} said. */
  static List<Finding> ready(int status, String body) {
    List<Finding> found = new ArrayList<>();
    List<String> lines = body.strip().lines().filter(line -> !line.isBlank()).toList();
    if (status != 200) {
      found.add(Finding.wrong("the instance is not ready: %s", String.join("; ", lines)));
      return found;
    }
    found.add(Finding.ok("the instance is ready"));
    lines.stream()
        .filter(line -> !line.equals("ready"))
        .forEach(line -> found.add(Finding.note("the instance says: %s", line)));
    return found;
  }

  /** Reads how long certificates are still good, from {@code /metrics}. */
  static List<Finding> certificates(String metrics) {
    List<Finding> found = new ArrayList<>();
    Matcher matcher = DAYS.matcher(metrics);
    while (matcher.find()) {
      String which = Optional.ofNullable(matcher.group(1)).orElse("");
      double days = Double.parseDouble(matcher.group(2));
      found.add(
          days < DAYS_WANTED
              ? Finding.wrong(
                  "a certificate %s is good for %.0f days only: it is renewed over the control"
                      + " stream; see whether that stands",
                  which, days)
              : Finding.ok("certificate %s is good for %.0f days", which, days));
    }
    return found;
  }

  /** Reads how many other servers an edge's location has, and how many of them fail. */
  static List<Finding> peers(String metrics) {
    long all = figure(metrics, "warmfront_edge_peers");
    long failing = figure(metrics, "warmfront_edge_peers_skipped");
    if (failing > 0) {
      return List.of(
          Finding.wrong(
              "%d of the %d other servers of this location cannot be asked for objects: see whether"
                  + " they run, and let the servers of a location reach each other's peer:// port"
                  + " (7403)",
              failing, all));
    }
    return all > 0
        ? List.of(Finding.ok("other servers of this location: %d, none of them fails", all))
        : List.of();
  }

  private static long figure(String metrics, String name) {
    return metrics
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(name.length() + 1)))
        .sum();
  }

  /** Tries to reach control where servers of the fleet would. */
  static Finding control(Endpoint control) {
    return reach("control at " + control, control.socket())
        .orElseGet(() -> Finding.ok("control at %s is reached", control));
  }

  /** Compares this machine's clock with that of who answered. */
  static Finding clock(Optional<String> date, Instant now) {
    try {
      Instant theirs =
          DateTimeFormatter.RFC_1123_DATE_TIME.parse(date.orElse("no date"), Instant::from);
      Duration apart = Duration.between(theirs, now).abs();
      return apart.compareTo(APART_MAX) > 0
          ? Finding.wrong(
              "this clock and control's differ by %d s: certificates and signatures will be"
                  + " refused; run NTP on both",
              apart.toSeconds())
          : Finding.ok("this clock and control's are the same to a few seconds");
    } catch (DateTimeException _) {
      return Finding.note("control does not say what time it is");
    }
  }

  /**
   * Tries to reach each active server of the fleet where viewers and resolvers would. What only
   * other servers reach is theirs to see.
   *
   * @param list what {@code server list} says
   */
  static List<Finding> servers(String list) {
    List<Finding> found = new ArrayList<>();
    Matcher matcher = SERVER.matcher(list);
    while (matcher.find()) {
      for (String url : matcher.group(4).strip().split("\\s+", -1)) {
        String[] parts = url.split("://", 2);
        if (parts.length == 2 && !UNSEEN.contains(parts[0])) {
          String what = "%s (%s)".formatted(matcher.group(1), url);
          found.add(
              reach(what, Endpoint.parse(parts[1]).socket())
                  .orElseGet(() -> Finding.ok("%s is reached", what)));
        }
      }
    }
    return found;
  }

  private static Optional<Finding> reach(String what, InetSocketAddress where) {
    if (where.isUnresolved()) {
      return Optional.of(Finding.wrong("%s has no address in DNS", what));
    }
    try (Socket socket = new Socket()) {
      socket.connect(where, CONNECT_MILLIS);
      return Optional.empty();
    } catch (IOException silent) {
      return Optional.of(
          Finding.wrong("%s is not reached from here over TCP: %s", what, silent.getMessage()));
    }
  }
}
