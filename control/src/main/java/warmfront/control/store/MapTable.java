package warmfront.control.store;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import warmfront.rtt.MapEdition;

/**
 * What is kept of latency maps, within one transaction: measurements until a map is made of them,
 * the newest map, and the last changes that led to it. Confined to the transaction's thread.
 */
public final class MapTable {
  /** What a row of measurements takes beside its content, in bytes; about. */
  private static final int ROW_BYTES = 1 << 10;

  /**
   * Measurements that wait.
   *
   * @param serverId the server that measured
   * @param location where
   * @param rows as {@link warmfront.rtt.RttCodec} writes them; read-only
   */
  public record Waiting(String serverId, String location, ByteBuffer rows) {
    public Waiting {
      rows = rows.asReadOnlyBuffer();
    }
  }

  /**
   * The oldest measurements.
   *
   * @param reports in the order in which they came
   * @param upTo what to {@link #removeReports} once they are taken in
   */
  public record Oldest(List<Waiting> reports, long upTo) {
    public Oldest {
      reports = List.copyOf(reports);
    }
  }

  /**
   * Which edition is the newest.
   *
   * @param version its version
   * @param created when it was made, by its maker's clock
   */
  public record Newest(long version, Instant created) {}

  private final Handle handle;
  private final boolean writes;

  MapTable(Handle handle, boolean writes) {
    this.handle = handle;
    this.writes = writes;
  }

  /**
   * Adds measurements.
   *
   * @param bytesMax most bytes that wait; beyond, the oldest are lost
   * @return how many were lost
   */
  public int addReports(List<Waiting> reports, long bytesMax) {
    requireWriting();
    for (Waiting report : reports) {
      handle.execute(
          "insert into rtt_report (place, server, location, bytes, content) values"
              + " ((select coalesce(max(place), 0) + 1 from rtt_report), ?, ?, ?, ?)",
          report.serverId(),
          report.location(),
          (long) report.rows().remaining() + ROW_BYTES,
          bytes(report.rows()));
    }
    long over =
        handle.select("select coalesce(sum(bytes), 0) from rtt_report").mapTo(Long.class).one()
            - bytesMax;
    return over > 0 ? removeOldest(over) : 0;
  }

  private int removeOldest(long bytes) {
    long left = bytes;
    long upTo = 0;
    List<long[]> oldest =
        handle
            .select("select place, bytes from rtt_report order by place")
            .map((row, _) -> new long[] {row.getLong("place"), row.getLong("bytes")})
            .list();
    for (long[] row : oldest) {
      if (left <= 0) {
        break;
      }
      upTo = row[0];
      left -= row[1];
    }
    return handle.execute("delete from rtt_report where place <= ?", upTo);
  }

  /** Returns the measurements that wait longest, {@code max} at most. */
  public Oldest oldestReports(int max) {
    List<Waiting> reports = new ArrayList<>();
    long[] upTo = new long[1];
    handle
        .select("select * from rtt_report order by place limit ?", max)
        .map((row, _) -> {
          upTo[0] = row.getLong("place");
          return new Waiting(
              row.getString("server"),
              row.getString("location"),
              ByteBuffer.wrap(row.getBytes("content")));
        })
        .forEach(reports::add);
    return new Oldest(reports, upTo[0]);
  }

  /** Removes measurements that were taken in. */
  public void removeReports(long upTo) {
    requireWriting();
    handle.execute("delete from rtt_report where place <= ?", upTo);
  }

  /** Returns the newest edition. */
  public Optional<Newest> newest() {
    return handle
        .select("select version, created from map_edition order by version desc limit 1")
        .map((row, _) ->
            new Newest(row.getLong("version"), Instant.ofEpochMilli(row.getLong("created"))))
        .findOne();
  }

  /** Writes a part of an edition, which nobody reads before {@link #show}. */
  public void putPart(long version, long base, int part, ByteBuffer content) {
    requireWriting();
    handle.execute(
        "delete from map_part where version = ? and base = ? and part = ?", version, base, part);
    handle.execute(
        "insert into map_part (version, base, part, content) values (?, ?, ?, ?)",
        version,
        base,
        part,
        bytes(content));
  }

  /** Has an edition read from now on, all parts of which are there. */
  public void show(long version, long base, Instant created) {
    requireWriting();
    handle.execute(
        "insert into map_edition (version, base, created) values (?, ?, ?)",
        version,
        base,
        created.toEpochMilli());
  }

  /**
   * Removes whole maps before a version, changes before another, and parts of what was never shown.
   */
  public void prune(long wholeFrom, long changesFrom) {
    requireWriting();
    for (String table : List.of("map_edition", "map_part")) {
      handle.execute("delete from " + table + " where base = 0 and version < ?", wholeFrom);
      handle.execute("delete from " + table + " where base > 0 and version < ?", changesFrom);
    }
    handle.execute(
        "delete from map_part where version < ? and not exists (select 1 from map_edition e"
            + " where e.version = map_part.version and e.base = map_part.base)",
        wholeFrom);
  }

  /** Returns the editions that are shown, those with changes first, in ascending order. */
  public List<MapEdition> editions(long changesAfter) {
    List<MapEdition> all = new ArrayList<>();
    handle
        .select(
            "select version, base from map_edition where base = 0 or version > ?"
                + " order by base = 0, version",
            changesAfter)
        .map((row, _) -> new long[] {row.getLong("version"), row.getLong("base")})
        .forEach(key -> all.add(new MapEdition(key[0], key[1], content(key[0], key[1]))));
    return List.copyOf(all);
  }

  private ByteBuffer content(long version, long base) {
    List<byte[]> parts =
        handle
            .select(
                "select content from map_part where version = ? and base = ? order by part",
                version,
                base)
            .mapTo(byte[].class)
            .list();
    ByteBuffer whole = ByteBuffer.allocate(parts.stream().mapToInt(part -> part.length).sum());
    parts.forEach(whole::put);
    return whole.flip();
  }

  private static byte[] bytes(ByteBuffer content) {
    byte[] exact = new byte[content.remaining()];
    content.duplicate().get(exact);
    return exact;
  }

  private void requireWriting() {
    if (!writes) {
      throw new IllegalStateException("this transaction only reads");
    }
  }
}
