package warmfront.routing.map;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import warmfront.routing.latency.Ranges;
import warmfront.rtt.Family;
import warmfront.rtt.MapEdition;

/** What an edition says: for each range of viewers, the locations in their order. Immutable. */
public final class LatencyMap {
  /**
   * What a map is, besides its ranges.
   *
   * @param version grows with each map
   * @param topology a hash of the locations and their places for which it was made
   * @param createdMillis when it was made, in milliseconds since 1970
   * @param locations codes; lists name them by their index
   */
  public record Head(long version, long topology, long createdMillis, List<String> locations) {
    public Head {
      locations = List.copyOf(locations);
    }
  }

  /** What came of reading an edition. */
  public sealed interface Read {
    /** It is sound. */
    record Sound(LatencyMap map) implements Read {}

    /**
     * It is not, or it is of a form that this program does not know.
     *
     * @param reason why, for people
     * @param otherBase whether it is a change of another map than the one given
     */
    record Unsound(String reason, boolean otherBase) implements Read {}
  }

  private final Head head;
  private final List<CandidateList> lists;
  private final Ranges ipv4;
  private final Ranges ipv6;
  private final ByteBuffer whole;

  private LatencyMap(
      Head head, List<CandidateList> lists, Ranges ipv4, Ranges ipv6, ByteBuffer whole) {
    this.head = head;
    this.lists = lists;
    this.ipv4 = ipv4;
    this.ipv6 = ipv6;
    this.whole = whole;
  }

  /** Makes a map; a value of the ranges is an index into the lists. */
  static LatencyMap of(Head head, List<CandidateList> lists, Ranges ipv4, Ranges ipv6) {
    List<CandidateList> own = List.copyOf(lists);
    return new LatencyMap(head, own, ipv4, ipv6, MapCodec.write(head, own, ipv4, ipv6));
  }

  static LatencyMap read(
      Head head, List<CandidateList> lists, Ranges ipv4, Ranges ipv6, ByteBuffer whole) {
    return new LatencyMap(head, List.copyOf(lists), ipv4, ipv6, whole);
  }

  /** Reads a whole map. */
  public static Read read(ByteBuffer whole) {
    return MapCodec.read(whole);
  }

  /** Returns what a change makes of this map. */
  public Read with(ByteBuffer change) {
    return MapChange.apply(this, change);
  }

  /** Returns it as it travels, for anyone. */
  public MapEdition edition() {
    return new MapEdition(head.version(), 0, whole);
  }

  /** Returns what is said of it. */
  public Head head() {
    return head;
  }

  /** Returns the lists; a value of {@link #ranges} is an index into it. */
  public List<CandidateList> lists() {
    return lists;
  }

  /** Returns which list is for which unit of a family. */
  public Ranges ranges(Family family) {
    return family == Family.IPV4 ? ipv4 : ipv6;
  }

  /** Returns the SHA-256 that ends its whole form. */
  byte[] checksum() {
    byte[] sum = new byte[MapCodec.CHECKSUM_BYTES];
    whole.get(whole.limit() - sum.length, sum);
    return sum;
  }

  boolean hasChecksum(byte[] sum) {
    return Arrays.equals(checksum(), sum);
  }

  @Override
  public String toString() {
    return "map %d of %d lists, %s"
        .formatted(
            head.version(), lists.size(), HexFormat.of().formatHex(checksum()).substring(0, 12));
  }
}
