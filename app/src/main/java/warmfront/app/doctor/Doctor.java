package warmfront.app.doctor;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.ResolverConfig;
import warmfront.app.config.Config;
import warmfront.time.Clock;

/** All checks, in the order in which they are read. */
public final class Doctor {
  /** Where DNS servers are asked by the world. */
  private static final int DNS_PORT = 53;

  /**
   * What was answered.
   *
   * @param status of HTTP
   * @param body as text
   * @param date the Date field, if there is one
   */
  public record Page(int status, String body, Optional<String> date) {
    /** Returns what an answer says. */
    public static Page of(HttpResponse<?> answer, String body) {
      return new Page(answer.statusCode(), body, answer.headers().firstValue("Date"));
    }
  }

  /** Asks for a page. */
  @FunctionalInterface
  public interface Asking {
    /**
     * Asks for a page.
     *
     * @throws IOException if nobody answers there
     */
    Page get(String target) throws IOException, InterruptedException;
  }

  private final Config config;
  private final Optional<Path> countries;
  private final Clock clock;

  /**
   * Makes a doctor.
   *
   * @param config of the instance
   * @param countries the country table, if there is one
   */
  public Doctor(Config config, Optional<Path> countries, Clock clock) {
    this.config = config;
    this.countries = countries;
    this.clock = clock;
  }

  /** Looks at this machine. */
  public List<Finding> machine() {
    List<Finding> found = new ArrayList<>(MachineChecks.machine(countries));
    found.addAll(DiskChecks.of(config));
    return found;
  }

  /**
   * Looks at the instance that runs here, or at what one would need.
   *
   * @param operator asks its operator port
   */
  public List<Finding> instance(Asking operator) throws InterruptedException {
    List<Finding> found = new ArrayList<>();
    try {
      Page ready = operator.get("/readyz");
      found.addAll(InstanceChecks.ready(ready.status(), ready.body()));
      String metrics = operator.get("/metrics").body();
      found.addAll(InstanceChecks.certificates(metrics));
      found.addAll(InstanceChecks.peers(metrics));
    } catch (IOException silent) {
      found.add(Finding.note("%s", String.valueOf(silent.getMessage())));
      found.addAll(MachineChecks.addresses(config));
    }
    config.link().control().ifPresent(control -> found.add(InstanceChecks.control(control)));
    return found;
  }

  /**
   * Looks at the fleet, as control knows it.
   *
   * @param api asks the API, signed
   */
  public List<Finding> fleet(Asking api) throws InterruptedException {
    try {
      Page list = api.get("/fleet/servers");
      if (list.status() != 200) {
        return List.of(Finding.wrong("control refuses to list servers: %s", list.body().strip()));
      }
      List<Finding> found = new ArrayList<>();
      found.add(InstanceChecks.clock(list.date(), clock.now()));
      found.addAll(InstanceChecks.servers(list.body()));
      return found;
    } catch (IOException silent) {
      return List.of(Finding.wrong("control is not reached: %s", silent.getMessage()));
    }
  }

  /**
   * Looks at the zone, as resolvers see it.
   *
   * @param resolver a caching resolver; the machine's own if empty
   */
  public List<Finding> zone(Optional<InetSocketAddress> resolver) {
    InetSocketAddress asked =
        resolver.orElseGet(() -> ResolverConfig.getCurrentConfig().servers().getFirst());
    return new ZoneChecks(config.zone(), asked, DNS_PORT).examine();
  }
}
