package warmfront.bench;

import java.util.List;
import java.util.Locale;

/** The DNS servers that are measured: ours, and those that it is compared with, where installed. */
enum DnsPeer {
  WARMFRONT("Warmfront", "", "", 1_000_000),
  GDNSD("gdnsd", "gdnsd", "gdnsd", 100_000),
  KNOT("Knot DNS", "knotd", "knot knot-module-geoip", 100_000),
  POWERDNS("PowerDNS", "pdns_server", "pdns-server pdns-backend-geoip", 100_000);

  private final String title;
  private final String program;
  private final String packages;
  private final int networks;

  DnsPeer(String title, String program, String packages, int networks) {
    this.title = title;
    this.program = program;
    this.packages = packages;
    this.networks = networks;
  }

  /** Returns the name that people know it by. */
  String title() {
    return title;
  }

  /** Returns how many networks it is given to answer by. */
  int networks() {
    return networks;
  }

  /** Returns the name of its file in {@code bench/peers}. */
  String file() {
    return "dns-" + name().toLowerCase(Locale.ROOT);
  }

  /** Returns the Debian packages that are missing here; empty if it is there. */
  String missing() {
    return program.isEmpty() || Peer.onPath(program) ? "" : packages;
  }

  /** Returns the command that prints its version; empty for ours. */
  List<String> versionCommand() {
    return switch (this) {
      case WARMFRONT -> List.of();
      case GDNSD -> List.of(program, "-h");
      case KNOT, POWERDNS -> List.of(program, "--version");
    };
  }
}
