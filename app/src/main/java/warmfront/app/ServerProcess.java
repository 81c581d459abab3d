package warmfront.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import warmfront.app.config.Config;
import warmfront.app.operator.Figures;
import warmfront.app.operator.OperatorServer;
import warmfront.app.operator.Part;
import warmfront.app.operator.Running;
import warmfront.distribution.ListenAddress;
import warmfront.distribution.Server;
import warmfront.edge.step.FleetIdentity;
import warmfront.link.Credentials;
import warmfront.link.Follower;
import warmfront.link.FollowerIdentity;
import warmfront.link.Membership;
import warmfront.link.Pem;
import warmfront.rtt.MapTaker;
import warmfront.time.Clock;

/**
 * What an edge and a DNS server have in common as processes of their own: the operator port, the
 * place in the fleet, the log that is followed. All of it ends with {@link #close}.
 */
final class ServerProcess implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(10);

  private final Config config;
  private final DataDirectory data;
  private final Clock clock;
  private final Closing closing;
  private final OperatorServer operator;
  private final Membership membership;
  private final long incarnation;
  private volatile @Nullable Known known;

  private ServerProcess(
      Config config,
      DataDirectory data,
      Clock clock,
      Closing closing,
      OperatorServer operator,
      Membership membership) {
    this.config = config;
    this.data = data;
    this.clock = clock;
    this.closing = closing;
    this.operator = operator;
    this.membership = membership;
    this.incarnation = clock.millis();
  }

  /** Opens the operator port and joins the fleet; {@code data} is closed with the process. */
  static ServerProcess open(
      Server.Role role, Config config, DataDirectory data, Optional<String> join, Clock clock)
      throws StartException, InterruptedException {
    Closing closing = new Closing();
    closing.add("the data directory", data);
    try {
      OperatorServer operator = OperatorServer.open(config.operator().socket());
      closing.add("the operator port", operator);
      operator.add(new Running(Main.VERSION, word(role), clock));
      Membership membership = new Joining(config, data, clock, new SecureRandom()).member(join);
      closing.add("the place in the fleet", membership);
      operator.add(new Certificate(membership, clock));
      return new ServerProcess(config, data, clock, closing, operator, membership);
    } catch (IOException failed) {
      closing.close();
      throw new StartException(String.valueOf(failed.getMessage()), failed);
    } catch (StartException | InterruptedException failed) {
      closing.close();
      throw failed;
    }
  }

  /**
   * Begins to follow the log.
   *
   * @param kept the edges without a lease to which this server sends viewers all the same
   * @param maps who answers by latency maps here
   * @throws StartException if what is on the disk cannot be used; everything is closed
   */
  Follower follow(
      Registered registered,
      Latest log,
      Set<String> features,
      Supplier<Set<String>> kept,
      Optional<MapTaker> maps)
      throws StartException {
    try {
      operator.add(new Registration(registered));
      Follower follower =
          Follower.start(
              new FollowerIdentity(serverId(), registered.role(), incarnation, features),
              data.folder("servers").resolve(serverId()),
              log,
              new Follower.Surroundings(
                  membership::channel,
                  clock,
                  new SecureRandom(),
                  Follower.Timing.STANDARD,
                  kept,
                  maps));
      closing.add("the follower of the log", follower);
      operator.add(new FollowerPart(serverId(), follower));
      return follower;
    } catch (UncheckedIOException | IllegalStateException failed) {
      closing.close();
      throw new StartException(String.valueOf(failed.getMessage()), failed);
    }
  }

  /** Waits, for as long as it takes, until the server serves. */
  void awaitReady(Registered registered) throws StartException, InterruptedException {
    while (!operator.unready().isEmpty()) {
      if (registered.failure().isPresent()) {
        throw new StartException(registered.failure().get());
      }
      TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
    }
  }

  /** Returns where a registration says that something is spoken. */
  static Stream<InetSocketAddress> listen(Server own, ListenAddress.Scheme scheme) {
    return own.listen().stream()
        .map(ListenAddress::parse)
        .filter(address -> address.scheme() == scheme)
        .map(address -> new InetSocketAddress(address.address(), address.port()));
  }

  Config config() {
    return config;
  }

  DataDirectory data() {
    return data;
  }

  Clock clock() {
    return clock;
  }

  OperatorServer operator() {
    return operator;
  }

  /** Returns who this server is to others of the fleet. */
  FleetIdentity identity() {
    Credentials now = membership.credentials();
    @Nullable Known last = known;
    if (last == null || !last.credentials().equals(now)) {
      last = Known.of(now);
      known = last;
    }
    return last.identity();
  }

  /** Credentials, and what was read of them. */
  private record Known(Credentials credentials, FleetIdentity identity) {
    static Known of(Credentials credentials) {
      return new Known(
          credentials,
          new FleetIdentity(
              Pem.privateKey(credentials.keyPem()),
              Pem.certificates(credentials.chainPem()),
              Pem.certificates(credentials.caPem())));
    }
  }

  String serverId() {
    return membership.credentials().serverId();
  }

  /** Returns when the process started: it grows with each start. */
  long incarnation() {
    return incarnation;
  }

  /** Closes something with the process, before all that was there earlier. */
  void closeLater(String name, AutoCloseable opened) {
    closing.add(name, opened);
  }

  /** Returns what the ready line says. */
  Map<String, Object> ready(Registered registered) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("role", word(registered.role()));
    line.put("server", serverId());
    registered
        .own()
        .ifPresent(own -> {
          line.put("location", own.location());
          line.put("listen", own.listen());
        });
    line.put("operator", config.operator().withPort(operator.address().getPort()).url());
    return line;
  }

  @Override
  public void close() {
    closing.close();
  }

  private static String word(Server.Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }

  /** What the register says of this server. */
  private record Registration(Registered registered) implements Part {
    @Override
    public String name() {
      return "registration";
    }

    @Override
    public List<String> unready() {
      return registered
          .failure()
          .or(() ->
              registered.own().isPresent()
                  ? Optional.empty()
                  : Optional.of("waits for the first picture of the log"))
          .stream()
          .toList();
    }

    @Override
    public List<String> notes() {
      return registered.movedSince()
          ? List.of("other addresses are registered by now; restart to listen there")
          : List.of();
    }

    @Override
    public Map<String, Object> status() {
      Map<String, Object> status = new LinkedHashMap<>();
      registered
          .own()
          .ifPresent(own -> {
            status.put("server", own.id());
            status.put("location", own.location());
            status.put("listen", own.listen());
          });
      return status;
    }
  }

  /** The certificate by which control knows this server. */
  private record Certificate(Membership membership, Clock clock) implements Part {
    @Override
    public String name() {
      return "certificate";
    }

    @Override
    public void figures(Figures out) {
      Duration left = Duration.between(clock.now(), membership.credentials().expires());
      out.gauge(
          "warmfront_certificate_days_left",
          "Days until the certificate ends.",
          left.toMinutes() / (24.0 * 60),
          "name",
          membership.credentials().serverId());
    }

    @Override
    public Map<String, Object> status() {
      return Map.of("expires", membership.credentials().expires().toString());
    }
  }
}
