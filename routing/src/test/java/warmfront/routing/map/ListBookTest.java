package warmfront.routing.map;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Lists are numbered, and told to be near, as by comparing them one by one. */
final class ListBookTest {
  private static final CandidateList.Word[] WORDS = CandidateList.Word.values();

  /** Fills a maker with one of not too many lists, so that equal ones come again and again. */
  private static void fill(CandidateList.Maker maker, Random random) {
    maker.begin();
    int first = random.nextInt(3);
    for (int i = random.nextInt(4); i >= 0; i--) {
      maker.add(first + i, 20 + random.nextInt(3), 2 * random.nextInt(2));
    }
    maker.end(WORDS[random.nextInt(2)], 30 * random.nextInt(2));
  }

  @Test
  void equal_lists_are_one_and_keep_their_number() {
    Random random = new Random(1);
    ListBook book = new ListBook();
    CandidateList.Maker maker = new CandidateList.Maker();
    for (int twice = 0; twice < 2; twice++) {
      Map<CandidateList, Integer> naive = new HashMap<>();
      for (int round = 0; round < 20_000; round++) {
        fill(maker, random);
        CandidateList list = maker.made();

        int number = book.number(maker);

        assertThat(number).isEqualTo(naive.computeIfAbsent(list, _ -> naive.size()));
        assertThat(book.list(number)).isEqualTo(list);
      }
      assertThat(naive.size()).isGreaterThan(2_000);
      assertThat(book.lists()).hasSize(naive.size());
      ListBook other = new ListBook();
      other.restore(List.copyOf(book.lists()));
      fill(maker, random);
      assertThat(other.number(maker)).isEqualTo(book.number(maker));
      book.clear();
    }
  }

  @Test
  void a_list_is_near_if_it_says_the_same_of_the_same_locations() {
    Random random = new Random(2);
    CandidateList.Maker maker = new CandidateList.Maker();
    List<CandidateList> olds = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      fill(maker, random);
      olds.add(maker.made());
    }
    int near = 0;
    for (CandidateList old : olds) {
      for (CandidateList fresh : olds) {
        again(maker, fresh, random);
        CandidateList shuffled = maker.made();

        boolean isNear = maker.isNear(old);

        assertThat(isNear).isEqualTo(isNear(old, shuffled));
        near += isNear ? 1 : 0;
      }
    }
    assertThat(near).isBetween(500, 10_000);
    again(maker, CandidateList.EMPTY, random);
    assertThat(maker.isNear(CandidateList.EMPTY)).isFalse();
  }

  /** Says a list once more, at times with two of its locations in the other order. */
  private static void again(CandidateList.Maker maker, CandidateList list, Random random) {
    List<Integer> ranks = new ArrayList<>(IntStream.range(0, list.size()).boxed().toList());
    if (list.size() > 2) {
      int swapped = random.nextInt(list.size() - 1);
      Collections.swap(ranks, swapped, swapped + random.nextInt(2));
    }
    maker.begin();
    for (int rank : ranks) {
      maker.add(list.location(rank), list.step(rank), list.flags(rank));
    }
    maker.end(list.word(), list.sharePerMille());
  }

  private static boolean isNear(CandidateList old, CandidateList fresh) {
    Map<Integer, Integer> ranks = new HashMap<>();
    for (int rank = 0; rank < fresh.size(); rank++) {
      ranks.put(fresh.location(rank), rank);
    }
    boolean near =
        old.word() == fresh.word()
            && old.sharePerMille() == fresh.sharePerMille()
            && old.size() == fresh.size()
            && old.location(0) == fresh.location(0);
    for (int rank = 0; near && rank < old.size(); rank++) {
      int other = ranks.getOrDefault(old.location(rank), -1);
      near =
          other >= 0
              && old.flags(rank) == fresh.flags(other)
              && Math.abs(old.step(rank) - fresh.step(other)) <= 1;
    }
    return near;
  }
}
