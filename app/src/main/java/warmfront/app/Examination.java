package warmfront.app;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import warmfront.app.call.DnsQuestion;
import warmfront.app.config.Config;
import warmfront.app.config.Endpoint;
import warmfront.edge.cache.Cache;

/** What {@code doctor} looks at, a line each: ok, note, or WRONG with what to do. */
final class Examination {
  /** A busy edge holds two descriptors for each viewer; the usual 1024 are soon gone. */
  private static final long FILES_WANTED = 16_384;

  private final AskCommands.Where where;
  private final PrintStream out;
  private int wrong;

  Examination(AskCommands.Where where, PrintStream out) {
    this.where = where;
    this.out = out;
  }

  /** Looks at everything; returns 1 if something is wrong, else 0. */
  int examine() throws StartException, InterruptedException {
    Config config = where.config();
    ok("Java " + Runtime.version() + ", " + Runtime.getRuntime().availableProcessors() + " cores");
    openFiles();
    countries(config);
    programs();
    disks(config);
    if (instance()) {
      dns(config);
    } else {
      addresses(config);
    }
    return wrong == 0 ? 0 : 1;
  }

  private void openFiles() {
    try (Stream<String> limits = Files.lines(Path.of("/proc/self/limits"))) {
      Optional<String> soft =
          limits
              .filter(line -> line.startsWith("Max open files"))
              .map(line -> line.substring(26).strip().split("\\s+", 2)[0])
              .findFirst();
      if (soft.isPresent()
          && soft.get().matches("[0-9]{1,18}")
          && Long.parseLong(soft.get()) < FILES_WANTED) {
        note("open files are limited to " + soft.get() + "; for real traffic: ulimit -n 65536");
      } else {
        ok("open files: " + soft.orElse("?"));
      }
    } catch (IOException _) {
      note("the limit of open files cannot be read here");
    }
  }

  private void countries(Config config) {
    Optional<Path> table = CountryTable.find(config);
    if (table.isPresent()) {
      ok("country table " + table.get());
    } else {
      note("no country table: viewers are spread over all locations; install npm and build again");
    }
  }

  private void programs() {
    List<String> missing =
        Stream.of("aws", "curl", "dig").filter(program -> !isThere(program)).toList();
    if (missing.isEmpty()) {
      ok("client programs aws, curl, dig");
    } else {
      note("not on this machine: " + String.join(", ", missing) + " (only to try things with)");
    }
  }

  /**
   * Looks for disks of the cache that were taken out: by their own word and by the data folder's.
   */
  private void disks(Config config) {
    List<Path> folders =
        Stream.concat(
                Stream.of(config.data().resolve("edge").resolve("cache")),
                config.edge().disks().stream().map(Config.Disk::path))
            .toList();
    int before = wrong;
    for (Path folder : folders) {
      try {
        Cache.takenOut(folder)
            .forEach(note ->
                wrong(
                    "a cache disk failed and was taken out, says "
                        + note
                        + "; replace or repair it, delete the files that are named there, and start"
                        + " the edge anew"));
      } catch (IOException | UncheckedIOException e) {
        wrong("cache disk " + folder + " cannot be looked through: " + e.getMessage());
      }
    }
    if (wrong == before) {
      ok("no cache disk was taken out");
    }
  }

  private boolean instance() throws InterruptedException {
    HttpResponse<String> ready;
    try {
      ready = where.get("/readyz");
    } catch (StartException e) {
      note(String.valueOf(e.getMessage()));
      return false;
    }
    if (ready.statusCode() == 200) {
      ok("the instance is ready");
    } else {
      wrong("the instance is not ready: " + ready.body().strip());
    }
    return true;
  }

  private void dns(Config config) {
    for (Endpoint listen : config.dns().listen()) {
      DnsQuestion question =
          new DnsQuestion(
              config.zone().nameServers().getFirst().name(),
              DnsQuestion.A,
              InetAddress.getLoopbackAddress());
      try {
        ok("DNS at " + listen + " answers with code " + question.ask(listen.socket()).code());
      } catch (IOException e) {
        wrong("DNS at " + listen + " does not answer: " + e.getMessage());
      }
    }
  }

  private void addresses(Config config) {
    for (Config.Place place : config.locations()) {
      InetSocketAddress address = new InetSocketAddress(place.address(), config.viewers().http());
      try (ServerSocket free = new ServerSocket()) {
        free.bind(address);
        ok(place.location().id() + " can listen at " + address);
      } catch (IOException e) {
        wrong(place.location().id() + " cannot listen at " + address + ": " + e.getMessage());
      }
    }
  }

  private static boolean isThere(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private void ok(String what) {
    out.println("ok     " + what);
  }

  private void note(String what) {
    out.println("note   " + what);
  }

  private void wrong(String what) {
    wrong++;
    out.println("WRONG  " + what);
  }
}
