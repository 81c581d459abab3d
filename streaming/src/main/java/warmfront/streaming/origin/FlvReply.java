package warmfront.streaming.origin;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import warmfront.streaming.live.Tap;
import warmfront.streaming.media.Tag;

/**
 * A channel as one FLV file (FLV 10.1, annex E) for as long as the broadcast lasts, from the last
 * keyframe on. One who does not keep up misses pictures until a keyframe, and then the rest. On the
 * connection's loop.
 */
final class FlvReply implements Connection.Reply, Tap {
  private static final int HAS_AUDIO = 4;

  private static final int HAS_VIDEO = 1;

  private final Door door;
  private final Connection connection;
  private final ChannelHandlerContext context;
  private final Asking asking;
  private final List<Tag> ahead = new ArrayList<>();
  private @Nullable Tapped tapped;
  private boolean started;
  private boolean begun;
  private boolean over;
  private boolean skips;
  private long first;
  private long movedNanos;

  private FlvReply(Door door, Connection connection, ChannelHandlerContext context, Asking asking) {
    this.door = door;
    this.connection = connection;
    this.context = context;
    this.asking = asking;
    this.movedNanos = door.clock().nanos();
  }

  /** Begins to send a channel, or says why not. */
  static void begin(
      Door door,
      Connection connection,
      ChannelHandlerContext context,
      Asking asking,
      String channel) {
    if (!door.source().isPublished(channel)) {
      connection.missing(context, asking, "the channel is not published now");
      return;
    }
    if (asking.isHead()) {
      connection.begin(context, asking, "video/x-flv", Heads.NOT_KEPT);
      connection.end(context, asking);
      return;
    }
    FlvReply reply = new FlvReply(door, connection, context, asking);
    Optional<Tapped> tapped = door.source().tap(channel, context.executor(), reply);
    if (tapped.isEmpty()) {
      connection.missing(context, asking, "there is no such channel");
      return;
    }
    reply.tapped = tapped.get();
    connection.replying(reply);
    connection.begin(context, asking, "video/x-flv", Heads.NOT_KEPT);
    context.flush();
  }

  @Override
  public void started() {
    started = true;
  }

  @Override
  public void tag(Tag tag) {
    if (over || !started) {
      return;
    }
    if (!begun && isAhead(tag)) {
      ahead.add(tag);
      return;
    }
    if (!begun) {
      begin(tag);
    }
    if (keepsUp(tag)) {
      write(tag);
      context.flush();
    }
  }

  private void begin(Tag frame) {
    begun = true;
    first = frame.millis();
    int has = frame.kind() == Tag.Kind.AUDIO ? HAS_AUDIO : HAS_VIDEO;
    for (Tag tag : ahead) {
      has |=
          switch (tag.kind()) {
            case AUDIO -> HAS_AUDIO;
            case VIDEO -> HAS_VIDEO;
            case SCRIPT -> 0;
          };
    }
    ByteBuf head = context.alloc().buffer(13);
    head.writeBytes(new byte[] {'F', 'L', 'V', 1, (byte) has}).writeInt(9).writeInt(0);
    var _ = context.write(head);
    ahead.forEach(this::write);
    ahead.clear();
  }

  /** Returns whether a tag goes ahead of frames: metadata, or a codec's configuration. */
  private static boolean isAhead(Tag tag) {
    return tag.kind() == Tag.Kind.SCRIPT || tag.isConfiguration();
  }

  private static boolean isKey(Tag tag) {
    ByteBuffer payload = tag.payload().buffer();
    return tag.kind() == Tag.Kind.VIDEO && payload.hasRemaining() && (payload.get(0) >> 4 & 7) == 1;
  }

  private boolean keepsUp(Tag tag) {
    long now = door.clock().nanos();
    boolean writable = context.channel().isWritable();
    if (writable) {
      movedNanos = now;
    } else if (now - movedNanos > door.limits().stall().toNanos()) {
      var _ = context.close();
      return false;
    }
    if (isAhead(tag)) {
      return true;
    }
    skips |= !writable;
    if (writable && isKey(tag)) {
      skips = false;
    }
    return !skips;
  }

  private void write(Tag tag) {
    ByteBuffer payload = tag.payload().buffer();
    int length = payload.remaining();
    long millis = Math.max(tag.millis() - first, 0);
    ByteBuf out = context.alloc().buffer(15 + length);
    out.writeByte(tag.kind().number()).writeMedium(length);
    out.writeMedium((int) millis).writeByte((int) (millis >> 24)).writeMedium(0);
    out.writeBytes(payload).writeInt(11 + length);
    var _ = context.write(out);
  }

  @Override
  public void stopped() {
    if (!started || over) {
      return;
    }
    finish();
    connection.end(context, asking);
  }

  @Override
  public void abandon() {
    finish();
  }

  private void finish() {
    over = true;
    @Nullable Tapped current = tapped;
    if (current != null) {
      current.end();
    }
  }
}
