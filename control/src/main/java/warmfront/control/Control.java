package warmfront.control;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.crypto.SecretKey;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.control.api.ApiServer;
import warmfront.control.api.Limits;
import warmfront.control.api.ObjectReader;
import warmfront.control.api.Site;
import warmfront.control.api.acm.Issuers;
import warmfront.control.certificate.AcmeAuthority;
import warmfront.control.certificate.Authority;
import warmfront.control.certificate.CertificateFiles;
import warmfront.control.certificate.ControlCertificate;
import warmfront.control.certificate.ShownKeys;
import warmfront.control.certificate.SiteCertificates;
import warmfront.control.certificate.ZoneCertificates;
import warmfront.control.identity.AccessKey;
import warmfront.control.identity.AccessKeys;
import warmfront.control.identity.EnrolmentTokens;
import warmfront.control.identity.Fleet;
import warmfront.control.identity.Identities;
import warmfront.control.identity.Users;
import warmfront.control.maps.MapDesk;
import warmfront.control.maps.MapDeskCounts;
import warmfront.control.publish.FleetServer;
import warmfront.control.publish.MapCounts;
import warmfront.control.publish.Maps;
import warmfront.control.publish.Publisher;
import warmfront.control.publish.ServerStatus;
import warmfront.control.store.LogHead;
import warmfront.control.store.Store;
import warmfront.control.store.Transaction;
import warmfront.distribution.HeartbeatKey;
import warmfront.distribution.Kind;
import warmfront.distribution.Resource;
import warmfront.distribution.S3Endpoint;
import warmfront.link.KeyFile;
import warmfront.time.Clock;

/**
 * The control plane: its rooms, made, started and stopped together. What a fleet needs before its
 * first request (managed policies, the zone's certificate, the heartbeats' key, where buckets are)
 * is in the log when {@link #start} returns.
 */
public final class Control implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Control.class);

  /** The account in every ARN: there is one, and it is nobody's at Amazon. */
  public static final String ACCOUNT = "000000000000";

  private static final long CERTIFICATES_SECONDS = 3600;
  private static final long ORDERS_SECONDS = 15;
  private static final int HEARTBEAT_KEY_BYTES = 32;

  private final AccessKey rootKey;
  private final Store store;
  private final Publisher publisher;
  private final @Nullable MapDesk desk;
  private final FleetServer within;
  private final @Nullable FleetServer gate;
  private final ApiServer api;
  private final List<ScheduledExecutorService> threads;

  private Control(
      AccessKey rootKey,
      Publishing publishing,
      FleetServer within,
      @Nullable FleetServer gate,
      ApiServer api,
      List<ScheduledExecutorService> threads) {
    this.rootKey = rootKey;
    this.store = publishing.store();
    this.publisher = publishing.publisher();
    this.desk = publishing.desk();
    this.within = within;
    this.gate = gate;
    this.api = api;
    this.threads = threads;
  }

  /** What the fleet follows. */
  private record Publishing(Store store, Publisher publisher, @Nullable MapDesk desk) {}

  /**
   * Opens the store and serves API and fleet.
   *
   * @param objects reads what callers of the API have put into buckets
   * @param name for servers in this process, which connect by gRPC's in-process transport
   * @throws IOException if a file cannot be read or written
   * @throws IllegalStateException if the store is newer, or a port is taken; says which
   */
  public static Control start(
      ControlConfig config, ObjectReader objects, String name, Clock clock, SecureRandom random)
      throws IOException {
    Path data = config.data();
    SecretKey sealing =
        KeyFile.loadOrMake(ControlConfig.sealingKey(data, config.sealingKey()), random);
    Store store = Store.open(ControlConfig.database(data, config.store()), sealing);
    try {
      FleetFiles files = new FleetFiles(store, data);
      files.take();
      AccessKeys keys = AccessKeys.loadOrMake(data, random);
      Authority authority = Authority.loadOrMake(data, sealing, clock, random);
      files.agree();
      Optional<AcmeAuthority> world = world(config, sealing, random);
      return serve(config, name, new Opened(keys, authority, world, store, objects), clock, random);
    } catch (IOException | RuntimeException failed) {
      store.close();
      throw failed;
    }
  }

  private static Optional<AcmeAuthority> world(
      ControlConfig config, SecretKey sealing, SecureRandom random) throws IOException {
    return config.acme().isEmpty()
        ? Optional.empty()
        : Optional.of(
            AcmeAuthority.loadOrMake(config.acme().get(), config.data(), sealing, random));
  }

  private record Opened(
      AccessKeys keys,
      Authority authority,
      Optional<AcmeAuthority> world,
      Store store,
      ObjectReader objects) {}

  private static Control serve(
      ControlConfig config, String name, Opened opened, Clock clock, SecureRandom random) {
    Store store = opened.store();
    ZoneCertificates certificates = new ZoneCertificates(store, opened.authority(), clock);
    certificates.ensure(config.zone());
    ControlCertificate own = new ControlCertificate(opened.authority()::control, clock);
    Shown shown = Shown.of(config.tls(), opened.authority(), clock);
    Fleet fleet = new Fleet(store);
    Gatehouse gatehouse =
        new Gatehouse(store, opened.authority(), new EnrolmentTokens(clock, random), clock);
    @Nullable MapDesk desk =
        config.maps().map(options -> MapDesk.start(store, options, clock)).orElse(null);
    Publisher publisher =
        Publisher.start(
            store, clock, config.timing(), Optional.ofNullable(desk).map(Control::maps));
    FleetServer within = FleetServer.inProcess(name, publisher, gatehouse);
    @Nullable FleetServer gate =
        config
            .gate()
            .map(at -> listen(at.listen(), opened.authority(), own, publisher, gatehouse, clock))
            .orElse(null);
    Identities identities = new Identities(opened.keys().root(), store, clock);
    ApiServer api =
        new ApiServer(
            new ApiServer.Options(
                config.api().getAddress().getHostAddress(),
                config.api().getPort(),
                new Site(config.zone(), ACCOUNT, config.anycast()),
                config.quotas(),
                Limits.DEFAULT,
                opened.objects(),
                new Issuers(
                    new SiteCertificates(opened.authority(), clock),
                    opened.world(),
                    publisher::isAnswered),
                shown.keys()),
            store,
            identities::find,
            clock,
            random,
            new FleetApi(
                fleet,
                new Users(store, clock, random, identities::expire),
                gatehouse,
                publisher::status,
                new FleetApi.Whereabouts(config.zone(), ACCOUNT, entrance(config, gate)),
                random));
    publisher.onWritten(written -> api.invalidate(written.distribution(), written.paths()));
    store.write(transaction -> prepare(transaction, config.buckets(), api, random));
    try {
      api.start();
    } catch (UncheckedIOException | IllegalStateException taken) {
      publisher.close();
      if (desk != null) {
        desk.close();
      }
      within.close();
      if (gate != null) {
        gate.close();
      }
      throw new IllegalStateException(
          "the API cannot listen at %s:%d; is the port taken?"
              .formatted(config.api().getHostString(), config.api().getPort()),
          taken);
    }
    ScheduledExecutorService certificatesThread = certificatesThread();
    every(
        CERTIFICATES_SECONDS,
        certificatesThread,
        () -> {
          if (own.renewIfDue()) {
            LOG.info("control's certificate is renewed");
          }
          shown.renewIfDue();
          certificates.ensure(config.zone());
          api.renewCertificates();
        });
    ScheduledExecutorService ordersThread = certificatesThread();
    every(ORDERS_SECONDS, ordersThread, api::advanceCertificates);
    return new Control(
        opened.keys().root(),
        new Publishing(store, publisher, desk),
        within,
        gate,
        api,
        List.of(certificatesThread, ordersThread));
  }

  /**
   * What the API shows.
   *
   * @param keys none if it speaks plain HTTP
   * @param ofFleet is renewed, if the certificate is the fleet's
   */
  private record Shown(Optional<X509KeyManager> keys, Optional<ControlCertificate> ofFleet) {
    static Shown of(Optional<ControlConfig.Tls> tls, Authority authority, Clock clock) {
      return switch (tls.orElse(null)) {
        case null -> new Shown(Optional.empty(), Optional.empty());
        case ControlConfig.Tls.OfFleet(List<String> names) -> {
          ControlCertificate made = new ControlCertificate(() -> authority.api(names), clock);
          yield new Shown(Optional.of(new ShownKeys(made::current)), Optional.of(made));
        }
        case ControlConfig.Tls.OfFiles(Path chain, Path key) -> {
          try {
            CertificateFiles files = new CertificateFiles(chain, key, clock);
            yield new Shown(Optional.of(new ShownKeys(files::current)), Optional.empty());
          } catch (IOException | IllegalArgumentException unusable) {
            throw new IllegalStateException(
                "the API's certificate cannot be used: " + unusable.getMessage(), unusable);
          }
        }
      };
    }

    void renewIfDue() {
      ofFleet
          .filter(ControlCertificate::renewIfDue)
          .ifPresent(_ -> LOG.info("the API's certificate is renewed"));
    }
  }

  private static Maps maps(MapDesk desk) {
    return new Maps(desk, desk::take, desk::heardOf);
  }

  private static FleetServer listen(
      InetSocketAddress address,
      Authority authority,
      ControlCertificate own,
      Publisher publisher,
      Gatehouse gatehouse,
      Clock clock) {
    return FleetServer.listen(
        address,
        new FleetServer.Tls(new ShownKeys(own::current), authority.certificate()),
        publisher,
        gatehouse,
        clock);
  }

  private static Optional<FleetApi.Entrance> entrance(
      ControlConfig config, @Nullable FleetServer gate) {
    return gate == null
        ? Optional.empty()
        : config
            .gate()
            .map(at -> new FleetApi.Entrance(at.host(), at.port() == 0 ? gate.port() : at.port()));
  }

  private static boolean prepare(
      Transaction transaction, List<S3Endpoint> buckets, ApiServer api, SecureRandom random) {
    api.seed(transaction);
    if (transaction.latest(Kind.HEARTBEAT_KEY).isEmpty()) {
      byte[] key = new byte[HEARTBEAT_KEY_BYTES];
      random.nextBytes(key);
      put(transaction, new HeartbeatKey("1", Base64.getEncoder().encodeToString(key)));
    }
    Set<String> wanted = buckets.stream().map(S3Endpoint::id).collect(Collectors.toSet());
    for (Resource known : transaction.latest(Kind.S3_ENDPOINT)) {
      if (!wanted.contains(known.id())) {
        transaction.append(Kind.S3_ENDPOINT, known.id(), Optional.empty());
      }
    }
    buckets.forEach(bucket -> put(transaction, bucket));
    return true;
  }

  private static void put(Transaction transaction, Resource value) {
    Optional<Resource> known = transaction.latest(value.kind(), value.id());
    if (!known.equals(Optional.of(value))) {
      transaction.append(value.kind(), value.id(), Optional.of(value));
    }
  }

  private static ScheduledExecutorService certificatesThread() {
    return Executors.newSingleThreadScheduledExecutor(
        Thread.ofPlatform().daemon().name("certificates").factory());
  }

  /** Work that may wait and be interrupted. */
  private interface Work {
    void run() throws InterruptedException;
  }

  private static void every(long seconds, ScheduledExecutorService thread, Work work) {
    ScheduledFuture<?> _ =
        thread.scheduleWithFixedDelay(
            () -> {
              try {
                work.run();
              } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
              } catch (RuntimeException failed) {
                LOG.error("the certificates could not be renewed", failed);
              }
            },
            seconds,
            seconds,
            TimeUnit.SECONDS);
  }

  /** Returns the key that may do everything. */
  public AccessKey rootKey() {
    return rootKey;
  }

  /** Returns the port of the API. */
  public int apiPort() {
    return api.port();
  }

  /** Returns the port where servers in other processes come in; empty if there is none. */
  public Optional<Integer> gatePort() {
    return Optional.ofNullable(gate).map(FleetServer::port);
  }

  /** Returns the register of locations and servers. */
  public Fleet fleet() {
    return new Fleet(store);
  }

  /** Returns what is known of each server of the fleet. */
  public List<ServerStatus> servers() {
    return publisher.status();
  }

  /** Returns where the log ends. */
  public LogHead head() {
    return publisher.head();
  }

  /** Returns how it does with latency maps; empty if it makes none. */
  public Optional<MapDeskCounts> maps() {
    return Optional.ofNullable(desk).map(MapDesk::counts);
  }

  /** Returns what became of measurements and maps on the streams. */
  public MapCounts mapCounts() {
    return publisher.mapCounts();
  }

  /** Ends the API, then the streams, then the store. */
  @Override
  public void close() {
    threads.forEach(ScheduledExecutorService::shutdownNow);
    api.stop();
    publisher.close();
    if (gate != null) {
      gate.close();
    }
    within.close();
    if (desk != null) {
      desk.close();
    }
    store.close();
  }
}
