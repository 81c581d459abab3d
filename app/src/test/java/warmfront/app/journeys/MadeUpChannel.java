package warmfront.app.journeys;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import warmfront.bytes.Slice;
import warmfront.streaming.live.Tap;
import warmfront.streaming.media.Tag;
import warmfront.streaming.origin.Source;
import warmfront.streaming.segment.Cadence;

/** The channel {@code cam}: 25 pictures a second that are none, a keyframe every second. */
final class MadeUpChannel implements Source, AutoCloseable {
  private static final String CONFIGURATION =
      "17000000000142c01effe100196742c01eda0280bfe5c044000003000400000300c83c58ba8001000468ce0fc8";
  private static final int PICTURE_MILLIS = 40;
  private static final int KEY_MILLIS = 1000;
  private static final int PICTURE_BYTES = 2_000;

  private final List<Hearing> hearing = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService camera = Executors.newSingleThreadScheduledExecutor();
  private long millis;

  private record Hearing(Executor executor, Tap tap) {
    void tags(List<Tag> tags) {
      executor.execute(() -> tags.forEach(tap::tag));
    }
  }

  MadeUpChannel() {
    var _ =
        camera.scheduleAtFixedRate(
            this::picture, PICTURE_MILLIS, PICTURE_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public boolean isPublished(String channel) {
    return channel.equals("cam");
  }

  @Override
  public Cadence cadence(String channel) {
    return Cadence.STANDARD;
  }

  @Override
  public Optional<Tap.Tapped> tap(String channel, Executor executor, Tap tap) {
    if (!channel.equals("cam")) {
      return Optional.empty();
    }
    Hearing one = new Hearing(executor, tap);
    executor.execute(tap::started);
    one.tags(List.of(new Tag(Tag.Kind.VIDEO, 0, Slice.of(HexFormat.of().parseHex(CONFIGURATION)))));
    hearing.add(one);
    return Optional.of(() -> hearing.remove(one));
  }

  private void picture() {
    byte[] bytes = new byte[PICTURE_BYTES];
    bytes[0] = (byte) (millis % KEY_MILLIS == 0 ? 0x17 : 0x27);
    bytes[1] = 1;
    List<Tag> tags = new ArrayList<>();
    tags.add(new Tag(Tag.Kind.VIDEO, millis, Slice.of(bytes)));
    hearing.forEach(one -> one.tags(tags));
    millis += PICTURE_MILLIS;
  }

  @Override
  public void close() {
    camera.shutdownNow();
  }
}
