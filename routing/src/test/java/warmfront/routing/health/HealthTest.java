package warmfront.routing.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import warmfront.heartbeat.Heartbeat;
import warmfront.heartbeat.HeartbeatCodec;
import warmfront.time.ManualClock;

final class HealthTest {
  private final ManualClock clock = new ManualClock(Instant.EPOCH);
  private final Health health = new Health(HealthLimits.DEFAULT, clock);

  @Test
  void everyone_is_hoped_for_in_the_first_three_seconds_and_not_longer() {
    clock.advance(Duration.ofMillis(2999));
    assertThat(health.judge("fra-1")).isEqualTo(Judgement.HOPED_FOR);

    clock.advance(Duration.ofMillis(1));
    assertThat(health.judge("fra-1")).isEqualTo(Judgement.NEVER_HEARD);
  }

  @Test
  void a_server_silent_for_three_seconds_is_out_and_back_when_heard() {
    health.take(beat(1, 1, true, false));
    clock.advance(Duration.ofMillis(2999));
    assertThat(health.judge("fra-1")).isEqualTo(Judgement.SERVING);

    clock.advance(Duration.ofMillis(1));
    assertThat(health.judge("fra-1")).isEqualTo(Judgement.SILENT);

    health.take(beat(1, 2, true, false));
    assertThat(health.judge("fra-1")).isEqualTo(Judgement.SERVING);
  }

  @Test
  void an_old_heartbeat_sent_again_brings_nobody_back() {
    health.take(beat(1, 7, true, false));
    clock.advance(Duration.ofSeconds(4));

    assertThat(health.take(beat(1, 7, true, false))).isFalse();
    assertThat(health.judge("fra-1")).isEqualTo(Judgement.SILENT);
    assertThat(health.take(beat(2, 1, true, false))).isTrue();
  }

  @Test
  void the_wall_clock_may_jump_without_killing_anyone() {
    health.take(beat(1, 1, true, false));
    clock.jump(Duration.ofDays(400));

    assertThat(health.judge("fra-1")).isEqualTo(Judgement.SERVING);
  }

  @Test
  void a_server_says_itself_that_it_drains_or_does_not_serve() {
    health.take(beat(1, 1, true, true));
    assertThat(health.judge("fra-1")).isEqualTo(Judgement.DRAINING);

    health.take(beat(1, 2, false, false));
    assertThat(health.judge("fra-1")).isEqualTo(Judgement.NOT_SERVING);
  }

  @Test
  void no_more_servers_are_listened_to_than_the_limit() {
    Health small = new Health(new HealthLimits(Duration.ofSeconds(3), 0.6, 10, 0.5, 1), clock);
    small.take(beat(1, 1, true, false));

    assertThat(small.take(new Heartbeat("nrt-1", "NRT", 1, 1, 1, true, false))).isFalse();
    small.keep(Set.of("nrt-1"));
    assertThat(small.take(new Heartbeat("nrt-1", "NRT", 1, 1, 1, true, false))).isTrue();
  }

  @Test
  void few_locations_are_believed_dead_until_the_last_and_many_until_the_share() {
    HealthLimits limits = HealthLimits.DEFAULT;

    assertThat(limits.isUnbelievable(2, 3)).isFalse();
    assertThat(limits.isUnbelievable(3, 3)).isTrue();
    assertThat(limits.isUnbelievable(6, 10)).isFalse();
    assertThat(limits.isUnbelievable(7, 10)).isTrue();
    assertThat(limits.isUnbelievable(0, 0)).isFalse();
  }

  @Test
  void only_datagrams_that_a_key_of_the_fleet_proves_are_taken() throws Exception {
    HeartbeatCodec old = new HeartbeatCodec(key(1));
    HeartbeatCodec current = new HeartbeatCodec(key(2));
    BlockingQueue<Heartbeat> taken = new LinkedBlockingQueue<>();
    InetSocketAddress any = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);

    try (HeartbeatReceiver receiver =
            HeartbeatReceiver.open(any, () -> List.of(current, old), taken::add);
        DatagramSocket socket = new DatagramSocket()) {
      send(socket, receiver, new HeartbeatCodec(key(3)).encode(beat(1, 1, true, false)));
      send(socket, receiver, new byte[1000]);
      send(socket, receiver, new byte[0]);
      send(socket, receiver, old.encode(beat(1, 2, true, false)));
      send(socket, receiver, current.encode(beat(1, 3, true, false)));

      assertThat(taken.poll(10, TimeUnit.SECONDS)).isEqualTo(beat(1, 2, true, false));
      assertThat(taken.poll(10, TimeUnit.SECONDS)).isEqualTo(beat(1, 3, true, false));
      assertThat(receiver.refused()).isEqualTo(3);
    }
  }

  private static void send(DatagramSocket socket, HeartbeatReceiver to, byte[] bytes)
      throws IOException {
    socket.send(new DatagramPacket(bytes, bytes.length, to.address()));
  }

  private static byte[] key(int first) {
    byte[] key = new byte[32];
    key[0] = (byte) first;
    return key;
  }

  private static Heartbeat beat(
      long incarnation, long sequence, boolean serving, boolean draining) {
    return new Heartbeat("fra-1", "FRA", incarnation, sequence, 1, serving, draining);
  }
}
