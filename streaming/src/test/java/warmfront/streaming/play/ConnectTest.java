package warmfront.streaming.play;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import warmfront.streaming.rtmp.Amf;
import warmfront.streaming.rtmp.Ending;

/** How viewers are let in, and the calls of a connection. */
final class ConnectTest {
  private final Stage stage = new Stage();

  @Test
  void a_viewer_is_greeted_admitted_and_answered() {
    Stage.Viewer viewer = stage.new Viewer();

    viewer.connect("rtmp://s1.example.net/cfx/st", "cfx/st");

    assertThat(viewer.link.take())
        .containsExactly(
            "greet", "0 _result 1 object NetConnection.Connect.Success", "0 onBWDone 0 null");
    assertThat(viewer.link.admitted).isTrue();
  }

  @Test
  void the_words_of_a_refusal_are_cloudfronts() {
    assertThat(refusal("rtmp://s9.example.net/cfx/st", "cfx/st")).isEqualTo("DistributionNotFound");
    assertThat(refusal("rtmp://d1.example.net/cfx/st", "cfx/st"))
        .isEqualTo("DistributionTypeMismatch");
    assertThat(refusal("rtmp://s1.example.net/cfx/xx", "cfx/xx")).isEqualTo("InvalidInstance");
    assertThat(refusal("rtmp://s1.example.net/vod", "vod")).isEqualTo("InvalidURI");
    assertThat(refusal("nonsense", "cfx/st")).isEqualTo("InvalidURI");
  }

  @Test
  void a_refused_viewer_is_not_admitted_and_not_logged() {
    Stage.Viewer viewer = stage.new Viewer();

    viewer.connect("rtmp://s9.example.net/cfx/st", "cfx/st");
    viewer.call(0, "createStream", Amf.nothing());
    viewer.session.closed(Ending.SESSION);

    assertThat(viewer.link.take())
        .containsExactly(
            "greet", "0 _error 1 null NetConnection.Connect.Rejected", "close", "close");
    assertThat(viewer.link.admitted).isFalse();
    assertThat(stage.events).isEmpty();
  }

  @Test
  void nothing_goes_before_connect() {
    Stage.Viewer viewer = stage.new Viewer();

    viewer.call(0, "createStream", Amf.nothing());

    assertThat(viewer.link.take()).containsExactly("close");
  }

  @Test
  void calls_that_nobody_knows_are_answered_if_they_want_an_answer() {
    Stage.Viewer viewer = stage.new Viewer().connected();

    viewer.say(0, "_checkbw", 7, Amf.nothing());
    viewer.say(0, "whatever", 8, Amf.nothing(), Amf.of("x"));
    viewer.say(0, "whatever", 0, Amf.nothing());
    viewer.say(1, "setDataFrame", 9, Amf.nothing());

    assertThat(viewer.link.take())
        .containsExactly("0 _result 7 null null", "0 _result 8 null null", "1 _result 9 null null");
  }

  @Test
  void bandwidth_is_never_measured_in_a_circle() {
    Stage.Viewer viewer = stage.new Viewer().connected();

    viewer.say(0, "checkBandwidth", 5, Amf.nothing());

    assertThat(viewer.link.take())
        .containsExactly("0 _result 5 null null", "0 onBWDone 0 null 0.0");
  }

  @Test
  void subscribing_is_answered_as_live_servers_do() {
    Stage.Viewer viewer = stage.new Viewer().connected();

    viewer.say(0, "FCSubscribe", 4, Amf.nothing(), Amf.of("mp4:film"));

    assertThat(viewer.link.take())
        .containsExactly("0 _result 4 null null", "0 onFCSubscribe 0 null NetStream.Play.Start");
  }

  @Test
  void a_connection_has_so_many_streams_at_a_time() {
    Stage.Viewer viewer = stage.new Viewer().connected();
    int max = PlayLimits.standard().connection().streamsMax();
    for (int i = 2; i <= max; i++) {
      viewer.call(0, "createStream", Amf.nothing());
    }
    viewer.link.take();

    viewer.say(0, "createStream", 90, Amf.nothing());
    viewer.say(0, "deleteStream", 0, Amf.nothing(), Amf.of(1));
    viewer.say(0, "createStream", 91, Amf.nothing());

    assertThat(viewer.link.take())
        .containsExactly(
            "0 _error 90 null NetConnection.Call.Failed", "0 _result 91 null " + (max + 1.0));
  }

  @Test
  void the_length_of_a_file_is_told_in_seconds() {
    Stage.Viewer viewer = stage.new Viewer().connected();

    viewer.say(0, "getStreamLength", 5, Amf.nothing(), Amf.of("mp4:film"));
    viewer.say(0, "getStreamLength", 6, Amf.nothing(), Amf.of("mp4:none"));
    viewer.say(0, "getStreamLength", 7, Amf.nothing(), Amf.of("../x"));

    assertThat(viewer.link.take())
        .containsExactlyInAnyOrder(
            "0 _result 5 null 60.0", "0 _result 6 null 0.0", "0 _result 7 null 0.0");
  }

  @Test
  void publishers_are_sent_away() {
    Stage.Viewer viewer = stage.new Viewer().connected();

    viewer.say(1, "publish", 0, Amf.nothing(), Amf.of("x"), Amf.of("live"));

    assertThat(viewer.link.take()).containsExactly("1 onStatus 0 null NetStream.Publish.Denied");
  }

  @Test
  void what_the_client_says_of_itself_is_logged() {
    Stage.Viewer viewer = stage.new Viewer();

    viewer.connect(
        "rtmp://s1.example.net/cfx/st?key=value",
        "cfx/st?key=value",
        Map.of(
            "flashVer", Amf.of("LNX 10,0,32,18"),
            "pageUrl", Amf.of("http://example.net/page"),
            "swfUrl", Amf.of("http://example.net/player.swf"),
            "fourCcList", new Amf.Strict(List.of(Amf.of("hvc1"), Amf.of(3)))));
    viewer.session.closed(Ending.PEER);

    assertThat(stage.events).hasSize(2);
    Event connect = stage.events.getFirst();
    assertThat(connect.kind()).isEqualTo(Event.Kind.CONNECT);
    assertThat(connect.played()).isEqualTo(Optional.empty());
    assertThat(connect.viewer().uri()).isEqualTo("rtmp://s1.example.net/cfx/st");
    assertThat(connect.viewer().query()).isEqualTo("key=value");
    assertThat(connect.viewer().flashVersion()).isEqualTo("LNX 10,0,32,18");
    assertThat(connect.viewer().pageUrl()).isEqualTo("http://example.net/page");
    assertThat(connect.viewer().swfUrl()).isEqualTo("http://example.net/player.swf");
    assertThat(connect.viewer().enhanced()).containsExactly("hvc1");
    assertThat(connect.sentBytes()).isPositive();
    assertThat(stage.events.getLast().kind()).isEqualTo(Event.Kind.DISCONNECT);
  }

  @Test
  void whoever_plays_nothing_for_long_is_sent_away() {
    Stage.Viewer viewer = stage.new Viewer().connected();

    viewer.link.pass(PlayLimits.standard().connection().rest().minusSeconds(1));
    assertThat(viewer.link.closed).isFalse();

    viewer.link.pass(Duration.ofSeconds(1));
    assertThat(viewer.link.take())
        .containsExactly("0 onStatus 0 null NetConnection.Connect.Closed", "close");
  }

  @Test
  void draining_says_so() {
    Stage.Viewer viewer = stage.new Viewer().connected();

    viewer.session.drain();

    assertThat(viewer.link.take())
        .containsExactly("0 onStatus 0 null NetConnection.Connect.Closed", "close");
  }

  private String refusal(String tcUrl, String app) {
    Stage.Viewer viewer = stage.new Viewer();
    viewer.connect(tcUrl, app);
    assertThat(viewer.link.closed).isTrue();
    return viewer.link.lastApplicationMessage;
  }
}
