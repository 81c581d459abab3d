package warmfront.app;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.app.config.Config;
import warmfront.distribution.CloudFrontHeader;
import warmfront.distribution.Distribution;
import warmfront.distribution.Kind;
import warmfront.distribution.OriginRequestPolicy;
import warmfront.edge.step.Atlas;
import warmfront.routing.Gazetteer;
import warmfront.routing.TerrainFiles;
import warmfront.routing.place.SpotDatabase;
import warmfront.snapshot.Entry;
import warmfront.snapshot.Snapshot;

/**
 * Where viewers are, for an edge: by the operator's tables, or those of the build. The table of
 * autonomous systems is large and is read when a distribution first asks for it; cities are looked
 * up in their file. Thread-safe; pictures come one after the other.
 */
final class EdgeAtlas implements Atlas, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EdgeAtlas.class);

  private final TerrainFiles.Tables tables;
  private final Optional<SpotDatabase> spots;
  private volatile Gazetteer gazetteer;
  private boolean hasSystems;

  private EdgeAtlas(TerrainFiles.Tables tables, Optional<SpotDatabase> spots, Gazetteer gazetteer) {
    this.tables = tables;
    this.spots = spots;
    this.gazetteer = gazetteer;
  }

  /**
   * Opens the tables of a process that has that of countries already.
   *
   * @param kept where it is kept what was made of tables
   */
  static EdgeAtlas open(Config config, Path kept, Gazetteer countries) {
    return new EdgeAtlas(tables(config, kept), spots(config), countries);
  }

  /** Opens the tables of a process that has none yet. */
  static EdgeAtlas open(Config config, Path kept) {
    return open(config, kept, Gazetteer.read(tables(config, kept)));
  }

  private static TerrainFiles.Tables tables(Config config, Path kept) {
    return new TerrainFiles.Tables(
        Tables.systems(config),
        config.maps().cities(),
        Tables.countries(config),
        Optional.of(kept));
  }

  private static Optional<SpotDatabase> spots(Config config) {
    Optional<Path> file = config.maps().cities();
    try {
      return file.isPresent() ? Optional.of(SpotDatabase.open(file.get())) : Optional.empty();
    } catch (IOException unreadable) {
      LOG.warn("THE TABLE {} CANNOT BE READ", file.get(), unreadable);
      return Optional.empty();
    }
  }

  /**
   * Takes what the distributions ask for, before it is served.
   *
   * @param changes what changed since the last picture; empty for all of it
   */
  void apply(Snapshot picture, List<Entry> changes) {
    if (!hasSystems && asksForSystems(picture, changes)) {
      hasSystems = true;
      gazetteer = gazetteer.withSystems(tables);
    }
  }

  private static boolean asksForSystems(Snapshot picture, List<Entry> changes) {
    boolean all =
        changes.isEmpty()
            || changes.stream().anyMatch(one -> one.kind() == Kind.ORIGIN_REQUEST_POLICY);
    Stream<Distribution> sites =
        all
            ? picture.all(Kind.DISTRIBUTION, Distribution.class).stream()
            : changes.stream()
                .flatMap(one -> one.value().stream())
                .filter(Distribution.class::isInstance)
                .map(Distribution.class::cast);
    return sites
        .flatMap(one -> Stream.concat(Stream.of(one.defaultBehavior()), one.behaviors().stream()))
        .flatMap(one -> one.options().originRequestPolicyId().stream())
        .distinct()
        .flatMap(id -> picture.find(Kind.ORIGIN_REQUEST_POLICY, id).stream())
        .anyMatch(found -> namesSystems((OriginRequestPolicy) found.resource()));
  }

  private static boolean namesSystems(OriginRequestPolicy policy) {
    return policy.headerNames().stream()
        .anyMatch(CloudFrontHeader.VIEWER_ASN.title()::equalsIgnoreCase);
  }

  @Override
  public Optional<String> country(InetAddress address) {
    return gazetteer.country(address);
  }

  @Override
  public int system(InetAddress address) {
    return gazetteer.system(address);
  }

  @Override
  public Spot spot(InetAddress address) {
    return spots.flatMap(database -> find(database, address)).orElse(Spot.UNKNOWN);
  }

  private static Optional<Spot> find(SpotDatabase database, InetAddress address) {
    try {
      return database.find(address).map(EdgeAtlas::spot);
    } catch (IOException broken) {
      LOG.debug("the database of cities is broken: {}", broken.getMessage());
      return Optional.empty();
    }
  }

  private static Spot spot(SpotDatabase.Spot found) {
    return new Spot(
        found.city(),
        found.region(),
        found.regionName(),
        found.latitude(),
        found.longitude(),
        found.metro(),
        found.postalCode(),
        found.timeZone());
  }

  @Override
  public void close() throws IOException {
    if (spots.isPresent()) {
      spots.get().close();
    }
  }
}
