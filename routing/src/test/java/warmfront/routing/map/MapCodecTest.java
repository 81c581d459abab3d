package warmfront.routing.map;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import warmfront.routing.latency.Ranges;
import warmfront.rtt.Family;
import warmfront.rtt.MapEdition;

final class MapCodecTest {
  private static final List<String> CODES = List.of("AAA", "BBB", "", "CCC");

  /** Returns a map that says nothing. */
  static LatencyMap empty() {
    return LatencyMap.of(
        new LatencyMap.Head(1, 77, 1, CODES),
        List.of(),
        Ranges.none(Family.IPV4),
        Ranges.none(Family.IPV6));
  }

  private static LatencyMap map(long version, Random random, List<CandidateList> lists) {
    return LatencyMap.of(
        new LatencyMap.Head(version, 77, 1_700_000_000_000L, CODES),
        lists,
        ranges(Family.IPV4, random, lists.size()),
        ranges(Family.IPV6, random, lists.size()));
  }

  private static Ranges ranges(Family family, Random random, int lists) {
    Ranges.Maker maker = new Ranges.Maker(family);
    long at = 0;
    for (int i = 0; i < 40; i++) {
      at += random.nextLong(family.units() / 40);
      maker.until(at, random.nextInt(lists + 1) - 1);
    }
    return maker.made();
  }

  private static List<CandidateList> lists(Random random, int count) {
    List<CandidateList> lists = new ArrayList<>();
    CandidateList.Maker maker = new CandidateList.Maker();
    for (int i = 0; i < count; i++) {
      for (int j = random.nextInt(5); j >= 0; j--) {
        maker.add(random.nextInt(4), random.nextInt(256), random.nextInt(8));
      }
      CandidateList.Word[] words = CandidateList.Word.values();
      lists.add(maker.made(words[random.nextInt(words.length)], random.nextInt(31)));
    }
    return lists;
  }

  private static LatencyMap sound(LatencyMap.Read read) {
    assertThat(read).isInstanceOf(LatencyMap.Read.Sound.class);
    return ((LatencyMap.Read.Sound) read).map();
  }

  @Test
  void what_is_written_is_read() {
    for (int seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      LatencyMap map = map(9, random, lists(random, 1 + random.nextInt(20)));

      LatencyMap read = sound(LatencyMap.read(map.edition().content()));

      assertThat(read.head()).isEqualTo(map.head());
      assertThat(read.lists()).as("seed %d", seed).isEqualTo(map.lists());
      for (Family family : Family.values()) {
        assertThat(read.ranges(family).sameAs(map.ranges(family))).as("seed %d", seed).isTrue();
      }
    }
  }

  @Test
  void a_change_makes_the_very_bytes_of_the_next_map() {
    for (int seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      List<CandidateList> lists = lists(random, 5);
      LatencyMap from = map(9, random, lists);
      List<CandidateList> more = new ArrayList<>(lists);
      more.addAll(lists(random, random.nextInt(5)));
      LatencyMap to = map(10, random, more);

      MapEdition change = MapChange.between(from, to).orElseThrow();
      LatencyMap made = sound(from.with(change.content()));

      assertThat(change.base()).isEqualTo(9);
      assertThat(made.edition().content()).as("seed %d", seed).isEqualTo(to.edition().content());
    }
  }

  @Test
  void little_change_is_little_to_send() {
    Random random = new Random(3);
    List<CandidateList> lists = lists(random, 2);
    Ranges.Maker maker = new Ranges.Maker(Family.IPV4);
    for (int i = 1; i < 100_000; i++) {
      maker.until(i, i % 2);
    }
    Ranges all = maker.made();
    Ranges.Maker one = new Ranges.Maker(Family.IPV4);
    one.until(5_000, Ranges.NONE);
    one.until(5_003, 1);
    LatencyMap.Head head = new LatencyMap.Head(1, 1, 1, CODES);
    Ranges none = Ranges.none(Family.IPV6);
    LatencyMap from = LatencyMap.of(head, lists, all, none);
    LatencyMap to =
        LatencyMap.of(new LatencyMap.Head(2, 1, 1, CODES), lists, one.made().over(all), none);

    MapEdition change = MapChange.between(from, to).orElseThrow();

    assertThat(from.edition().content().remaining()).isGreaterThan(100_000);
    assertThat(change.content().remaining()).isLessThan(200);
    assertThat(sound(from.with(change.content())).hasChecksum(to.checksum())).isTrue();
  }

  @Test
  void a_change_of_another_map_is_told() {
    Random random = new Random(4);
    List<CandidateList> lists = lists(random, 5);
    LatencyMap from = map(9, random, lists);
    MapEdition change = MapChange.between(from, map(10, random, lists)).orElseThrow();

    LatencyMap.Read read = map(9, random, lists).with(change.content());

    assertThat(read).isInstanceOf(LatencyMap.Read.Unsound.class);
    assertThat(((LatencyMap.Read.Unsound) read).otherBase()).isTrue();
    assertThat(MapChange.between(from, map(10, random, lists(random, 5)))).isEmpty();
  }

  @Test
  void what_is_damaged_anywhere_is_refused() {
    Random random = new Random(5);
    List<CandidateList> lists = lists(random, 3);
    LatencyMap map = map(9, random, lists);
    byte[] whole = bytes(map.edition().content());
    byte[] change = bytes(MapChange.between(map, map(10, random, lists)).orElseThrow().content());
    for (int at = 0; at < whole.length; at++) {
      byte[] flipped = whole.clone();
      flipped[at] ^= 1;
      assertThat(LatencyMap.read(ByteBuffer.wrap(flipped)))
          .isInstanceOf(LatencyMap.Read.Unsound.class);
      assertThat(LatencyMap.read(ByteBuffer.wrap(whole, 0, at)))
          .isInstanceOf(LatencyMap.Read.Unsound.class);
    }
    for (int at = 0; at < change.length; at++) {
      byte[] flipped = change.clone();
      flipped[at] ^= 1;
      assertThat(map.with(ByteBuffer.wrap(flipped))).isInstanceOf(LatencyMap.Read.Unsound.class);
    }
  }

  @Test
  void what_has_a_right_checksum_and_makes_no_sense_is_refused() {
    Random random = new Random(6);
    byte[] whole = bytes(map(9, random, lists(random, 3)).edition().content());
    for (int round = 0; round < 5_000; round++) {
      int length = whole.length - MapCodec.CHECKSUM_BYTES;
      Packer out = new Packer(whole.length);
      for (int i = 0; i < length; i++) {
        out.octet(random.nextInt(length) < 3 ? random.nextInt() : whole[i]);
      }
      // No exception leaves the reader, whatever it is given.
      assertThat(LatencyMap.read(MapCodec.sealed(out))).isNotNull();
    }
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
