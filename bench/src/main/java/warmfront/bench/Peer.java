package warmfront.bench;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** The servers that are measured: ours, and those that it is compared with, where installed. */
enum Peer {
  WARMFRONT("Warmfront", "", "", ""),
  NGINX("nginx", "nginx", "nginx-light", "nginx -v"),
  HAPROXY("HAProxy", "haproxy", "haproxy", "haproxy -v"),
  /** Varnish leaves TLS to another process, hitch, which is measured with it. */
  VARNISH("Varnish", "varnishd hitch", "varnish hitch", "varnishd -V"),
  TRAFFICSERVER("Traffic Server", "traffic_server", "trafficserver", "traffic_server -V");

  private final String title;

  /** Words with a blank between, each program with its package. */
  private final String programs;

  private final String packages;

  private final String versionCommand;

  Peer(String title, String programs, String packages, String versionCommand) {
    this.title = title;
    this.programs = programs;
    this.packages = packages;
    this.versionCommand = versionCommand;
  }

  /** Returns the name that people know it by. */
  String title() {
    return title;
  }

  /** Returns the name on the command line, and of its file in {@code bench/peers}. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the command that prints its version; empty for ours. */
  String versionCommand() {
    return versionCommand;
  }

  /** Returns the Debian packages that are missing here. */
  List<String> missing() {
    List<String> needed = words(programs);
    List<String> from = words(packages);
    return IntStream.range(0, needed.size())
        .filter(i -> !onPath(needed.get(i)))
        .mapToObj(from::get)
        .toList();
  }

  private static List<String> words(String text) {
    return Pattern.compile(" ").splitAsStream(text).filter(word -> !word.isEmpty()).toList();
  }

  /** Returns the peer of that word. */
  static Optional<Peer> of(String word) {
    return Arrays.stream(values()).filter(peer -> peer.word().equals(word)).findFirst();
  }

  /** Returns whether a program of that name can be started. */
  static boolean onPath(String program) {
    return Pattern.compile(File.pathSeparator)
        .splitAsStream(System.getenv().getOrDefault("PATH", ""))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
