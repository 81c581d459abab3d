package warmfront.streaming.play;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import warmfront.streaming.rtmp.Ending;

/** How what is played flows: pace, room, and bytes that come late or not at all. */
final class FlowTest {
  private static final List<String> ENDING =
      List.of(
          "1 END",
          "1 data onPlayStatus NetStream.Play.Complete",
          "1 onStatus 0 null NetStream.Play.Stop");

  private final Stage stage = new Stage();
  private final Film film = stage.film;
  private final Stage.Viewer viewer = stage.new Viewer().connected();

  @AfterEach
  void nothing_is_held_when_the_viewer_is_gone() {
    viewer.session.closed(Ending.PEER);
    viewer.settle();

    assertThat(stage.reader.pinned()).isZero();
    assertThat(stage.reader.open).isZero();
    assertThat(viewer.link.timers()).isZero();
  }

  @Test
  void media_comes_a_buffer_ahead_and_no_more() {
    viewer.session.bufferLength(1, 3000);
    viewer.play("mp4:film");

    assertThat(viewer.lastMillis()).isEqualTo(4000);

    viewer.link.pass(Duration.ofSeconds(10));
    assertThat(viewer.lastMillis()).isBetween(13_700L, 14_000L);
  }

  @Test
  void a_longer_buffer_is_filled_when_it_is_asked_for() {
    viewer.play("mp4:film");
    assertThat(viewer.lastMillis()).isEqualTo(2000);

    viewer.session.bufferLength(1, 9000);
    viewer.settle();

    assertThat(viewer.lastMillis()).isEqualTo(10_000);
  }

  @Test
  void nothing_is_sent_and_read_for_a_link_that_is_full() {
    viewer.link.room = 30_000;
    viewer.session.bufferLength(1, 60_000);

    viewer.play("mp4:film");
    int frames = viewer.media().size();
    int reads = stage.reader.reads.size();
    viewer.link.pass(Duration.ofSeconds(20));

    assertThat(viewer.media()).hasSize(frames);
    assertThat(stage.reader.reads).hasSize(reads);

    viewer.link.room = Long.MAX_VALUE;
    viewer.session.writable();
    viewer.settle();
    assertThat(viewer.media()).isEqualTo(film.told(0, 60_000, 0));
  }

  @Test
  void little_is_held_for_a_viewer() {
    viewer.session.bufferLength(1, 3000);
    viewer.play("mp4:film");
    for (int second = 0; second < 50; second++) {
      viewer.link.pass(Duration.ofSeconds(1));
      assertThat(stage.reader.pinned() * stage.reader.part)
          .isLessThanOrEqualTo(2L * PlayLimits.standard().reading().blockBytes());
    }
    long read = stage.reader.reads.stream().mapToLong(FakeReader.Read::length).sum();
    assertThat(read).isLessThan(film.bytes().length + 300_000L);
  }

  @Test
  void frames_are_sent_as_soon_as_their_bytes_are_there() {
    stage.reader.slow = true;
    stage.reader.part = 2000;
    viewer.play("mp4:film");
    List<Integer> sent = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      viewer.deliver(1);
      sent.add(viewer.media().size());
    }

    assertThat(sent).isSorted();
    assertThat(Set.copyOf(sent)).hasSizeGreaterThan(10);
    stage.reader.slow = false;
    viewer.deliver(10);
    assertThat(viewer.media()).isEqualTo(film.told(0, 2020, 0));
  }

  @Test
  void bytes_that_break_off_are_asked_for_again() {
    stage.reader.breaksAfter = 50_000;
    viewer.session.bufferLength(1, 60_000);
    viewer.play("mp4:film");
    viewer.link.pass(Duration.ofSeconds(20));

    assertThat(viewer.media()).isEqualTo(film.told(0, 60_000, 0));
    assertThat(viewer.link.take()).endsWith(ENDING.toArray(String[]::new));
  }

  @Test
  void bytes_that_never_come_end_it() {
    viewer.session.bufferLength(1, 3000);
    viewer.play("mp4:film");
    stage.reader.answer(Stage.PATH, 504);
    viewer.link.pass(Duration.ofSeconds(60));

    assertThat(viewer.link.take()).endsWith("1 END", "1 onStatus 0 null NetStream.Play.Failed");
    assertThat(stage.events.getLast().kind()).isEqualTo(Event.Kind.STOP);
  }

  @Test
  void an_origin_that_fails_for_a_moment_does_not_end_it() {
    viewer.session.bufferLength(1, 3000);
    viewer.play("mp4:film");
    stage.reader.answer(Stage.PATH, 504);
    while (stage.reader.reads.size() < 4) {
      viewer.link.pass(Duration.ofMillis(50));
    }
    stage.reader.recover(Stage.PATH);
    viewer.link.pass(Duration.ofSeconds(70));

    assertThat(viewer.media()).isEqualTo(film.told(0, 60_000, 0));
  }

  @Test
  void a_file_that_changes_meanwhile_ends_it_and_the_next_viewer_sees_the_new_one() {
    viewer.session.bufferLength(1, 3000);
    viewer.play("mp4:film");
    stage.put(Stage.PATH, new Film(30, ""), "v2");
    viewer.link.pass(Duration.ofSeconds(60));
    assertThat(viewer.link.take()).endsWith("1 END", "1 onStatus 0 null NetStream.Play.Failed");

    viewer.link.sent.clear();
    viewer.play("mp4:film");
    viewer.link.pass(Duration.ofSeconds(40));
    assertThat(viewer.link.take()).endsWith(ENDING.toArray(String[]::new));
    assertThat(viewer.media()).hasSize(30 * 75);
  }

  @Test
  void many_viewers_share_one_opening_and_read_what_one_reads() {
    stage.reader.slow = true;
    List<Stage.Viewer> viewers = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      Stage.Viewer one = stage.new Viewer().connected();
      one.play("mp4:film");
      viewers.add(one);
    }
    for (int i = 0; i < 40; i++) {
      stage.reader.deliver();
      viewers.forEach(Stage.Viewer::settle);
    }

    Set<FakeReader.Read> different = Set.copyOf(stage.reader.reads);
    assertThat(stage.onDemand.opened()).isEqualTo(1);
    assertThat(stage.reader.reads.stream().filter(read -> read.offset() == 0)).hasSize(1);
    assertThat(different).hasSizeLessThanOrEqualTo(3);
    for (Stage.Viewer one : viewers) {
      assertThat(one.link.sent).hasSize(film.told(0, 2020, 0).size() + 3);
      one.session.closed(Ending.PEER);
    }
    stage.reader.slow = false;
    stage.reader.deliver();
    viewers.forEach(Stage.Viewer::settle);
  }
}
