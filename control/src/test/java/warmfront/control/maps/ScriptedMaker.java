package warmfront.control.maps;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import warmfront.distribution.Location;
import warmfront.rtt.MapEdition;
import warmfront.rtt.RttReport;

/** A maker whose maps say what it was told. */
final class ScriptedMaker implements Maker {
  private final List<String> told = new ArrayList<>();
  private final int padding;
  private long version;
  private boolean follows;
  private int said;
  private int asked;
  private Map<String, Double> loads = Map.of();

  /** Makes one whose maps have so many bytes more. */
  ScriptedMaker(int padding) {
    this.padding = padding;
  }

  @Override
  public void take(RttReport report) {
    told.add(report.serverId() + "@" + report.location() + ":" + report.rows().size());
  }

  @Override
  public Optional<Made> make(List<Location> locations, Map<String, Double> loadGbps) {
    asked++;
    loads = loadGbps;
    if (said == told.size()) {
      return Optional.empty();
    }
    said = told.size();
    long before = version++;
    boolean change = follows;
    follows = true;
    MapEdition whole = new MapEdition(version, 0, content(locations.size() + " " + told));
    return Optional.of(
        new Made(
            whole,
            change
                ? Optional.of(new MapEdition(version, before, content(told.getLast())))
                : Optional.empty()));
  }

  private ByteBuffer content(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(bytes.length + padding).put(bytes).rewind();
  }

  /** Returns what a map says. */
  static String text(MapEdition edition) {
    return StandardCharsets.UTF_8.decode(edition.content()).toString().strip().replace("\0", "");
  }

  /** Returns how often a map was asked for. */
  int asked() {
    return asked;
  }

  /** Returns the loads that it was told with the last call for a map. */
  Map<String, Double> loads() {
    return loads;
  }

  List<String> told() {
    return List.copyOf(told);
  }

  @Override
  public long version() {
    return version;
  }

  @Override
  public void startAfter(long after) {
    follows &= version >= after;
    version = Math.max(version, after);
  }

  @Override
  public void save(OutputStream to) throws IOException {
    DataOutputStream out = new DataOutputStream(to);
    out.writeLong(version);
    out.writeUTF(String.join(",", told));
  }

  @Override
  public void restore(InputStream from) throws IOException {
    DataInputStream in = new DataInputStream(from);
    version = in.readLong();
    told.clear();
    told.addAll(List.of(in.readUTF().split(",", -1)));
    said = told.size();
    follows = true;
  }
}
