package warmfront.app;

import static java.util.stream.Collectors.toMap;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import warmfront.app.config.Config;
import warmfront.app.operator.Figures;
import warmfront.app.operator.Part;
import warmfront.control.maps.Maker;
import warmfront.control.maps.MapDesk;
import warmfront.distribution.Location;
import warmfront.routing.TerrainFiles;
import warmfront.routing.map.MapCounts;
import warmfront.routing.map.MapLimits;
import warmfront.routing.map.MapMaker;
import warmfront.rtt.Family;
import warmfront.rtt.Prefix;
import warmfront.rtt.RttReport;
import warmfront.time.Clock;

/**
 * Makes latency maps for a control plane, with the tables of the operator's. The tables are read
 * when the first map is due, and by the process that makes maps alone.
 */
final class MapMaking implements Part {
  private static final String STATE = "latency-map.state";

  private final Config config;
  private final DataDirectory data;
  private final Clock clock;
  private volatile OperatorWord word;
  private volatile @Nullable MapMaker maker;

  MapMaking(Config config, DataDirectory data, Clock clock) {
    this.config = config;
    this.data = data;
    this.clock = clock;
    this.word = new OperatorWord(config.maps());
  }

  /** Returns what the control plane is told; empty if it is to make no maps. */
  Optional<MapDesk.Options> options() {
    Config.Maps maps = config.maps();
    return maps.made()
        ? Optional.of(
            new MapDesk.Options(
                this::open,
                data.path().resolve(STATE),
                word.isGiven(),
                MapDesk.Timing.of(maps.paced(maps.window()))))
        : Optional.empty();
  }

  private Maker open() {
    TerrainFiles.Tables tables =
        new TerrainFiles.Tables(
            Tables.systems(config),
            config.maps().cities(),
            Tables.countries(config),
            Optional.of(data.path()));
    MapMaker opened =
        new MapMaker(
            TerrainFiles.read(tables), MapLimits.DEFAULT, clock.faster(config.maps().pace()));
    // A new maker has heard nothing yet: it is told all of the operator's word, not what changed.
    OperatorWord all = new OperatorWord(config.maps());
    word = all;
    maker = opened;
    return new Made(opened, all);
  }

  /** Returns how many samples the range of a viewer has of each location; empty if none. */
  Map<String, Double> samples(InetAddress viewer) {
    MapMaker making = maker;
    if (making == null) {
      return Map.of();
    }
    Family family = viewer instanceof Inet4Address ? Family.IPV4 : Family.IPV6;
    long bits = Prefix.firstBits(viewer) & (-1L << (Long.SIZE - family.measuredLength()));
    return making.known(new Prefix(family, bits, family.measuredLength())).stream()
        .filter(known -> known.samples() > 0)
        .collect(toMap(MapMaker.Known::location, MapMaker.Known::samples));
  }

  @Override
  public String name() {
    return "map-maker";
  }

  @Override
  public List<String> notes() {
    return word.fault().stream().toList();
  }

  @Override
  public void figures(Figures out) {
    MapMaker making = maker;
    if (making == null) {
      return;
    }
    MapCounts now = making.counts();
    out.gauge("warmfront_map_prefixes", "Ranges of viewers remembered.", now.prefixes());
    out.gauge("warmfront_map_systems", "Autonomous systems remembered.", now.systems());
    out.counter("warmfront_map_prefixes_evicted", "Ranges forgotten for others.", now.evicted());
    out.counter("warmfront_map_moved", "Ranges given another location.", now.moved());
    out.counter("warmfront_map_rollbacks", "Maps taken back.", now.rollbacks());
    out.counter("warmfront_map_rows", "Rows of reports believed.", now.rows());
    out.counter("warmfront_map_rows_too_fast", "Rows faster than light.", now.rowsTooFast());
    if (!Double.isNaN(now.nearShare())) {
      out.gauge(
          "warmfront_map_near_ratio",
          "Share of viewers at a location within 5 ms of their best.",
          now.nearShare());
    }
  }

  @Override
  public Map<String, Object> status() {
    MapMaker making = maker;
    Map<String, Object> status = new LinkedHashMap<>();
    if (making != null) {
      MapCounts now = making.counts();
      status.put("prefixes", now.prefixes());
      status.put("systems", now.systems());
      if (!Double.isNaN(now.nearShare())) {
        status.put("within5ms", Math.round(now.nearShare() * 1000) / 1000.0);
      }
    }
    return status;
  }

  /** A maker of maps as the control plane knows it. */
  private record Made(MapMaker maker, OperatorWord word) implements Maker {
    @Override
    public void take(RttReport report) {
      maker.take(report);
    }

    @Override
    public Optional<Maker.Made> make(List<Location> locations, Map<String, Double> loadGbps) {
      word.changed().ifPresent(maker::obey);
      return maker
          .make(locations, loadGbps)
          .map(made -> new Maker.Made(made.whole(), made.change()));
    }

    @Override
    public long version() {
      return maker.version();
    }

    @Override
    public void startAfter(long version) {
      maker.startAfter(version);
    }

    @Override
    public void save(OutputStream out) throws IOException {
      maker.save(out);
    }

    @Override
    public void restore(InputStream in) throws IOException {
      maker.restore(in);
    }
  }
}
