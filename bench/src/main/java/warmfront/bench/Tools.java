package warmfront.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Other people's load generators and what they print. All of them offer the key-exchange group
 * X25519 alone, so that no server pays for another group than the next one.
 */
final class Tools {
  private static final Duration GRACE = Duration.ofSeconds(30);
  private static final Pattern WRK = Pattern.compile("(\\d+) requests in ([\\d.]+)(s|m|ms),");
  private static final Pattern WRK_SOCKETS =
      Pattern.compile("Socket errors: connect (\\d+), read (\\d+), write (\\d+), timeout (\\d+)");
  private static final Pattern WRK_STATUS = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");
  private static final Pattern H2LOAD_TIME = Pattern.compile("finished in ([\\d.]+)(s|ms|us),");
  private static final Pattern H2LOAD =
      Pattern.compile("(\\d+) done, (\\d+) succeeded, (\\d+) failed, (\\d+) errored");
  private static final Pattern H2LOAD_STATUS = Pattern.compile("status codes: (\\d+) 2xx");
  private static final Pattern H2LOAD_BYTES = Pattern.compile("traffic: \\S+ \\((\\d+)\\) total");
  private static final Pattern S_TIME =
      Pattern.compile("(\\d+) connections in (\\d+) real seconds");

  private final Path folder;
  private final Path openssl;

  /** Keeps what the tools need in {@code folder}. */
  Tools(Path folder) throws IOException {
    this.folder = folder;
    this.openssl = folder.resolve("openssl.conf");
    Files.writeString(
        openssl,
        """
        openssl_conf = all
        [all]
        ssl_conf = kinds
        [kinds]
        system_default = every
        [every]
        Groups = X25519
        """);
  }

  /** Returns the packages to install for {@code programs} that are not here. */
  static List<String> missing(List<String> programs) {
    return programs.stream()
        .filter(program -> !Peer.onPath(program))
        .map(program ->
            switch (program) {
              case "h2load" -> "nghttp2-client";
              case "taskset" -> "util-linux";
              default -> program;
            })
        .toList();
  }

  /** Makes a certificate of the kind that most sites have: ECDSA, P-256. */
  void certificate(Path certificate, Path key) throws IOException, InterruptedException {
    run(
        List.of(
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "30",
            "-subj",
            "/CN=" + Asks.HOST,
            "-addext",
            "subjectAltName=DNS:" + Asks.HOST,
            "-keyout",
            key.toString(),
            "-out",
            certificate.toString()),
        GRACE);
  }

  /** {@code connections} keep-alive clients, HTTP/1.1. */
  Load wrk(String url, int connections, Duration span) throws IOException, InterruptedException {
    return readWrk(
        run(
            List.of(
                "wrk",
                "-t1",
                "-c" + connections,
                "-d" + span.toSeconds() + "s",
                "--timeout",
                "10s",
                "-H",
                "Host: " + Asks.HOST,
                url),
            span.plus(GRACE)));
  }

  /** HTTP/2 clients with {@code streams} requests at a time each. */
  Load h2load(String url, int clients, int streams, Duration span)
      throws IOException, InterruptedException {
    return readH2load(
        run(
            List.of("h2load", "-t1", "-c" + clients, "-m" + streams, "-D" + span.toSeconds(), url),
            span.plus(GRACE)));
  }

  /** Requests at a fixed rate; {@code further} gets each one's microseconds, sorted. */
  long[] paced(String url, int rate, Duration span, List<String> further)
      throws IOException, InterruptedException {
    int clients = 32;
    Path log = folder.resolve("h2load.log");
    Files.deleteIfExists(log);
    List<String> command =
        new ArrayList<>(
            List.of(
                "h2load",
                "-t1",
                "-c" + clients,
                "-m8",
                "--rps=" + (double) rate / clients,
                "-D" + span.toSeconds(),
                "--log-file=" + log));
    command.addAll(further);
    command.add(url);
    Load load = readH2load(run(command, span.plus(GRACE)));
    if (load.errors() > 0) {
      throw new IOException(load.errors() + " requests failed");
    }
    return Files.readAllLines(log).stream()
        .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf('\t') + 1)))
        .sorted()
        .toArray();
  }

  /** Four clients that shake hands, fully, and leave, again and again. */
  Load handshakes(int port, Duration span) throws IOException, InterruptedException {
    List<Started> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        clients.add(
            start(
                List.of(
                    "openssl",
                    "s_time",
                    "-connect",
                    "127.0.0.1:" + port,
                    "-new",
                    "-tls1_3",
                    "-time",
                    String.valueOf(span.toSeconds()))));
      }
      long connections = 0;
      double seconds = 0;
      for (Started client : clients) {
        Matcher said = find(S_TIME, client.output(span.plus(GRACE)));
        connections += Long.parseLong(said.group(1));
        seconds = Math.max(seconds, Double.parseDouble(said.group(2)));
      }
      return Load.counted(connections, 0, seconds);
    } finally {
      clients.forEach(Started::close);
    }
  }

  /** Counts system calls of processes and their threads while {@code load} lasts. */
  long systemCalls(List<Long> pids, Work load) throws IOException, InterruptedException {
    Path table = folder.resolve("strace");
    Files.deleteIfExists(table);
    List<String> command = new ArrayList<>(List.of("strace", "-f", "-c", "-o", table.toString()));
    pids.forEach(pid -> command.addAll(List.of("-p", String.valueOf(pid))));
    try (Started strace = start(command)) {
      // strace does not say when it has every thread; a second is ample for some dozens
      if (strace.process().waitFor(1, TimeUnit.SECONDS)) {
        throw new IOException("strace may not attach: " + end(strace.output(GRACE)));
      }
      load.run();
      strace.process().destroy();
      strace.output(GRACE);
      return readStrace(Files.readString(table));
    }
  }

  /** Some work that may fail. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException, InterruptedException;
  }

  static Load readWrk(String said) throws IOException {
    Matcher total = find(WRK, said);
    long errors = 0;
    Matcher sockets = WRK_SOCKETS.matcher(said);
    if (sockets.find()) {
      for (int group = 1; group <= 4; group++) {
        errors += Long.parseLong(sockets.group(group));
      }
    }
    Matcher status = WRK_STATUS.matcher(said);
    errors += status.find() ? Long.parseLong(status.group(1)) : 0;
    return Load.counted(Long.parseLong(total.group(1)), errors, seconds(total, 2));
  }

  static Load readH2load(String said) throws IOException {
    Matcher time = find(H2LOAD_TIME, said);
    Matcher requests = find(H2LOAD, said);
    long done = Long.parseLong(requests.group(2));
    long good = Long.parseLong(find(H2LOAD_STATUS, said).group(1));
    long bytes = Long.parseLong(find(H2LOAD_BYTES, said).group(1));
    long errors = Math.max(0, done - good) + Long.parseLong(requests.group(3));
    return new Load(done, bytes, errors, seconds(time, 1), 0);
  }

  static long readStrace(String table) throws IOException {
    for (String line : table.lines().toList()) {
      String[] columns = line.strip().split("\\s+", -1);
      if (columns.length >= 5 && columns[columns.length - 1].equals("total")) {
        return Long.parseLong(columns[3]);
      }
    }
    throw new IOException("strace counted nothing");
  }

  private static double seconds(Matcher said, int group) {
    double number = Double.parseDouble(said.group(group));
    return switch (said.group(group + 1)) {
      case "ms" -> number / 1e3;
      case "us" -> number / 1e6;
      case "m" -> number * 60;
      default -> number;
    };
  }

  private static Matcher find(Pattern pattern, String said) throws IOException {
    Matcher found = pattern.matcher(said);
    if (!found.find()) {
      throw new IOException("not understood: " + end(said));
    }
    return found;
  }

  private static String end(String said) {
    String flat = said.replaceAll("\\s+", " ");
    return flat.substring(Math.max(0, flat.length() - 300));
  }

  /** Returns what a command says; it has to succeed within {@code limit}. */
  private String run(List<String> command, Duration limit)
      throws IOException, InterruptedException {
    try (Started program = start(command)) {
      String said = program.output(limit);
      if (program.process().exitValue() != 0) {
        throw new IOException(command.getFirst() + " failed: " + end(said));
      }
      return said;
    }
  }

  private Started start(List<String> command) throws IOException {
    Path said = Files.createTempFile(folder, "tool-", ".said");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("OPENSSL_CONF", openssl.toString());
    builder.environment().put("LC_ALL", "C");
    builder.redirectInput(new File("/dev/null")).redirectOutput(said.toFile());
    return new Started(builder.start(), said);
  }

  /** A program that runs, and the file of what it says. */
  private record Started(Process process, Path said) implements AutoCloseable {
    String output(Duration limit) throws IOException, InterruptedException {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException("a load of more than " + limit.toSeconds() + " s: " + process.info());
      }
      return Files.readString(said);
    }

    @Override
    public void close() {
      process.destroyForcibly();
      said.toFile().delete();
    }
  }
}
