package warmfront.routing.map;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When which location of a list is explored. */
final class CandidateListTest {
  /** The first of four is answered, the second and the fourth are explored. */
  private static CandidateList list(int sharePerMille) {
    CandidateList.Maker maker = new CandidateList.Maker();
    for (int location = 0; location < 4; location++) {
      maker.add(location, 100, location % 2 == 1, true, false);
    }
    return maker.made(CandidateList.Word.NONE, sharePerMille);
  }

  @Test
  void one_slot_of_so_many_is_explored_and_locations_take_turns() {
    CandidateList list = list(30);
    List<Integer> ranks = new ArrayList<>();
    for (int turn = 0; turn < 100; turn++) {
      int before = ranks.size();
      for (int slot = 0; slot < 33; slot++) {
        int rank = list.explored(0xc000_0200_0000_0000L, turn * 33L + slot);
        if (rank != 0) {
          ranks.add(rank);
        }
      }
      assertThat(ranks).hasSize(before + 1);
    }
    assertThat(ranks.subList(0, 4)).containsExactly(1, 3, 1, 3);
  }

  @Test
  void ranges_have_slots_of_their_own() {
    CandidateList list = list(2);
    int same = 0;
    for (int slot = 0; slot < 50_000; slot++) {
      same += list.explored(1L << 40, slot) != 0 && list.explored(1L << 41, slot) != 0 ? 1 : 0;
    }
    assertThat(same).isLessThan(10); // of a hundred
  }

  @Test
  void nothing_is_explored_without_a_share() {
    CandidateList list = list(0);
    for (int slot = 0; slot < 2000; slot++) {
      assertThat(list.explored(7, slot)).isZero();
    }
  }
}
