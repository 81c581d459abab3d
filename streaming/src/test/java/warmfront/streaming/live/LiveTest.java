package warmfront.streaming.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import warmfront.streaming.media.Tag;
import warmfront.streaming.rtmp.Amf;
import warmfront.streaming.rtmp.Limits;
import warmfront.streaming.rtmp.RtmpClient;
import warmfront.streaming.rtmp.RtmpClient.Message;
import warmfront.streaming.rtmp.RtmpServer;
import warmfront.time.ManualClock;

/** Channels over sockets: who publishes, who watches, and what becomes of either. */
final class LiveTest {
  private static final int AUDIO = 8;
  private static final int VIDEO = 9;

  private final Map<String, String> channels = new ConcurrentHashMap<>(Map.of("secret", "cam"));
  private final ManualClock clock = new ManualClock(Instant.EPOCH);
  private final Hub hub =
      new Hub(new Keys(channels), LiveLimits.standard(), clock, Upstream.none());
  private final RtmpServer server =
      new RtmpServer(Limits.standard(), clock, new SplittableRandom(1), 2);
  private InetSocketAddress address = new InetSocketAddress(0);

  /** Channels by their keys. */
  record Keys(Map<String, String> names) implements Channels {
    @Override
    public Optional<String> ofKey(String key) {
      return Optional.ofNullable(names.get(key));
    }

    @Override
    public boolean isOn(String name) {
      return names.containsValue(name);
    }
  }

  @BeforeEach
  void start() throws IOException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    address = server.start(List.of(any), link -> new Doorkeeper(hub, link)).getFirst();
  }

  @AfterEach
  void close() {
    server.close();
    hub.close();
  }

  @Test
  void who_joins_gets_the_configurations_and_everything_since_the_last_keyframe() throws Exception {
    try (RtmpClient publisher = publisher();
        RtmpClient player = connected()) {
      publisher.message(18, 4, 1, 0, metadata("@setDataFrame", "onMetaData"));
      publisher.message(VIDEO, 6, 1, 0, configuration());
      publisher.message(AUDIO, 4, 1, 0, new byte[] {(byte) 0xAF, 0, 0x12, 0x10});
      key(publisher, 1000, 1);
      inter(publisher, 1040, 2);
      key(publisher, 2000, 3);
      publisher.message(AUDIO, 4, 1, 2010, new byte[] {(byte) 0xAF, 1, 4});
      inter(publisher, 2040, 5);
      publisher.call("heard", 0);

      assertThat(player.createStream()).isEqualTo(1);
      player.command("play", 0, 1, Amf.nothing(), Amf.of("cam?token=x"), Amf.of(-2000));
      assertThat(player.readStatus()).isEqualTo("NetStream.Play.Reset");
      assertThat(player.readStatus()).isEqualTo("NetStream.Play.Start");
      assertThat(player.readMedia().name()).isEqualTo("|RtmpSampleAccess");
      Message metadata = player.readMedia();
      assertThat(metadata.name()).isEqualTo("onMetaData");
      assertThat(metadata.millis()).as("as the frame that follows").isEqualTo(2000);
      assertThat(player.readMedia().bytes()).isEqualTo(configuration());
      assertThat(player.readMedia().bytes()).containsExactly(0xAF, 0, 0x12, 0x10);
      assertThat(number(player.readMedia(), 2000)).isEqualTo(3);
      Message audio = player.readMedia();
      assertThat(audio.type()).isEqualTo(AUDIO);
      assertThat(audio.millis()).isEqualTo(2010);
      assertThat(number(player.readMedia(), 2040)).isEqualTo(5);
      inter(publisher, 2080, 6);
      assertThat(number(player.readMedia(), 2080)).isEqualTo(6);
      assertThat(hub.counters()).isEqualTo(new Hub.Counters(1, 1, 0, 1, 0, 0));
    }
    awaiting(() -> hub.counters().players() == 0);
  }

  @Test
  void a_key_that_nobody_has_and_a_channel_that_is_taken_are_refused() throws Exception {
    try (RtmpClient first = publisher();
        RtmpClient second = connected();
        RtmpClient player = connected()) {
      second.createStream();
      second.command("publish", 0, 1, Amf.nothing(), Amf.of("guess"), Amf.of("live"));
      assertThat(second.readStatus()).isEqualTo("NetStream.Publish.Denied");
      second.command("publish", 0, 1, Amf.nothing(), Amf.of("secret"), Amf.of("live"));
      assertThat(second.readStatus()).isEqualTo("NetStream.Publish.BadName");
      player.createStream();
      player.command("play", 0, 1, Amf.nothing(), Amf.of("secret"));
      assertThat(player.readStatus())
          .as("a key is no name")
          .isEqualTo("NetStream.Play.StreamNotFound");

      clock.advance(Duration.ofSeconds(4)); // of silence
      second.command("publish", 0, 1, Amf.nothing(), Amf.of("secret"), Amf.of("live"));
      assertThat(second.readStatus()).isEqualTo("NetStream.Publish.Start");
      assertThat(first.readStatus()).as("and is replaced").isEqualTo("NetStream.Publish.BadName");
      assertThat(first.readAll()).isEmpty();
      assertThat(hub.counters().denied()).isEqualTo(2);
    }
  }

  @Test
  void players_wait_for_a_publisher_and_hear_when_it_ends() throws Exception {
    try (RtmpClient player = playing()) {
      RtmpClient publisher = publisher();
      assertThat(player.readStatus()).isEqualTo("NetStream.Play.PublishNotify");
      inter(publisher, 900, 0);
      key(publisher, 1000, 1);
      assertThat(number(player.readMedia(), 0)).as("of all that came").isEqualTo(0);
      assertThat(number(player.readMedia(), 100)).isEqualTo(1);
      publisher.command("FCUnpublish", 7, 0, Amf.nothing(), Amf.of("secret"));
      assertThat(player.readStatus()).isEqualTo("NetStream.Play.UnpublishNotify");
      publisher.close();

      try (RtmpClient next = publisher()) {
        assertThat(player.readStatus()).isEqualTo("NetStream.Play.PublishNotify");
        clock.advance(Duration.ofSeconds(60));
        key(next, 50_000, 2);
        assertThat(number(player.readMedia(), 60_100)).isEqualTo(2);
      }
    }
  }

  @Test
  void a_publisher_that_is_cut_off_and_comes_back_goes_on() throws Exception {
    try (RtmpClient player = playing()) {
      RtmpClient publisher = publisher();
      key(publisher, 5000, 1);
      player.readStatus();
      assertThat(number(player.readMedia(), 0)).isEqualTo(1);
      publisher.close();
      awaiting(() -> !hub.isPublished("cam"));
      clock.advance(Duration.ofSeconds(9));
      hub.sweep();
      try (RtmpClient again = publisher()) {
        key(again, 0, 2);
        inter(again, 40, 3);
        assertThat(number(player.readMedia(), 9000)).isEqualTo(2);
        assertThat(number(player.readMedia(), 9040)).isEqualTo(3);
      }
      awaiting(() -> !hub.isPublished("cam"));
      clock.advance(Duration.ofSeconds(11));
      hub.sweep();
      assertThat(player.readStatus()).isEqualTo("NetStream.Play.UnpublishNotify");
    }
  }

  @Test
  void a_channel_that_is_switched_off_loses_its_publisher() throws Exception {
    try (RtmpClient player = playing();
        RtmpClient publisher = publisher()) {
      assertThat(player.readStatus()).isEqualTo("NetStream.Play.PublishNotify");
      channels.clear();
      hub.sweep();

      assertThat(player.readStatus()).isEqualTo("NetStream.Play.UnpublishNotify");
      assertThat(publisher.readStatus()).isEqualTo("NetStream.Publish.BadName");
      assertThat(publisher.readAll()).isEmpty();
    }
  }

  @Test
  void a_player_pauses_goes_on_at_a_keyframe_and_leaves_out_what_it_does_not_want()
      throws Exception {
    try (RtmpClient publisher = publisher();
        RtmpClient player = playing()) {
      key(publisher, 0, 1);
      assertThat(number(player.readMedia(), 0)).isEqualTo(1);
      player.command("pause", 0, 1, Amf.nothing(), Amf.of(true), Amf.of(0));
      assertThat(player.readStatus()).isEqualTo("NetStream.Pause.Notify");
      inter(publisher, 40, 2);
      publisher.call("heard", 0);
      player.command("pause", 0, 1, Amf.nothing(), Amf.of(false), Amf.of(0));
      assertThat(player.readStatus()).isEqualTo("NetStream.Unpause.Notify");
      inter(publisher, 80, 3);
      key(publisher, 120, 4);
      assertThat(number(player.readMedia(), 120)).isEqualTo(4);
      player.command("receiveVideo", 0, 1, Amf.nothing(), Amf.of(false));
      player.command("seek", 0, 1, Amf.nothing(), Amf.of(0));
      assertThat(player.readStatus()).isEqualTo("NetStream.Seek.Failed");
      key(publisher, 160, 5);
      publisher.message(AUDIO, 4, 1, 170, new byte[] {(byte) 0xAF, 1, 6});
      assertThat(player.readMedia().type()).isEqualTo(AUDIO);
      player.command("closeStream", 0, 1, Amf.nothing());
      assertThat(player.readStatus()).isEqualTo("NetStream.Play.Stop");
      assertThat(hub.counters().players()).isZero();
    }
  }

  @Test
  void calls_of_all_clients_are_answered_and_streams_are_counted() throws Exception {
    try (RtmpClient client = connected()) {
      assertThat(client.call("releaseStream", 0, Amf.nothing(), Amf.of("x")).name())
          .isEqualTo("_result");
      client.command("FCSubscribe", 0, 0, Amf.nothing(), Amf.of("cam"));
      assertThat(client.readCommand().name()).isEqualTo("onFCSubscribe");
      client.command("FCPublish", 0, 0, Amf.nothing(), Amf.of("secret"));
      assertThat(client.readCommand().name()).isEqualTo("onFCPublish");
      assertThat(client.call("_checkbw", 0, Amf.nothing()).name()).isEqualTo("_result");
      for (int i = 1; i <= 8; i++) {
        assertThat(client.createStream()).isEqualTo(i);
      }
      assertThat(client.call("createStream", 0, Amf.nothing()).name()).isEqualTo("_error");
      client.command("deleteStream", 0, 0, Amf.nothing(), Amf.of(3));
      assertThat(client.createStream()).isEqualTo(9);
    }
  }

  @Test
  void a_player_on_any_stream_gets_the_same() throws Exception {
    try (RtmpClient publisher = publisher();
        RtmpClient player = connected()) {
      player.createStream();
      player.createStream();
      player.command("play", 0, 2, Amf.nothing(), Amf.of("cam"));
      player.readMedia(); // |RtmpSampleAccess
      key(publisher, 0, 1);

      Message frame = player.readMedia();
      assertThat(number(frame, 0)).isEqualTo(1);
      assertThat(frame.streamId()).isEqualTo(2);
    }
  }

  @Test
  void nothing_is_missed_and_nothing_comes_twice_whenever_one_joins() throws Exception {
    AtomicBoolean isOver = new AtomicBoolean();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        RtmpClient publisher = publisher()) {
      Future<?> publishing =
          threads.submit(() -> {
            for (int i = 0; !isOver.get(); i++) {
              if (i % 20 == 0) {
                key(publisher, 40L * i, i);
              } else {
                inter(publisher, 40L * i, i);
              }
              Thread.sleep(0, 300_000);
            }
            return null;
          });
      List<Future<Integer>> joining = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        long delay = 7L * i;
        joining.add(
            threads.submit(() -> {
              Thread.sleep(delay);
              try (RtmpClient player = playing()) {
                int first = number(player.readMedia());
                for (int next = first + 1; next < first + 200; next++) {
                  assertThat(number(player.readMedia())).isEqualTo(next);
                }
                return first;
              }
            }));
      }
      for (Future<Integer> each : joining) {
        assertThat(each.get(60, TimeUnit.SECONDS) % 20).as("a keyframe is first").isZero();
      }
      isOver.set(true);
      publishing.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void who_does_not_keep_up_goes_on_at_a_keyframe() throws Exception {
    AtomicBoolean isOver = new AtomicBoolean();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        RtmpClient publisher = publisher();
        RtmpClient player = playing()) {
      int sent = 0;
      while (hub.counters().missed() == 0) {
        large(publisher, sent++);
        assertThat(sent).as("frames of 200 KB").isLessThan(1000);
      }
      Future<Integer> reading =
          threads.submit(() -> {
            int last = -1;
            for (int next = number(player.readMedia());
                next == last + 1;
                next = number(player.readMedia())) {
              last = next;
            }
            isOver.set(true);
            return number(player.readMedia()) - 1;
          });
      while (!isOver.get()) {
        large(publisher, sent++);
        Thread.sleep(1);
      }
      large(publisher, sent++);

      int goesOn = reading.get(30, TimeUnit.SECONDS);
      assertThat(goesOn % 10).as("a keyframe, and then the next").isZero();
    } finally {
      isOver.set(true);
    }
  }

  private static void large(RtmpClient publisher, int number) throws IOException {
    byte[] small = frame(number % 10 == 0 ? 0x17 : 0x27, number);
    publisher.message(VIDEO, 6, 1, 40L * number, Arrays.copyOf(small, 200_000));
  }

  @Test
  void codecs_of_enhanced_rtmp_pass_as_they_came() throws Exception {
    byte[] configuration = {(byte) 0x90, 'h', 'v', 'c', '1', 1};
    byte[] key = {(byte) 0x91, 'h', 'v', 'c', '1', 0, 0, 0, 2};
    byte[] inter = {(byte) 0xA3, 'h', 'v', 'c', '1', 3};
    try (RtmpClient publisher = publisher()) {
      publisher.message(VIDEO, 6, 1, 0, configuration);
      publisher.message(VIDEO, 6, 1, 0, key);
      publisher.message(VIDEO, 6, 1, 40, inter);
      publisher.call("heard", 0);
      try (RtmpClient player = playing()) {
        assertThat(player.readMedia().bytes()).isEqualTo(configuration);
        assertThat(player.readMedia().bytes()).isEqualTo(key);
        assertThat(player.readMedia().bytes()).isEqualTo(inter);
      }
    }
  }

  @Test
  void others_in_the_process_hear_the_tags() throws Exception {
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
      assertThat(hub.tap("other", executor, new Written(heard))).isEmpty();
      Tap.Tapped early = hub.tap("cam", executor, new Written(heard)).orElseThrow();
      RtmpClient publisher = publisher();
      publisher.message(VIDEO, 6, 1, 100, configuration());
      key(publisher, 140, 1);
      inter(publisher, 180, 2);
      assertThat(next(heard)).isEqualTo("started");
      assertThat(next(heard)).isEqualTo("VIDEO@0:6");
      assertThat(next(heard)).isEqualTo("VIDEO@40:9");
      assertThat(next(heard)).isEqualTo("VIDEO@80:9");
      early.end();

      hub.tap("cam", executor, new Written(heard));
      assertThat(next(heard)).isEqualTo("started");
      assertThat(next(heard)).isEqualTo("VIDEO@40:6");
      assertThat(next(heard)).isEqualTo("VIDEO@40:9");
      assertThat(next(heard)).isEqualTo("VIDEO@80:9");
      publisher.command("deleteStream", 0, 0, Amf.nothing(), Amf.of(1));
      assertThat(next(heard)).isEqualTo("stopped");
      publisher.close();
      assertThat(heard).isEmpty();
    }
  }

  private record Written(BlockingQueue<String> heard) implements Tap {
    @Override
    public void started() {
      heard.add("started");
    }

    @Override
    public void tag(Tag tag) {
      heard.add("%s@%d:%d".formatted(tag.kind(), tag.millis(), tag.payload().length()));
    }

    @Override
    public void stopped() {
      heard.add("stopped");
    }
  }

  private static String next(BlockingQueue<String> heard) throws InterruptedException {
    return String.valueOf(heard.poll(10, TimeUnit.SECONDS));
  }

  private RtmpClient connected() throws IOException {
    RtmpClient client = RtmpClient.shaken(address);
    Message answer = client.connect("live");
    assertThat(answer.code()).isEqualTo("NetConnection.Connect.Success");
    return client;
  }

  private RtmpClient publisher() throws IOException {
    RtmpClient client = connected();
    client.createStream();
    client.command("publish", 0, 1, Amf.nothing(), Amf.of("secret"), Amf.of("live"));
    assertThat(client.readStatus()).isEqualTo("NetStream.Publish.Start");
    return client;
  }

  private RtmpClient playing() throws IOException {
    RtmpClient client = connected();
    client.createStream();
    client.command("play", 0, 1, Amf.nothing(), Amf.of("cam"));
    assertThat(client.readMedia().name()).isEqualTo("|RtmpSampleAccess");
    return client;
  }

  private static void key(RtmpClient publisher, long millis, int number) throws IOException {
    publisher.message(VIDEO, 6, 1, millis, frame(0x17, number));
  }

  private static void inter(RtmpClient publisher, long millis, int number) throws IOException {
    publisher.message(VIDEO, 6, 1, millis, frame(0x27, number));
  }

  private static byte[] frame(int first, int number) {
    return ByteBuffer.allocate(9).put((byte) first).put((byte) 1).putInt(5, number).array();
  }

  private static byte[] configuration() {
    return new byte[] {0x17, 0, 0, 0, 0, 1};
  }

  private static byte[] metadata(String... names) {
    List<Amf> values = new ArrayList<>();
    for (String name : names) {
      values.add(Amf.of(name));
    }
    values.add(new Amf.Associative(new LinkedHashMap<>(Map.of("width", Amf.of(640)))));
    return RtmpClient.encoded(values);
  }

  private static int number(Message message, long millis) {
    assertThat(message.millis()).isEqualTo(millis);
    return number(message);
  }

  private static int number(Message message) {
    assertThat(message.type()).isEqualTo(VIDEO);
    return message.payload().getInt(5);
  }

  private static void awaiting(BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 2000 && !condition.getAsBoolean(); i++) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }
}
