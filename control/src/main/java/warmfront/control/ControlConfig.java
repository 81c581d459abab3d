package warmfront.control;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import warmfront.control.api.Quotas;
import warmfront.control.certificate.AcmeAuthority;
import warmfront.control.maps.MapDesk;
import warmfront.control.publish.Timing;
import warmfront.distribution.S3Endpoint;

/**
 * What a control plane is told by its operator.
 *
 * @param data its folder: root key, CA, sealing key and, with SQLite, the database
 * @param store a {@code postgresql://} URL; empty for SQLite in {@code data}
 * @param sealingKey the file of the key that seals secrets; in {@code data} if empty
 * @param zone the DNS zone of the fleet, without a dot at its end
 * @param anycast addresses that are announced from every location
 * @param api where the API listens; port 0 takes a free one
 * @param tls what the API shows; plain HTTP is spoken if empty
 * @param quotas how many of a thing there may be
 * @param gate where servers in other processes come in; empty if there are none
 * @param buckets where edges ask buckets, all of them
 * @param timing how long things take between control and the fleet
 * @param maps how latency maps are made; empty if none are
 * @param acme which public authority is asked for certificates; empty for none
 */
public record ControlConfig(
    Path data,
    Optional<String> store,
    Optional<Path> sealingKey,
    String zone,
    List<InetAddress> anycast,
    InetSocketAddress api,
    Optional<Tls> tls,
    Quotas quotas,
    Optional<Listening> gate,
    List<S3Endpoint> buckets,
    Timing timing,
    Optional<MapDesk.Options> maps,
    Optional<AcmeAuthority.Options> acme) {
  /**
   * Where servers in other processes come in.
   *
   * @param listen what is bound; port 0 takes a free one
   * @param host what tokens tell servers to connect to
   * @param port the same; 0 for the one that is bound
   */
  public record Listening(InetSocketAddress listen, String host, int port) {}

  /** What the API shows to those who connect. */
  public sealed interface Tls {
    /**
     * A certificate of the fleet's authority.
     *
     * @param names DNS names and IP addresses, where it is reached
     */
    record OfFleet(List<String> names) implements Tls {
      public OfFleet {
        names = List.copyOf(names);
      }
    }

    /**
     * The operator's own, read again when it changes.
     *
     * @param chain a file in PEM
     * @param key a file in PEM
     */
    record OfFiles(Path chain, Path key) implements Tls {}
  }

  public ControlConfig {
    anycast = List.copyOf(anycast);
    buckets = List.copyOf(buckets);
  }

  /** Returns where the database is, as {@link warmfront.control.store.Store#open} takes it. */
  static String database(Path data, Optional<String> store) {
    return store.orElse(data.resolve("control.db").toString());
  }

  /** Returns the file of the key that seals secrets. */
  static Path sealingKey(Path data, Optional<Path> file) {
    return file.orElse(data.resolve("secret.key"));
  }
}
