package warmfront.streaming.play;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.SequencedMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import warmfront.streaming.rtmp.Amf;
import warmfront.streaming.rtmp.Command;
import warmfront.streaming.rtmp.Ending;

/** Viewers that say anything, in any order. */
final class CommandFuzzTest {
  private static final List<String> COMMANDS =
      List.of(
          "connect",
          "createStream",
          "deleteStream",
          "closeStream",
          "play",
          "play",
          "play",
          "play2",
          "play2",
          "play2",
          "seek",
          "seek",
          "pause",
          "pauseRaw",
          "receiveAudio",
          "receiveVideo",
          "getStreamLength",
          "FCSubscribe",
          "checkBandwidth",
          "publish",
          "",
          "nonsense");
  private static final List<String> TEXTS =
      List.of(
          "mp4:film",
          "mp4:short",
          "mp4:none",
          "film.mp4",
          "",
          "..",
          "%",
          "switch",
          "append",
          "stop",
          "mp4:film?Expires=1&Signature=x&Key-Pair-Id=K1",
          "mp4:text");
  private static final double[] NUMBERS = {
    0,
    -1,
    -2,
    -1000,
    -2000,
    1,
    2,
    3,
    1500,
    30_000,
    59_999,
    60_000,
    1e9,
    1e300,
    -1e300,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY
  };

  @Test
  void whatever_is_said_nothing_breaks_and_nothing_is_held_afterwards() {
    say(1, 40);
  }

  @Test
  @Tag("full")
  void whatever_is_said_for_long_nothing_breaks() {
    say(41, 1500);
  }

  private static void say(int first, int last) {
    for (int seed = first; seed <= last; seed++) {
      Random chance = new Random(seed);
      Stage stage = new Stage();
      stage.put("/short.mp4", new Film(3, ""), "v1");
      stage.reader.put("/text.mp4", new byte[50], "v1");
      stage.reader.part = 1 + chance.nextInt(30_000);
      stage.reader.breaksAfter = chance.nextInt(4) == 0 ? chance.nextInt(90_000) : Long.MAX_VALUE;
      Stage.Viewer viewer = stage.new Viewer().connected();

      for (int i = 0; i < 60 && !viewer.link.closed; i++) {
        act(chance, stage, viewer);
      }
      stage.reader.slow = false;
      viewer.session.closed(Ending.PEER);
      stage.reader.deliver();
      viewer.settle();

      assertThat(stage.reader.pinned()).as("seed %d", seed).isZero();
      assertThat(stage.reader.open).as("seed %d", seed).isZero();
      assertThat(viewer.link.timers()).as("seed %d", seed).isZero();
      assertThat(plays(stage, Event.Kind.PLAY))
          .as("seed %d", seed)
          .isEqualTo(plays(stage, Event.Kind.STOP));
    }
  }

  private static long plays(Stage stage, Event.Kind kind) {
    return stage.events.stream().filter(event -> event.kind() == kind).count();
  }

  private static void act(Random chance, Stage stage, Stage.Viewer viewer) {
    switch (chance.nextInt(8)) {
      case 0 -> viewer.link.pass(Duration.ofMillis(chance.nextInt(5000)));
      case 1 -> viewer.session.bufferLength(chance.nextInt(3), chance.nextInt(100_000));
      case 2 -> {
        viewer.link.room = chance.nextInt(3) == 0 ? chance.nextInt(20_000) : Long.MAX_VALUE;
        viewer.session.writable();
      }
      case 3 -> {
        stage.reader.slow = chance.nextBoolean();
        stage.reader.deliver();
      }
      default -> viewer.session.command(command(chance));
    }
    if (chance.nextInt(4) > 0) {
      viewer.settle();
    }
  }

  private static Command command(Random chance) {
    List<Amf> values = new ArrayList<>();
    for (int i = chance.nextInt(6); i > 0; i--) {
      values.add(values.isEmpty() ? Amf.nothing() : value(chance, 0));
    }
    return new Command(
        chance.nextInt(4) == 0 ? chance.nextInt(3) : 1,
        COMMANDS.get(chance.nextInt(COMMANDS.size())),
        chance.nextInt(3),
        values);
  }

  private static Amf value(Random chance, int depth) {
    return switch (chance.nextInt(depth > 1 ? 4 : 6)) {
      case 0 -> Amf.nothing();
      case 1 -> Amf.of(chance.nextBoolean());
      case 2 -> Amf.of(NUMBERS[chance.nextInt(NUMBERS.length)]);
      case 3 -> Amf.of(TEXTS.get(chance.nextInt(TEXTS.size())));
      case 4 -> new Amf.Strict(List.of(value(chance, depth + 1)));
      default -> {
        SequencedMap<String, Amf> members = new LinkedHashMap<>();
        members.put("streamName", Amf.of(TEXTS.get(chance.nextInt(2))));
        members.put("start", value(chance, depth + 1));
        members.put("len", value(chance, depth + 1));
        members.put("transition", Amf.of(TEXTS.get(chance.nextInt(TEXTS.size()))));
        yield Amf.of(members);
      }
    };
  }
}
