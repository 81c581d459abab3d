package warmfront.streaming.play;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import warmfront.streaming.media.Opening;
import warmfront.streaming.play.Library.Outcome;

/** Media that are opened once and kept. */
final class LibraryTest {
  private final FakeReader reader = new FakeReader();
  private final Queue<Runnable> work = new ArrayDeque<>();
  private final Film film = new Film(4, "");
  private final PlayLimits.Shelf limits = new PlayLimits.Shelf(3500, 2, 10_000, 500, 5);
  private Opening opening = film.opening();

  private final Library library =
      new Library(new OnDemand.Objects(reader, _ -> opening, work::add), limits);

  @Test
  void an_object_is_opened_once_and_again_when_it_changes() {
    reader.put("/a", film.bytes(), "v1");

    Outcome.Opened first = (Outcome.Opened) open("/a");
    assertThat(open("/a")).isEqualTo(first);
    assertThat(library.opened()).isEqualTo(1);

    reader.put("/a", film.bytes(), "v2");
    assertThat(open("/a")).isNotEqualTo(first);
    assertThat(library.opened()).isEqualTo(2);
    assertThat(library.keptBytes()).isEqualTo(film.weight());
  }

  @Test
  void the_longest_unused_goes_when_there_is_no_room() {
    for (String path : List.of("/a", "/b", "/c", "/d")) {
      reader.put(path, film.bytes(), "v1");
    }
    open("/a");
    open("/b");
    open("/c");
    open("/a");
    open("/d");
    assertThat(library.keptBytes()).isEqualTo(3 * film.weight());

    open("/a");
    assertThat(library.opened()).isEqualTo(4);
    open("/b");
    assertThat(library.opened()).isEqualTo(5);
  }

  @Test
  void whoever_asks_meanwhile_waits_for_the_same() {
    reader.put("/a", film.bytes(), "v1");
    List<Outcome> outcomes = new ArrayList<>();

    library.open("S1", List.of("/a"), work::add, outcomes::add);
    library.open("S1", List.of("/a"), work::add, outcomes::add);
    library.open("S2", List.of("/a"), work::add, outcomes::add);
    run();

    assertThat(outcomes).hasSize(3).allMatch(Outcome.Opened.class::isInstance);
    assertThat(library.opened()).isEqualTo(2);
  }

  @Test
  void so_many_are_opened_at_a_time() {
    List<Outcome> outcomes = new ArrayList<>();
    for (String path : List.of("/a", "/b", "/c")) {
      reader.put(path, film.bytes(), "v1");
      library.open("S1", List.of(path), work::add, outcomes::add);
    }
    run();

    assertThat(outcomes).hasSize(3);
    assertThat(outcomes.stream().filter(Outcome.Unplayable.class::isInstance)).hasSize(1);
    assertThat(open("/c")).isInstanceOf(Outcome.Opened.class);
  }

  @Test
  void a_second_path_is_tried_if_the_first_is_not_there() {
    reader.put("/a", film.bytes(), "v1");
    reader.answer("/a.flv", 403);
    List<Outcome> outcomes = new ArrayList<>();

    library.open("S1", List.of("/a.flv", "/a"), work::add, outcomes::add);
    library.open("S1", List.of("/x.flv", "/x"), work::add, outcomes::add);
    run();

    assertThat(outcomes).hasSize(2).contains(new Outcome.Missing(404));
    assertThat(outcomes.stream().filter(Outcome.Opened.class::isInstance)).hasSize(1);
  }

  @Test
  void an_origin_that_fails_is_not_taken_for_an_object_that_is_not_there() {
    reader.answer("/a.flv", 502);
    reader.put("/a", film.bytes(), "v1");
    List<Outcome> outcomes = new ArrayList<>();

    library.open("S1", List.of("/a.flv", "/a"), work::add, outcomes::add);
    run();

    assertThat(outcomes).containsExactly(new Outcome.Missing(502));
  }

  @Test
  void an_empty_file_is_not_opened() {
    reader.put("/a", new byte[0], "v1");
    reader.answer("/b", 416);

    assertThat(open("/a")).isNotInstanceOf(Outcome.Opened.class);
    assertThat(open("/b")).isEqualTo(new Outcome.Missing(416));
  }

  @Test
  void needs_beyond_the_end_too_large_or_too_many_end_an_opening() {
    reader.put("/a", film.bytes(), "v1");

    opening = _ -> new Opening.Needs(film.bytes().length - 5, 6);
    assertThat(open("/a")).isEqualTo(new Outcome.Unplayable("it is cut off"));
    opening = _ -> new Opening.Needs(0, 10_001);
    assertThat(open("/a")).isEqualTo(new Outcome.Unplayable("too much is being opened"));
    opening = _ -> new Opening.Needs(7, 1);
    assertThat(open("/a")).isEqualTo(new Outcome.Unplayable("its structure is in too many places"));

    opening = film.opening();
    assertThat(open("/a")).isInstanceOf(Outcome.Opened.class);
    assertThat(reader.pinned()).isZero();
    assertThat(reader.open).isZero();
  }

  @Test
  void a_defect_in_a_container_leaves_nobody_waiting() {
    reader.put("/a", film.bytes(), "v1");
    opening =
        _ -> {
          throw new IllegalStateException("as the test says");
        };

    assertThat(open("/a")).isEqualTo(new Outcome.Unplayable("it cannot be read"));
    assertThat(reader.pinned()).isZero();
  }

  @Test
  void bytes_that_break_off_end_an_opening() {
    reader.put("/a", film.bytes(), "v1");
    reader.breaksAfter = 300;

    assertThat(open("/a")).isInstanceOf(Outcome.Unplayable.class);
    assertThat(reader.open).isZero();
  }

  private Outcome open(String path) {
    List<Outcome> outcomes = new ArrayList<>();
    library.open("S1", List.of(path), work::add, outcomes::add);
    run();
    assertThat(outcomes).hasSize(1);
    return outcomes.getFirst();
  }

  private void run() {
    for (Runnable task = work.poll(); task != null; task = work.poll()) {
      task.run();
    }
  }
}
