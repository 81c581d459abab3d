package warmfront.app.doctor;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import warmfront.app.config.Config;

/** What this machine gives to a process: files, ports, a clock, programs to try things with. */
final class MachineChecks {
  /** A busy edge holds two descriptors for each viewer; the usual 1024 are soon gone. */
  private static final long FILES_WANTED = 16_384;

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

  /** Ports that viewers and resolvers expect: without them a fleet is reached by nobody. */
  private static final List<Integer> LOW_PORTS = List.of(53, 80, 443);

  private MachineChecks() {}

  /** Looks at what does not depend on whether an instance runs. */
  static List<Finding> machine(Optional<Path> countries) {
    List<Finding> found = new ArrayList<>();
    found.add(
        Finding.ok(
            "Java %s, %d cores", Runtime.version(), Runtime.getRuntime().availableProcessors()));
    found.add(openFiles());
    found.add(lowPorts());
    found.add(KernelClock.check());
    found.add(
        countries
            .map(table -> Finding.ok("country table %s", table))
            .orElseGet(() ->
                Finding.note(
                    "no country table: viewers are spread over all locations; install npm and"
                        + " build again")));
    found.add(programs());
    return found;
  }

  private static Finding openFiles() {
    try (Stream<String> limits = Files.lines(Path.of("/proc/self/limits"))) {
      String soft =
          limits
              .filter(line -> line.startsWith("Max open files"))
              .map(line -> line.substring(26).strip().split("\\s+", 2)[0])
              .findFirst()
              .orElse("?");
      return NUMBER.matcher(soft).matches() && Long.parseLong(soft) < FILES_WANTED
          ? Finding.note(
              "open files are limited to %s; for real traffic: ulimit -n 65536, or"
                  + " LimitNOFILE=65536 in the unit file",
              soft)
          : Finding.ok("open files: %s", soft);
    } catch (IOException _) {
      return Finding.note("the limit of open files cannot be read here");
    }
  }

  /** Tries to listen at ports below 1024, at a loopback address where nobody else does. */
  private static Finding lowPorts() {
    List<String> refused = new ArrayList<>();
    for (int port : LOW_PORTS) {
      try (ServerSocket probe = new ServerSocket()) {
        probe.bind(new InetSocketAddress(InetAddress.ofLiteral("127.95.95.95"), port));
      } catch (IOException denied) {
        String reason = String.valueOf(denied.getMessage());
        // A port that another program holds everywhere is not for us to judge here.
        if (reason.contains("Permission")) {
          refused.add(String.valueOf(port));
        }
      }
    }
    return refused.isEmpty()
        ? Finding.ok("this user may listen at ports 53, 80 and 443")
        : Finding.note(
            "this user may not listen at port %s; if this server is to: AmbientCapabilities="
                + "CAP_NET_BIND_SERVICE in the unit file, or sysctl"
                + " net.ipv4.ip_unprivileged_port_start=53",
            String.join(", ", refused));
  }

  private static Finding programs() {
    List<String> missing =
        Stream.of("aws", "curl", "dig").filter(program -> !isThere(program)).toList();
    return missing.isEmpty()
        ? Finding.ok("client programs aws, curl, dig")
        : Finding.note(
            "not on this machine: %s (only to try things with)", String.join(", ", missing));
  }

  private static boolean isThere(String program) {
    String path = System.getenv().getOrDefault("PATH", "");
    return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
        .splitAsStream(path)
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /** Looks whether an all-in-one process could listen where it would, while none runs. */
  static List<Finding> addresses(Config config) {
    List<Finding> found = new ArrayList<>();
    for (Config.Place place : config.locations()) {
      InetSocketAddress address = new InetSocketAddress(place.address(), config.viewers().http());
      try (ServerSocket free = new ServerSocket()) {
        free.bind(address);
        found.add(Finding.ok("%s can listen at %s", place.location().id(), address));
      } catch (IOException e) {
        found.add(
            Finding.wrong(
                "%s cannot listen at %s: %s", place.location().id(), address, e.getMessage()));
      }
    }
    return found;
  }
}
