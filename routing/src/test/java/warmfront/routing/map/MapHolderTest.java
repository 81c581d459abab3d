package warmfront.routing.map;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.routing.latency.Ranges;
import warmfront.rtt.Family;
import warmfront.rtt.MapEdition;
import warmfront.rtt.MapTaker.Taken;

final class MapHolderTest {
  @TempDir private Path folder;
  private final List<Long> answered = new ArrayList<>();

  private MapHolder holder() {
    return new MapHolder(Optional.of(folder), map -> answered.add(map.head().version()));
  }

  private static LatencyMap map(long version) {
    CandidateList.Maker maker = new CandidateList.Maker();
    maker.add(0, (int) version, 0);
    CandidateList list = maker.made(CandidateList.Word.NONE, 0);
    Ranges.Maker ranges = new Ranges.Maker(Family.IPV4);
    ranges.until(version, 0);
    return LatencyMap.of(
        new LatencyMap.Head(version, 1, 1, List.of("AAA")),
        List.of(list),
        ranges.made(),
        Ranges.none(Family.IPV6));
  }

  @Test
  void newer_maps_are_taken_and_older_ones_refused() {
    MapHolder holder = holder();

    assertThat(holder.version()).isZero();
    assertThat(holder.take(map(5).edition())).isEqualTo(new Taken.Answered());
    assertThat(holder.take(map(4).edition())).isInstanceOf(Taken.Refused.class);
    assertThat(holder.take(map(5).edition())).isInstanceOf(Taken.Refused.class);
    assertThat(holder.take(map(9).edition())).isEqualTo(new Taken.Answered());
    assertThat(answered).containsExactly(5L, 9L);
  }

  @Test
  void a_change_needs_the_map_that_it_changes() {
    MapHolder holder = holder();
    LatencyMap six = new LatencyMapOf(map(5)).version(6);
    MapEdition change = MapChange.between(map(5), six).orElseThrow();

    Taken early = holder.take(change);
    holder.take(map(5).edition());

    assertThat(((Taken.Refused) early).wantsWhole()).isTrue();
    assertThat(holder.take(change)).isEqualTo(new Taken.Answered());
    assertThat(holder.version()).isEqualTo(6);
  }

  private record LatencyMapOf(LatencyMap map) {
    LatencyMap version(long version) {
      LatencyMap.Head old = map.head();
      return LatencyMap.of(
          new LatencyMap.Head(version, old.topology(), old.createdMillis(), old.locations()),
          map.lists(),
          map.ranges(Family.IPV4),
          map.ranges(Family.IPV6));
    }
  }

  @Test
  void what_is_not_sound_is_refused_and_the_old_map_stays() {
    MapHolder holder = holder();
    holder.take(map(5).edition());
    byte[] damaged = new byte[map(6).edition().content().remaining()];
    map(6).edition().content().get(damaged);
    damaged[20] ^= 1;

    Taken taken = holder.take(new MapEdition(6, 0, ByteBuffer.wrap(damaged)));
    Taken mislabelled = holder.take(new MapEdition(8, 0, map(7).edition().content()));

    assertThat(((Taken.Refused) taken).wantsWhole()).isTrue();
    assertThat(mislabelled).isInstanceOf(Taken.Refused.class);
    assertThat(holder.version()).isEqualTo(5);
    assertThat(answered).containsExactly(5L);
  }

  @Test
  void the_last_map_is_there_at_the_next_start_and_a_damaged_one_gives_way() throws IOException {
    MapHolder holder = holder();
    holder.take(map(5).edition());
    holder.take(map(6).edition());
    holder.take(map(7).edition());
    assertThat(holder().version()).isEqualTo(7);
    assertThat(holder().held().orElseThrow().checksum()).isEqualTo(map(7).checksum());

    byte[] newest = Files.readAllBytes(folder.resolve("latency.map"));
    newest[30] ^= 1;
    Files.write(folder.resolve("latency.map"), newest);
    assertThat(holder().version()).isEqualTo(6);

    Files.delete(folder.resolve("latency.map"));
    Files.write(folder.resolve("latency.map.before"), new byte[3]);
    assertThat(holder().version()).isZero();
    assertThat(answered).containsExactly(5L, 6L, 7L);
  }

  @Test
  void a_folder_that_cannot_be_written_costs_no_answer() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    MapHolder holder = new MapHolder(Optional.of(file), map -> answered.add(map.head().version()));

    assertThat(holder.take(map(5).edition())).isEqualTo(new Taken.Answered());
    assertThat(holder.version()).isEqualTo(5);
  }
}
