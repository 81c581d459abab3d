package warmfront.streaming.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import warmfront.bytes.Slice;
import warmfront.streaming.media.Tag;
import warmfront.streaming.rtmp.Amf;
import warmfront.streaming.rtmp.Body;
import warmfront.streaming.rtmp.Link;
import warmfront.streaming.rtmp.MediaHead;
import warmfront.streaming.rtmp.Packet;
import warmfront.streaming.rtmp.StreamEvent;
import warmfront.streaming.rtmp.Variant;

/** A player that does not keep up. */
final class PlayerTest {
  private static final LiveLimits LIMITS = LiveLimits.standard();

  private final Written link = new Written();
  private final AtomicLong missed = new AtomicLong();
  private final Player player = new Player(link, 1, "cam", LIMITS, missed);
  private long number;
  private long now;

  @Test
  void misses_everything_until_a_keyframe_finds_it_free_again() {
    give(0x17, 0x27);
    link.pending = LIMITS.lateBytesMax() + 1L;
    give(0x27, 0xAF, 0x17);
    link.pending = LIMITS.lateBytesMax() / 4;
    give(0x27, 0xAF);
    assertThat(link.packets).isEqualTo(2);
    assertThat(missed.get()).isEqualTo(5);

    give(0x17, 0xAF, 0x27);

    assertThat(link.packets).isEqualTo(5);
    assertThat(link.isClosed).isFalse();
  }

  @Test
  void is_let_go_if_that_lasts() {
    link.pending = LIMITS.lateBytesMax() + 1L;
    give(0x27);
    now += Duration.ofSeconds(20).toNanos();
    give(0x17);
    assertThat(link.isClosed).isFalse();

    now += 1;
    give(0x17);

    assertThat(link.isClosed).isTrue();
    assertThat(link.said).containsExactly("Text[value=NetStream.Play.InsufficientBW]");
  }

  @Test
  void hears_sound_at_once_but_sees_nothing_before_a_keyframe() {
    player.join(List.of(), List.of(), List.of(), true, 0);

    give(0x27, 0xAF, 0x27);
    assertThat(link.packets).isEqualTo(1);

    give(0x17, 0x27);
    assertThat(link.packets).isEqualTo(3);
  }

  private void give(int... firstBytes) {
    List<Frame> frames = new ArrayList<>();
    for (int first : firstBytes) {
      Tag.Kind kind = first == 0xAF ? Tag.Kind.AUDIO : Tag.Kind.VIDEO;
      Tag tag = new Tag(kind, 0, Slice.of(new byte[] {(byte) first, 1, 0}));
      frames.add(new Frame(number++, tag, Role.of(tag)));
    }
    Batch batch = Batch.of(frames);
    player.frames(batch, now);
    batch.release();
    frames.forEach(Frame::drop);
  }

  /** A link that counts. */
  private static final class Written implements Link {
    private long pending;
    private int packets;
    private boolean isClosed;
    private final List<String> said = new ArrayList<>();

    @Override
    public String id() {
      return "0123456789abcdef";
    }

    @Override
    public InetSocketAddress remoteAddress() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    }

    @Override
    public InetSocketAddress localAddress() {
      return remoteAddress();
    }

    @Override
    public Variant variant() {
      return Variant.RTMP;
    }

    @Override
    public Executor loop() {
      return Runnable::run;
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
      return () -> {};
    }

    @Override
    public void greet() {}

    @Override
    public void command(int streamId, String name, double transaction, List<Amf> values) {
      said.add(String.valueOf(values.getLast().members().get("code")));
    }

    @Override
    public void data(int streamId, List<Amf> values) {}

    @Override
    public void event(StreamEvent event, int streamId) {}

    @Override
    public void media(MediaHead head, Body body) {}

    @Override
    public void packet(Packet packet) {
      packets++;
    }

    @Override
    public void flush() {}

    @Override
    public boolean isWritable() {
      return true;
    }

    @Override
    public long pendingBytes() {
      return pending;
    }

    @Override
    public long receivedBytes() {
      return 0;
    }

    @Override
    public long sentBytes() {
      return 0;
    }

    @Override
    public void admit() {}

    @Override
    public void admitPublisher() {}

    @Override
    public void close() {
      isClosed = true;
    }
  }
}
