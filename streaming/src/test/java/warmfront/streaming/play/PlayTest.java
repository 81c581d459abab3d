package warmfront.streaming.play;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import warmfront.streaming.rtmp.Amf;
import warmfront.streaming.rtmp.Ending;
import warmfront.streaming.rtmp.MediaKind;

/** What viewers see of an object that is played: order, timestamps, bytes, ends. */
final class PlayTest {
  private static final List<String> BEGINNING =
      List.of(
          "1 RECORDED",
          "1 BEGIN",
          "1 onStatus 0 null NetStream.Play.Reset",
          "1 onStatus 0 null NetStream.Play.Start",
          "1 data |RtmpSampleAccess true true");
  private static final List<String> ENDING =
      List.of(
          "1 END",
          "1 data onPlayStatus NetStream.Play.Complete",
          "1 onStatus 0 null NetStream.Play.Stop");

  private final Stage stage = new Stage();
  private final Film film = stage.film;
  private Stage.Viewer viewer = stage.new Viewer().connected();

  @AfterEach
  void nothing_is_held_when_the_viewer_is_gone() {
    viewer.session.closed(Ending.PEER);
    viewer.settle();

    assertThat(stage.reader.pinned()).isZero();
    assertThat(stage.reader.open).isZero();
    assertThat(viewer.link.timers()).isZero();
  }

  @Test
  void playing_begins_in_the_order_that_players_know() {
    viewer.play("mp4:film");

    List<String> told = viewer.link.take();
    assertThat(told.subList(0, BEGINNING.size())).isEqualTo(BEGINNING);
    assertThat(told.subList(5, 11))
        .containsExactly(
            "1 DATA 0", "1 VIDEO 0", "1 AUDIO 0", "1 VIDEO 0", "1 AUDIO 0", "1 AUDIO 20");
    assertThat(viewer.link.isFlushed()).isTrue();
  }

  @Test
  void frames_are_those_of_the_file_to_its_end() {
    viewer.play("mp4:film.mp4");
    viewer.link.pass(Duration.ofSeconds(70));

    assertThat(viewer.media()).isEqualTo(film.told(0, 60_000, 0));
    List<String> told = viewer.link.take();
    assertThat(told.subList(told.size() - 3, told.size())).isEqualTo(ENDING);
  }

  @Test
  void a_start_counts_from_zero_at_its_keyframe() {
    viewer.play("mp4:film", 30_500);

    assertThat(viewer.media().getFirst()).isEqualTo(film.told(30_000, 60_000, -30_000).getFirst());
    assertThat(viewer.media()).isEqualTo(film.told(30_000, 32_020, -30_000));
  }

  @Test
  void a_length_is_kept() {
    viewer.play("mp4:film", 10_000, 5000);
    viewer.link.pass(Duration.ofSeconds(8));

    assertThat(viewer.media()).isEqualTo(film.told(10_000, 15_000, -10_000));
    assertThat(viewer.link.take()).endsWith(ENDING.toArray(String[]::new));
  }

  @Test
  void no_length_is_one_picture() {
    viewer.play("mp4:film", 10_000, 0);

    assertThat(viewer.media()).hasSize(1);
    assertThat(viewer.link.take()).endsWith(ENDING.toArray(String[]::new));
  }

  @Test
  void a_start_beyond_the_end_is_the_end() {
    viewer.play("mp4:film", 61_000);

    assertThat(viewer.media()).isEmpty();
    assertThat(viewer.link.take()).endsWith(ENDING.toArray(String[]::new));
  }

  @Test
  void a_file_that_is_not_there_is_not_found() {
    viewer.play("mp4:none", 0, -1);
    viewer.play("none", -2000);
    viewer.play("../none");
    viewer.play("mp4:film", -1000);

    assertThat(viewer.link.take())
        .containsOnly("1 onStatus 0 null NetStream.Play.StreamNotFound")
        .hasSize(4);
    assertThat(stage.reader.reads.stream().map(FakeReader.Read::path))
        .containsExactly("/none.mp4", "/none", "/none.flv", "/none");
  }

  @Test
  void whoever_guesses_names_for_long_is_sent_away() {
    int max = PlayLimits.standard().connection().failuresMax();
    for (int i = 0; i < max; i++) {
      viewer.play("mp4:none" + i);
    }
    assertThat(viewer.link.closed).isFalse();
    viewer.link.take();

    viewer.play("mp4:none");

    assertThat(viewer.link.take())
        .containsExactly(
            "1 onStatus 0 null NetStream.Play.StreamNotFound",
            "0 onStatus 0 null NetConnection.Connect.Closed",
            "close");
  }

  @Test
  void a_playlist_has_an_end() {
    int max = PlayLimits.standard().connection().playlistMax();
    viewer.play("mp4:film");
    viewer.link.take();
    for (int i = 0; i < max; i++) {
      viewer.play("mp4:film", -2000, -1000, 0);
    }
    assertThat(viewer.link.take()).isEmpty();

    viewer.play("mp4:film", -2000, -1000, 0);

    assertThat(viewer.link.take()).containsExactly("1 onStatus 0 null NetStream.Play.Failed");
  }

  @Test
  void an_origin_that_fails_is_said_to_fail() {
    stage.reader.answer(Stage.PATH, 502);

    viewer.play("mp4:film");

    assertThat(viewer.link.take()).containsExactly("1 onStatus 0 null NetStream.Play.Failed");
    assertThat(stage.events).extracting(Event::kind).containsExactly(Event.Kind.CONNECT);
  }

  @Test
  void a_file_that_is_no_media_fails() {
    stage.reader.put("/text.mp4", new byte[77], "v1");
    stage.films.put("/text.mp4", film);

    viewer.play("mp4:text");

    assertThat(viewer.link.take()).containsExactly("1 onStatus 0 null NetStream.Play.Failed");
  }

  @Test
  void another_name_takes_the_place_of_what_is_playing() {
    stage.put("/other.mp4", new Film(10, ""), "v1");
    viewer.play("mp4:film");
    viewer.link.take();

    viewer.play("mp4:other");

    assertThat(viewer.link.take().subList(0, BEGINNING.size())).isEqualTo(BEGINNING);
    assertThat(stage.events)
        .extracting(Event::kind)
        .containsExactly(Event.Kind.CONNECT, Event.Kind.PLAY, Event.Kind.STOP, Event.Kind.PLAY);
  }

  @Test
  void names_without_reset_follow_one_another_on_one_time() {
    stage.put("/short.mp4", new Film(4, ""), "v1");
    viewer.play("mp4:short");
    viewer.say(
        1,
        "play",
        0,
        Amf.nothing(),
        Amf.of("mp4:short"),
        Amf.of(-2000),
        Amf.of(-1000),
        Amf.of(false));
    viewer.link.pass(Duration.ofSeconds(10));

    List<String> told = viewer.link.take();
    assertThat(told).contains("1 data onPlayStatus NetStream.Play.Switch");
    assertThat(told).endsWith(ENDING.toArray(String[]::new));
    assertThat(viewer.media()).hasSize(2 * 4 * 75);
    assertThat(viewer.link.sent).extracting(FakeLink.Sent::millis).isSorted();
    assertThat(viewer.link.sent.getLast().millis()).isEqualTo(3980 + 3980);
  }

  @Test
  void a_switch_goes_over_at_a_keyframe_without_a_gap() {
    stage.put("/low.mp4", new Film(60, ""), "v1");
    viewer.play("mp4:film");
    viewer.link.pass(Duration.ofSeconds(3));
    viewer.link.take();

    viewer.say(
        1,
        "play2",
        0,
        Amf.nothing(),
        Amf.of(
            new LinkedHashMap<>(
                Map.of(
                    "streamName", Amf.of("mp4:low"),
                    "oldStreamName", Amf.of("mp4:film"),
                    "transition", Amf.of("switch")))));
    viewer.link.pass(Duration.ofSeconds(70));

    List<String> told = viewer.link.take();
    assertThat(told)
        .containsSubsequence(
            "1 onStatus 0 null NetStream.Play.Transition",
            "1 data onPlayStatus NetStream.Play.TransitionComplete",
            "1 DATA 6000",
            "1 VIDEO 6000");
    assertThat(told).endsWith(ENDING.toArray(String[]::new));
    assertThat(viewer.media()).isEqualTo(film.told(0, 60_000, 0));
    assertThat(stage.reader.reads).extracting(FakeReader.Read::path).contains("/low.mp4");
  }

  @Test
  void audio_or_video_can_be_left_out() {
    viewer.say(1, "receiveVideo", 0, Amf.nothing(), Amf.of(false));
    viewer.play("mp4:film");
    viewer.say(1, "receiveVideo", 0, Amf.nothing(), Amf.of(true));
    viewer.say(1, "receiveAudio", 0, Amf.nothing(), Amf.of(false));
    viewer.link.sent.removeIf(sent -> sent.bytes().remaining() < 50);
    int quiet = viewer.link.sent.size();
    assertThat(viewer.link.sent).extracting(FakeLink.Sent::kind).containsOnly(MediaKind.AUDIO);

    viewer.link.pass(Duration.ofSeconds(5));
    List<FakeLink.Sent> later = viewer.link.sent.subList(quiet, viewer.link.sent.size());
    assertThat(later).extracting(FakeLink.Sent::kind).containsOnly(MediaKind.VIDEO);
    assertThat(later.getFirst().bytes().get(0)).isEqualTo((byte) 0x17);
  }

  @Test
  void whoever_wants_neither_is_kept_on_the_files_time() {
    viewer.say(1, "receiveVideo", 0, Amf.nothing(), Amf.of(false));
    viewer.say(1, "receiveAudio", 0, Amf.nothing(), Amf.of(false));
    viewer.play("mp4:film");
    viewer.link.pass(Duration.ofSeconds(30));
    assertThat(viewer.media()).isEmpty();

    viewer.say(1, "receiveAudio", 0, Amf.nothing(), Amf.of(true));
    viewer.link.pass(Duration.ofSeconds(1));

    assertThat(viewer.link.sent.get(3).millis()).isBetween(31_000L, 33_000L);
  }

  @Test
  void play_false_and_close_stop() {
    viewer.play("mp4:film");
    viewer.say(1, "play", 0, Amf.nothing(), Amf.of(false));
    viewer.play("mp4:film");
    viewer.say(1, "closeStream", 0, Amf.nothing());
    viewer.link.take();

    viewer.link.pass(Duration.ofSeconds(5));

    assertThat(viewer.link.take()).isEmpty();
    assertThat(stage.reader.pinned()).isZero();
  }

  @Test
  void signed_names_are_checked_when_they_are_played() {
    viewer.session.closed(Ending.PEER);
    viewer = stage.new Viewer();
    viewer.connect("rtmp://signed.example.net/cfx/st", "cfx/st");
    viewer.call(0, "createStream", Amf.nothing());
    viewer.link.take();

    viewer.play("mp4:film?" + stage.signed("film", -1));
    viewer.play("mp4:film?" + stage.signed("other", 3600));
    viewer.play("mp4:film");
    assertThat(viewer.link.take())
        .containsOnly("1 onStatus 0 null NetStream.Play.Failed")
        .hasSize(3);
    assertThat(stage.reader.reads).isEmpty();

    viewer.play("mp4:film?" + stage.signed("film", 2));
    assertThat(viewer.link.take().subList(0, BEGINNING.size())).isEqualTo(BEGINNING);
    viewer.link.pass(Duration.ofSeconds(70));
    assertThat(viewer.link.take()).endsWith(ENDING.toArray(String[]::new));
    assertThat(stage.reader.reads).extracting(FakeReader.Read::path).containsOnly(Stage.PATH);
  }

  @Test
  void enhanced_codecs_are_for_those_who_take_them() {
    stage.put("/uhd.mp4", new Film(2, "hvc1"), "v1");

    viewer.play("mp4:uhd");
    assertThat(viewer.link.take()).containsExactly("1 onStatus 0 null NetStream.Play.Failed");

    viewer.session.closed(Ending.PEER);
    viewer = stage.new Viewer();
    viewer.connect(
        "rtmp://s1.example.net/cfx/st",
        "cfx/st",
        Map.of("fourCcList", new Amf.Strict(List.of(Amf.of("hvc1")))));
    viewer.call(0, "createStream", Amf.nothing());
    viewer.link.take();
    viewer.play("mp4:uhd");
    assertThat(viewer.link.take().subList(0, BEGINNING.size())).isEqualTo(BEGINNING);
  }

  @Test
  void events_are_logged_with_the_names_as_they_were_given() {
    viewer.play("mp4:film?p=2&q=4");
    viewer.say(1, "pause", 0, Amf.nothing(), Amf.of(true), Amf.of(0));
    viewer.say(1, "seek", 0, Amf.nothing(), Amf.of(20_000));
    viewer.say(1, "pause", 0, Amf.nothing(), Amf.of(false), Amf.of(0));
    viewer.session.closed(Ending.PEER);

    assertThat(stage.events)
        .extracting(Event::kind)
        .containsExactly(
            Event.Kind.CONNECT,
            Event.Kind.PLAY,
            Event.Kind.PAUSE,
            Event.Kind.SEEK,
            Event.Kind.UNPAUSE,
            Event.Kind.STOP,
            Event.Kind.DISCONNECT);
    Event.Played played = stage.events.get(1).played().orElseThrow();
    assertThat(played).isEqualTo(new Event.Played("mp4:film", "p=2&q=4", "mp4", 1));
    assertThat(stage.events).extracting(Event::sentBytes).isSorted();
  }
}
