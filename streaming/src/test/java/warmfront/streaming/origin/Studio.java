package warmfront.streaming.origin;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import warmfront.bytes.Slice;
import warmfront.streaming.live.Tap;
import warmfront.streaming.media.Tag;
import warmfront.streaming.segment.Cadence;

/** A source with one channel, {@code cam}, whose pictures are made up. */
final class Studio implements Source {
  private static final String AVC =
      "17000000000142c01effe100196742c01eda0280bfe5c044000003000400000300c83c58ba8001000468ce0fc8";

  private final List<Listener> taps = new CopyOnWriteArrayList<>();
  private final List<Tag> sinceKey = new ArrayList<>();
  private volatile boolean published;
  private long millis;
  private int length = 16;

  private record Listener(Executor executor, Tap tap) {
    void tell(Runnable what) {
      executor.execute(what);
    }
  }

  @Override
  public boolean isPublished(String channel) {
    return published && channel.equals("cam");
  }

  @Override
  public Cadence cadence(String channel) {
    return Cadence.STANDARD;
  }

  @Override
  public synchronized Optional<Tap.Tapped> tap(String channel, Executor executor, Tap tap) {
    if (!channel.equals("cam")) {
      return Optional.empty();
    }
    Listener listener = new Listener(executor, tap);
    taps.add(listener);
    if (published) {
      listener.tell(tap::started);
      List<Tag> kept = List.copyOf(sinceKey);
      listener.tell(() -> kept.forEach(tap::tag));
    }
    return Optional.of(() -> taps.remove(listener));
  }

  int taps() {
    return taps.size();
  }

  /** Makes pictures of so many bytes. */
  void setLength(int bytes) {
    length = bytes;
  }

  synchronized void begin() {
    published = true;
    millis = 0;
    sinceKey.clear();
    taps.forEach(listener -> listener.tell(listener.tap()::started));
    send(new Tag(Tag.Kind.VIDEO, 0, Slice.of(HexFormat.of().parseHex(AVC))));
  }

  /** Publishes pictures, 25 a second, a keyframe every two seconds; all of them at once. */
  synchronized void go(int pictures) {
    for (int i = 0; i < pictures; i++) {
      byte[] bytes = new byte[length];
      bytes[0] = (byte) (millis % 2000 == 0 ? 0x17 : 0x27);
      bytes[1] = 1;
      if (millis % 2000 == 0) {
        sinceKey.subList(1, sinceKey.size()).clear();
      }
      send(new Tag(Tag.Kind.VIDEO, millis, Slice.of(bytes)));
      millis += 40;
    }
  }

  synchronized void end() {
    published = false;
    taps.forEach(listener -> listener.tell(listener.tap()::stopped));
  }

  private void send(Tag tag) {
    sinceKey.add(tag);
    taps.forEach(listener -> listener.tell(() -> listener.tap().tag(tag)));
  }
}
