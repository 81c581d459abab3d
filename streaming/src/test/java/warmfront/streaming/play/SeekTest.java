package warmfront.streaming.play;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import warmfront.streaming.rtmp.Amf;
import warmfront.streaming.rtmp.Ending;

/** Viewers who jump about in what is played, and hold it. */
final class SeekTest {
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
  void a_seek_repeats_the_heads_and_has_the_times_of_the_file() {
    viewer.play("mp4:film");
    viewer.link.take();
    viewer.link.sent.clear();

    viewer.say(1, "seek", 0, Amf.nothing(), Amf.of(45_300));

    assertThat(viewer.link.take())
        .startsWith(
            "1 RECORDED",
            "1 BEGIN",
            "1 onStatus 0 null NetStream.Seek.Notify",
            "1 onStatus 0 null NetStream.Play.Start",
            "1 data |RtmpSampleAccess true true",
            "1 DATA 44000",
            "1 VIDEO 44000",
            "1 AUDIO 44000",
            "1 VIDEO 44000");
    assertThat(viewer.media()).isEqualTo(film.told(44_000, 47_320, 0));
  }

  @Test
  void a_seek_before_the_file_is_open_is_done_then() {
    stage.reader.slow = true;
    viewer.play("mp4:film");
    viewer.say(1, "seek", 0, Amf.nothing(), Amf.of(20_000));
    assertThat(viewer.link.take()).isEmpty();

    stage.reader.slow = false;
    viewer.deliver(3);

    assertThat(viewer.link.take()).contains("1 onStatus 0 null NetStream.Seek.Notify");
    assertThat(viewer.media()).isEqualTo(film.told(20_000, 22_020, 0));
  }

  @Test
  void a_seek_to_nowhere_is_an_invalid_time() {
    viewer.play("mp4:film");
    viewer.link.take();

    viewer.say(1, "seek", 0, Amf.nothing(), Amf.of(60_001));
    viewer.say(1, "seek", 0, Amf.nothing(), Amf.of(-1));
    viewer.say(1, "seek", 0, Amf.nothing());

    assertThat(viewer.link.take())
        .containsOnly("1 onStatus 0 null NetStream.Seek.InvalidTime")
        .hasSize(3);
  }

  @Test
  void a_seek_without_a_film_fails() {
    viewer.say(1, "seek", 0, Amf.nothing(), Amf.of(1));

    assertThat(viewer.link.take()).containsExactly("1 onStatus 0 null NetStream.Seek.Failed");
  }

  @Test
  void a_pause_stops_media_reads_and_time() {
    viewer.play("mp4:film");
    viewer.link.take();
    viewer.say(1, "pause", 0, Amf.nothing(), Amf.of(true), Amf.of(1500));

    assertThat(viewer.link.take()).containsExactly("1 onStatus 0 null NetStream.Pause.Notify");
    assertThat(stage.reader.pinned()).isZero();
    viewer.link.pass(Duration.ofSeconds(100));
    assertThat(viewer.link.take()).isEmpty();

    viewer.say(1, "pause", 0, Amf.nothing(), Amf.of(false), Amf.of(1500));
    viewer.link.pass(Duration.ofSeconds(1));
    assertThat(viewer.link.take()).startsWith("1 onStatus 0 null NetStream.Unpause.Notify");
    assertThat(viewer.media()).isEqualTo(film.told(0, viewer.lastMillis() + 1, 0));
    assertThat(viewer.lastMillis()).isBetween(2700L, 3000L);
  }

  @Test
  void a_pause_without_a_word_is_a_toggle() {
    viewer.play("mp4:film");
    viewer.link.take();

    viewer.say(1, "pause", 0, Amf.nothing(), Amf.nothing(), Amf.of(0));
    viewer.say(1, "pause", 0, Amf.nothing(), Amf.of(true), Amf.of(0));
    viewer.say(1, "pause", 0, Amf.nothing());

    assertThat(viewer.link.take())
        .containsExactly(
            "1 onStatus 0 null NetStream.Pause.Notify",
            "1 onStatus 0 null NetStream.Unpause.Notify");
  }

  @Test
  void a_seek_in_a_pause_shows_its_picture() {
    viewer.play("mp4:film");
    viewer.say(1, "pause", 0, Amf.nothing(), Amf.of(true), Amf.of(0));
    viewer.link.take();
    viewer.link.sent.clear();

    viewer.say(1, "seek", 0, Amf.nothing(), Amf.of(20_000));
    viewer.link.pass(Duration.ofSeconds(5));

    assertThat(viewer.link.take()).endsWith("1 AUDIO 20000", "1 VIDEO 20000");
    assertThat(viewer.media()).isEqualTo(film.told(20_000, 20_001, 0).subList(0, 1));

    viewer.say(1, "pause", 0, Amf.nothing(), Amf.of(false), Amf.of(0));
    assertThat(viewer.media()).isEqualTo(film.told(20_000, 22_020, 0));
  }

  @Test
  void whoever_pauses_for_long_is_sent_away() {
    viewer.play("mp4:film");
    viewer.say(1, "pause", 0, Amf.nothing(), Amf.of(true), Amf.of(0));

    viewer.link.pass(PlayLimits.standard().connection().rest().plusSeconds(1));

    assertThat(viewer.link.closed).isTrue();
  }
}
