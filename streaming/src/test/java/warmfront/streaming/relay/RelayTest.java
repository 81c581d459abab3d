package warmfront.streaming.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import warmfront.streaming.live.Channels;
import warmfront.streaming.live.Hub;
import warmfront.streaming.live.LiveLimits;
import warmfront.streaming.live.Tap;
import warmfront.streaming.live.Upstream;
import warmfront.streaming.media.Tag;
import warmfront.streaming.origin.LiveOrigin;
import warmfront.streaming.origin.OriginLimits;
import warmfront.streaming.origin.Source;
import warmfront.streaming.play.FrontDoor;
import warmfront.streaming.rtmp.Amf;
import warmfront.streaming.rtmp.Limits;
import warmfront.streaming.rtmp.RtmpClient;
import warmfront.streaming.rtmp.RtmpClient.Message;
import warmfront.streaming.rtmp.RtmpServer;
import warmfront.streaming.segment.Cadence;
import warmfront.time.ManualClock;

/** A channel that is published at one server and watched at another. */
@Timeout(30)
final class RelayTest {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private static final Channels ONE =
      new Channels() {
        @Override
        public Optional<String> ofKey(String key) {
          return key.equals("secret") ? Optional.of("cam") : Optional.empty();
        }

        @Override
        public boolean isOn(String name) {
          return name.equals("cam");
        }
      };

  private final ManualClock clock = new ManualClock(Instant.EPOCH);
  private final Place home = new Place(Upstream.none());
  private LiveOrigin origin;
  private Relay relay;
  private Place away;

  /** A server of RTMP with its channels. */
  private final class Place {
    final Hub hub;
    private final RtmpServer server =
        new RtmpServer(Limits.standard(), clock, new SplittableRandom(1), 1);
    private InetSocketAddress address = ANY;

    Place(Upstream upstream) {
      hub = new Hub(ONE, LiveLimits.standard(), clock, upstream);
    }

    void start() throws IOException {
      address = server.start(List.of(ANY), new FrontDoor(Map.of("live", hub::connect))).getFirst();
    }

    RtmpClient publisher() throws IOException {
      RtmpClient client = RtmpClient.shaken(address);
      client.connect("live");
      client.createStream();
      client.command("publish", 0, 1, Amf.nothing(), Amf.of("secret"), Amf.of("live"));
      assertThat(client.readStatus()).isEqualTo("NetStream.Publish.Start");
      return client;
    }

    RtmpClient player() throws IOException {
      RtmpClient client = RtmpClient.shaken(address);
      client.connect("live");
      client.createStream();
      client.command("play", 0, 1, Amf.nothing(), Amf.of("cam"));
      assertThat(client.readStatus()).isEqualTo("NetStream.Play.Reset");
      assertThat(client.readStatus()).isEqualTo("NetStream.Play.Start");
      return client;
    }

    void close() {
      server.close();
      hub.close();
    }
  }

  @BeforeEach
  void start() throws IOException {
    home.start();
    origin =
        LiveOrigin.start(
            ANY, 1, Source.of(home.hub, _ -> Cadence.STANDARD), OriginLimits.STANDARD, clock);
    relay = new Relay(_ -> List.of(origin.address()));
    away = new Place(relay);
    away.start();
  }

  @AfterEach
  void close() {
    away.close();
    relay.close();
    origin.close();
    home.close();
  }

  @Test
  void all_who_watch_elsewhere_cost_the_home_one_connection_while_there_is_one() throws Exception {
    try (RtmpClient publisher = home.publisher()) {
      key(publisher, 1000, 1);
      publisher.call("heard", 0);
      RtmpClient first = away.player();
      RtmpClient second = away.player();
      assertThat(number(first)).isEqualTo(1);
      assertThat(number(second)).isEqualTo(1);
      inter(publisher, 1040, 2);
      inter(publisher, 1080, 3);
      for (RtmpClient player : List.of(first, second)) {
        assertThat(number(player)).isEqualTo(2);
        assertThat(number(player)).isEqualTo(3);
      }
      assertThat(origin.counters().connections()).isEqualTo(1);
      assertThat(away.hub.counters().pulled()).isEqualTo(1);
      assertThat(away.hub.isPublished("cam")).as("it is not published there").isFalse();

      first.close();
      second.close();
      await(() -> away.hub.counters().players() == 0);
      clock.advance(Duration.ofSeconds(6));
      await(() -> origin.counters().connections() == 0);
    }
  }

  @Test
  void who_waits_elsewhere_hears_when_it_begins_and_when_it_ends() throws Exception {
    try (RtmpClient player = away.player()) {
      await(() -> origin.counters().requests() == 1);
      try (RtmpClient publisher = home.publisher()) {
        key(publisher, 1000, 1);
        publisher.call("heard", 0);
        await(() -> {
          clock.advance(Duration.ofMillis(20));
          return origin.counters().requests() > 1;
        });
        assertThat(player.readStatus()).isEqualTo("NetStream.Play.PublishNotify");
        assertThat(number(player)).isEqualTo(1);
        publisher.command("deleteStream", 0, 0, Amf.nothing(), Amf.of(1));
        assertThat(player.readStatus()).isEqualTo("NetStream.Play.UnpublishNotify");
      }
    }
  }

  @Test
  void one_who_publishes_here_takes_the_place_of_what_is_brought() throws Exception {
    try (RtmpClient publisher = home.publisher();
        RtmpClient player = away.player()) {
      List<String> heard = new CopyOnWriteArrayList<>();
      away.hub.tap("cam", Runnable::run, new Heard(heard));
      key(publisher, 1000, 1);
      assertThat(number(player)).isEqualTo(1);
      assertThat(heard).as("what is brought is recorded at home alone").isEmpty();
      try (RtmpClient moved = away.publisher()) {
        key(moved, 50_000, 7);
        assertThat(number(player)).isEqualTo(7);
        await(() -> heard.equals(List.of("started", "7")));
        await(() -> origin.counters().connections() == 0);
      }
    }
  }

  private record Heard(List<String> words) implements Tap {
    @Override
    public void started() {
      words.add("started");
    }

    @Override
    public void tag(Tag tag) {
      words.add(String.valueOf(tag.payload().buffer().get(5)));
    }

    @Override
    public void stopped() {
      words.add("stopped");
    }
  }

  private static void key(RtmpClient publisher, long millis, int number) throws IOException {
    publisher.message(9, 6, 1, millis, new byte[] {0x17, 1, 0, 0, 0, (byte) number});
  }

  private static void inter(RtmpClient publisher, long millis, int number) throws IOException {
    publisher.message(9, 6, 1, millis, new byte[] {0x27, 1, 0, 0, 0, (byte) number});
  }

  /** Returns the number of the next picture. */
  private static int number(RtmpClient player) throws IOException {
    Message message = player.readMedia();
    while (message.type() != 9) {
      message = player.readMedia();
    }
    return message.bytes()[5];
  }

  private static void await(BooleanSupplier fact) throws InterruptedException {
    while (!fact.getAsBoolean()) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }
}
