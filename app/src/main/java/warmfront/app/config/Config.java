package warmfront.app.config;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import warmfront.control.api.Quotas;
import warmfront.control.certificate.AcmeAuthority;
import warmfront.distribution.Location;

/**
 * What an operator may set, complete: what the file does not say has its default. The keys are in
 * docs/configuration.md, in this order.
 *
 * @param data the data directory
 * @param log how the process logs
 * @param store {@code sqlite}, or a {@link warmfront.control.store.PostgresUrl}
 * @param secretKeyFile the file with the key that seals secrets at rest; made in the data directory
 *     if empty
 * @param zone what the DNS servers are authoritative for
 * @param acme which public authority issues certificates; empty for the fleet's own
 * @param api where the API listens, and what it shows
 * @param quotas how many of a thing the API's account may have
 * @param s3 the embedded S3
 * @param link the way between the control plane and servers in other processes
 * @param operator where metrics, health and status are served
 * @param dns the DNS servers' sockets
 * @param locations the edge locations of an all-in-one process
 * @param viewers the ports that viewers reach, at every location's address
 * @param rtmp which variants of RTMP are spoken
 * @param live where the all-in-one process serves channels over HTTP
 * @param recordings what recordings of channels may take
 * @param edge the edge's budgets and times
 * @param origins which origins may be asked, and where buckets are
 * @param geography the tables that routing answers from
 * @param maps how far viewers are: how it is measured, and made a map of
 * @param share what one address may have of an edge
 * @param drain how long a process may go on serving after SIGTERM
 */
public record Config(
    Path data,
    Log log,
    String store,
    Optional<Path> secretKeyFile,
    Zone zone,
    Optional<AcmeAuthority.Options> acme,
    Api api,
    Quotas quotas,
    S3 s3,
    Link link,
    Endpoint operator,
    Dns dns,
    List<Place> locations,
    Viewers viewers,
    Rtmp rtmp,
    Endpoint live,
    Recordings recordings,
    Edge edge,
    Origins origins,
    Geography geography,
    Maps maps,
    Share share,
    Duration drain) {
  /** The largest file that is read, in bytes: a fleet's whole configuration has a few KiB. */
  private static final long FILE_BYTES_MAX = 1 << 20;

  /** How log lines look on stderr. */
  public enum LogFormat {
    TEXT,
    JSON
  }

  /** The least grave log line that is written. */
  public enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG
  }

  /**
   * How the process logs, on stderr.
   *
   * @param format text or JSON, a line each
   * @param level the least grave line that is written
   */
  public record Log(LogFormat format, LogLevel level) {}

  /**
   * The DNS zone of the fleet.
   *
   * @param name without a dot at its end, lower case
   * @param nameServers its DNS servers
   * @param ttl of addresses in answers
   * @param issuers values of CAA records with the tag {@code issue} (RFC 8659, section 4.2): who
   *     may issue certificates for its names; anyone, if none is named. {@value #ISSUERS_MAX} at
   *     most
   * @param anycast addresses that the operator announces from every location, {@value #ANYCAST_MAX}
   *     at most
   */
  public record Zone(
      String name,
      List<NameServer> nameServers,
      Duration ttl,
      List<String> issuers,
      List<InetAddress> anycast) {
    static final int ISSUERS_MAX = 8;

    /** Two lists of CloudFront's greater size, one of each family. */
    static final int ANYCAST_MAX = 42;

    public Zone {
      nameServers = List.copyOf(nameServers);
      issuers = List.copyOf(issuers);
      anycast = List.copyOf(anycast);
    }
  }

  /**
   * A DNS server of the zone.
   *
   * @param name for NS records
   * @param addresses needed if the name lies in the zone
   */
  public record NameServer(String name, List<String> addresses) {
    public NameServer {
      addresses = List.copyOf(addresses);
    }
  }

  /**
   * Where the API listens, and what it shows to those who connect.
   *
   * @param listen where; within TLS unless it is loopback
   * @param advertise where callers reach it, if that is elsewhere
   * @param plain whether it speaks plain HTTP all the same
   * @param certificate the operator's own, in PEM; the fleet's authority makes one if empty
   * @param key its key, in PEM
   */
  public record Api(
      Endpoint listen,
      Optional<Endpoint> advertise,
      boolean plain,
      Optional<Path> certificate,
      Optional<Path> key) {
    /** Returns whether it is spoken within TLS. */
    public boolean isSecure() {
      return certificate.isPresent() || !(plain || listen.isLoopback());
    }

    /**
     * Returns where callers reach it.
     *
     * @param port the port that it listens on
     */
    public URI url(int port) {
      Endpoint here =
          listen.isEverywhere() ? new Endpoint("127.0.0.1", port) : listen.withPort(port);
      return URI.create((isSecure() ? "https://" : "http://") + advertise.orElse(here));
    }
  }

  /**
   * The way between the control plane and servers in other processes.
   *
   * @param listen where the control plane listens
   * @param advertise what tokens tell servers to connect to; {@code listen} if empty
   * @param control where this server reaches the control plane; what its token said if empty
   * @param lease how long an edge may be without the latest changes before it leaves DNS
   */
  public record Link(
      Endpoint listen, Optional<Endpoint> advertise, Optional<Endpoint> control, Duration lease) {
    /** A shorter lease would lapse with each connection that is made anew. */
    static final Duration LEASE_MIN = Duration.ofSeconds(1);
  }

  /**
   * The embedded S3 of an all-in-one process.
   *
   * @param enabled whether it runs
   * @param listen where
   * @param anonymousReads whether GET and HEAD of objects need no signature
   */
  public record S3(boolean enabled, Endpoint listen, boolean anonymousReads) {}

  /**
   * The DNS servers' sockets and what strangers may have of them.
   *
   * @param listen UDP and TCP
   * @param heartbeat UDP, where edges tell that they live
   * @param repliesPerSecond over UDP to a network that has not proved its address
   * @param connections of TCP at a time
   * @param connectionsPerClient of them from one address
   * @param idle how long one may stand still
   */
  public record Dns(
      List<Endpoint> listen,
      Endpoint heartbeat,
      int repliesPerSecond,
      int connections,
      int connectionsPerClient,
      Duration idle) {
    static final Duration IDLE_MIN = Duration.ofMillis(100);
    static final int REPLIES_MAX = 10_000_000;
    static final int CONNECTIONS_MAX = 1_000_000;
  }

  /**
   * An edge location of an all-in-one process.
   *
   * @param location its resource
   * @param address where it listens and what DNS answers for it
   * @param address6 the same for IPv6
   */
  public record Place(Location location, String address, Optional<String> address6) {}

  /**
   * The ports that viewers reach.
   *
   * @param http for HTTP
   * @param https for HTTPS
   * @param http3 whether HTTP/3 is spoken at the ports of HTTPS, over UDP
   * @param rtmp for RTMP and its kin; none for no streaming
   */
  public record Viewers(int http, int https, boolean http3, List<Integer> rtmp) {
    public Viewers {
      rtmp = List.copyOf(rtmp);
    }
  }

  /**
   * Which variants of RTMP are spoken beside the plain one.
   *
   * @param encrypted RTMPE, whose cryptography is of 2008 and keeps nobody out who is determined
   * @param tunnelled RTMPT, through HTTP
   */
  public record Rtmp(boolean encrypted, boolean tunnelled) {}

  /**
   * What recordings of channels may take.
   *
   * @param spoolBytes on disk that are not in a bucket yet
   */
  public record Recordings(long spoolBytes) {}

  /**
   * An edge's budgets; in one process they are divided among its locations.
   *
   * @param memoryBytes of cached objects in memory; 0 for a quarter of the machine's
   * @param diskBytes of cached objects on disk
   * @param loops event loops; 0 is one for each core
   * @param accessLog whether access log files are written
   * @param logDelivery how long a log is written that goes to a bucket
   * @param peers where it listens for other edges, if that is not where it is registered
   * @param patience how much it has with the other servers of its location
   */
  public record Edge(
      long memoryBytes,
      long diskBytes,
      int loops,
      boolean accessLog,
      Duration logDelivery,
      Optional<Endpoint> peers,
      Patience patience,
      List<Disk> disks) {
    public Edge {
      disks = List.copyOf(disks);
    }
  }

  /**
   * What one address may have of an edge; 0 is without a limit.
   *
   * @param connections at a time
   * @param requestsPerSecond in a second
   */
  public record Share(int connections, int requestsPerSecond) {
    static final int MAX = 10_000_000;
  }

  /**
   * How much patience an edge has with the other servers of its location.
   *
   * @param connect longest wait for a connection
   * @param unacknowledged how long a machine may leave what was sent without an acknowledgement
   * @param silence how long a server may leave all that it was asked without an answer
   * @param retryAfter how long a server that failed is not asked
   * @param behind how long a server that is asked waits for changes that the asking one knows of
   * @param hotRequests requests within the window from which on another's object is kept, too
   * @param hotWindow the window
   */
  public record Patience(
      Duration connect,
      Duration unacknowledged,
      Duration silence,
      Duration retryAfter,
      Duration behind,
      int hotRequests,
      Duration hotWindow) {}

  /**
   * A disk for cached objects alone.
   *
   * @param path a directory on it
   * @param sizeBytes how much is written to it; 0 for 80 % of what is free
   * @param reserveBytes how much is left free on it; 0 for 5 % of it
   */
  public record Disk(Path path, long sizeBytes, long reserveBytes) {}

  /**
   * Which origins may be asked.
   *
   * @param privateAllowed networks in CIDR form that lie in private or loopback address space and
   *     may be origins all the same
   * @param s3 where buckets are asked, by suffix
   */
  public record Origins(List<String> privateAllowed, List<Bucket> s3) {}

  /**
   * Where buckets of a suffix are asked.
   *
   * @param suffix as {@code s3.eu-central-1.amazonaws.com}
   * @param endpoint http or https, host and port
   * @param region that signatures name
   * @param accessKeyId the edges' key
   * @param secretAccessKey its secret
   */
  public record Bucket(
      String suffix, URI endpoint, String region, String accessKeyId, String secretAccessKey) {
    @Override
    public String toString() {
      return "Bucket[" + suffix + " at " + endpoint + "]";
    }
  }

  /**
   * The tables that routing answers from.
   *
   * @param countries a MaxMind DB of countries by address; the one that the build packs if empty
   * @param latencies a table of round-trip times; none if empty
   */
  public record Geography(Optional<Path> countries, Optional<Path> latencies) {}

  /**
   * How far viewers are: how it is measured, and made a map of.
   *
   * @param measured whether an edge measures
   * @param measuredWindow between two reports of an edge
   * @param made whether the control plane makes maps
   * @param window between two maps
   * @param pace how many times as fast as the clock time passes for all of this: 1 but in
   *     emulations
   * @param systems which autonomous system announces an address; the packed table if empty
   * @param cities a MaxMind DB of cities by address; none if empty
   * @param prefixes the operator's word on ranges of viewers; none if empty
   * @param coverageZone the same as Traffic Control's coverage zone file; none if empty
   * @param coverageNames a file with the locations that stand for its cache groups
   */
  public record Maps(
      boolean measured,
      Duration measuredWindow,
      boolean made,
      Duration window,
      double pace,
      Optional<Path> systems,
      Optional<Path> cities,
      Optional<Path> prefixes,
      Optional<Path> coverageZone,
      Optional<Path> coverageNames) {
    /** Control takes no reports that come faster. */
    static final Duration MEASURED_WINDOW_MIN = Duration.ofSeconds(10);

    /** A map a second would have DNS servers do nothing else. */
    static final Duration WINDOW_MIN = Duration.ofSeconds(10);

    /** A faster emulation would send reports that control takes for a flood. */
    static final double PACE_MAX = 10;

    /** Returns how much of the clock's time a window takes. */
    public Duration paced(Duration of) {
      return Duration.ofNanos((long) (of.toNanos() / pace));
    }
  }

  /** Returns the configuration of a file. */
  public static Config read(Path file) throws ConfigException, IOException {
    if (Files.size(file) > FILE_BYTES_MAX) {
      throw new ConfigException(file + " has more than " + FILE_BYTES_MAX + " bytes");
    }
    try (Reader reader = Files.newBufferedReader(file)) {
      return parse(reader);
    } catch (ConfigException e) {
      throw new ConfigException(file + ": " + e.getMessage());
    }
  }

  /** Returns the configuration without a file: defaults only. */
  public static Config defaults() {
    try {
      return parse(new StringReader(""));
    } catch (ConfigException e) {
      throw new IllegalStateException("the defaults are wrong", e);
    }
  }

  /** Returns the configuration that YAML text says. */
  public static Config parse(String yaml) throws ConfigException {
    return parse(new StringReader(yaml));
  }

  /** Returns every key with its default, as the table in docs/configuration.md has them. */
  static Map<String, String> keys() throws ConfigException {
    Section root = Section.root(null);
    Reading.config(root);
    return root.known();
  }

  /** Returns this configuration with another data directory. */
  public Config withData(Path other) {
    return new Config(
        other,
        log,
        store,
        secretKeyFile,
        zone,
        acme,
        api,
        quotas,
        s3,
        link,
        operator,
        dns,
        locations,
        viewers,
        rtmp,
        live,
        recordings,
        edge,
        origins,
        geography,
        maps,
        share,
        drain);
  }

  /** Returns this configuration with other tables. */
  public Config withGeography(Geography other) {
    return new Config(
        data,
        log,
        store,
        secretKeyFile,
        zone,
        acme,
        api,
        quotas,
        s3,
        link,
        operator,
        dns,
        locations,
        viewers,
        rtmp,
        live,
        recordings,
        edge,
        origins,
        other,
        maps,
        share,
        drain);
  }

  private static Config parse(Reader reader) throws ConfigException {
    LoadSettings settings =
        LoadSettings.builder()
            .setAllowDuplicateKeys(true) // Section refuses them, with the key's full name
            .setCodePointLimit((int) FILE_BYTES_MAX)
            .build();
    try {
      Section root = Section.root(new Compose(settings).composeReader(reader).orElse(null));
      Config config = Reading.config(root);
      root.refuseUnknown();
      return config;
    } catch (YamlEngineException e) {
      throw new ConfigException(Document.fault(e));
    }
  }
}
