package warmfront.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import warmfront.distribution.Kind;
import warmfront.distribution.Lapse;
import warmfront.snapshot.Chain;
import warmfront.snapshot.Entry;
import warmfront.snapshot.Snapshot;
import warmfront.snapshot.Subscriber;
import warmfront.snapshot.Subscriber.Verdict;

/** Several servers of the fleet that are one edge. */
final class SharedTest {
  private static final Verdict APPLIED = new Verdict.Applied();

  private final List<Long> taken = new ArrayList<>();
  private final Shared shared =
      new Shared((next, changes) -> {
        Optional<Snapshot.Versioned> bad = next.find(Kind.LAPSE, "bad");
        if (bad.isPresent()) {
          return new Verdict.Rejected(bad.get().revision(), "cannot be obeyed");
        }
        taken.add(next.revision());
        return new Verdict.Applied();
      });

  @Test
  void a_picture_is_brought_to_the_edge_by_whoever_has_it_first() {
    Entry one = entry(1, "a");
    Entry two = entry(2, "b");
    Snapshot first = Snapshot.empty().after(one);
    Snapshot second = first.after(two);

    assertThat(shared.take(first, List.of(one))).isEqualTo(APPLIED);
    assertThat(shared.take(first, List.of(one))).isEqualTo(APPLIED);
    assertThat(shared.take(second, List.of(one, two))).isEqualTo(APPLIED);
    assertThat(shared.take(second, List.of(two))).isEqualTo(APPLIED);

    assertThat(taken).containsExactly(1L, 2L);
  }

  @Test
  void what_the_edge_refuses_each_of_its_servers_says() {
    Entry bad = entry(1, "bad");
    Entry good = entry(2, "good");
    Verdict refusal = new Verdict.Rejected(1, "cannot be obeyed");
    Snapshot without = Snapshot.empty().past(1, Chain.EMPTY);

    for (int server = 0; server < 3; server++) {
      assertThat(shared.take(Snapshot.empty().after(bad), List.of(bad))).isEqualTo(refusal);
      assertThat(shared.take(without.after(good), List.of(good))).isEqualTo(APPLIED);
    }

    assertThat(taken).containsExactly(2L);
  }

  @Test
  void a_server_that_takes_the_whole_picture_hears_of_the_refusal_too() {
    Entry bad = entry(1, "bad");
    Subscriber.Verdict refusal = shared.take(Snapshot.empty().after(bad), List.of(bad));
    Entry good = entry(2, "good");
    Snapshot second = Snapshot.empty().past(1, Chain.EMPTY).after(good);
    assertThat(shared.take(second, List.of(good))).isEqualTo(APPLIED);

    Snapshot whole = Snapshot.empty().after(bad).after(good);

    assertThat(shared.take(whole, List.of())).isEqualTo(refusal);
    assertThat(shared.take(second, List.of())).isEqualTo(APPLIED);
  }

  private static Entry entry(long revision, String id) {
    return new Entry(
        1, revision, Kind.LAPSE, id, Set.of(), Optional.of(new Lapse(id)), Chain.EMPTY, true);
  }
}
