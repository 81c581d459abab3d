package warmfront.app;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.app.config.Config;
import warmfront.distribution.Behavior;
import warmfront.distribution.CloudFrontHeader;
import warmfront.distribution.Distribution;
import warmfront.distribution.Kind;
import warmfront.distribution.OriginRequestPolicy;
import warmfront.edge.step.Atlas;
import warmfront.routing.Gazetteer;
import warmfront.routing.TerrainFiles;
import warmfront.routing.place.SpotDatabase;
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

  /** Takes what the distributions ask for, before it is served. */
  void apply(Snapshot picture) {
    if (!hasSystems && asksForSystems(picture)) {
      hasSystems = true;
      gazetteer = gazetteer.withSystems(tables);
    }
  }

  private static boolean asksForSystems(Snapshot picture) {
    Set<String> asking =
        picture.all(Kind.ORIGIN_REQUEST_POLICY, OriginRequestPolicy.class).stream()
            .filter(EdgeAtlas::namesSystems)
            .map(OriginRequestPolicy::id)
            .collect(Collectors.toSet());
    return picture.all(Kind.DISTRIBUTION, Distribution.class).stream()
        .flatMap(one -> Stream.concat(Stream.of(one.defaultBehavior()), one.behaviors().stream()))
        .map(Behavior::options)
        .flatMap(options -> options.originRequestPolicyId().stream())
        .anyMatch(asking::contains);
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
