package warmfront.streaming.rtmp;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What may be spoken on a connection, known by its first byte. Thread-safe. */
final class Dialects {
  private static final int LINE_MAX = 4096;
  private static final int HEADER_MAX = 8192;
  private static final int BODY_MAX = 512 << 10;

  private final Set<Variant> variants;
  private final Tunnels tunnels = new Tunnels();

  /**
   * Makes what is spoken.
   *
   * @param variants those that are not turned off
   */
  Dialects(Set<Variant> variants) {
    this.variants = Set.copyOf(variants);
  }

  /**
   * Has a connection spoken to as its first byte wants it, by handlers at the end of its pipeline.
   *
   * @param since when the peer connected, on the steady clock
   * @return false if nothing here begins so
   */
  boolean speak(int first, Channel channel, Loop loop, long since) {
    return switch (first) {
      case OpenHandshake.VERSION -> converse(Variant.RTMP, channel, loop, since);
      case EncryptedHandshake.VERSION -> converse(Variant.RTMPE, channel, loop, since);
      case 'G', 'H', 'P', 'O' -> {
        TunnelDoor tunnel = new TunnelDoor(channel, loop, tunnels, this);
        channel
            .pipeline()
            .addLast(new HttpServerCodec(LINE_MAX, HEADER_MAX, HEADER_MAX))
            .addLast(new HttpObjectAggregator(BODY_MAX))
            .addLast(new WebDoor(loop, channel, tunnel));
        yield true;
      }
      default -> false;
    };
  }

  private boolean converse(Variant variant, Channel channel, Loop loop, long since) {
    boolean isSpoken = variants.contains(variant);
    if (isSpoken) {
      Handshake handshake = handshake(variant, loop);
      channel.pipeline().addLast(new Socket(channel, variant, loop, handshake, since));
    }
    return isSpoken;
  }

  /** Returns what a tunnel's first byte begins; null if nothing that is spoken. */
  @Nullable Variant tunnelled(int first) {
    Variant variant = first == EncryptedHandshake.VERSION ? Variant.RTMPTE : Variant.RTMPT;
    boolean isKnown = first == OpenHandshake.VERSION || first == EncryptedHandshake.VERSION;
    return isKnown && variants.contains(variant) ? variant : null;
  }

  /** Returns a handshake as a variant has it. */
  static Handshake handshake(Variant variant, Loop loop) {
    return variant.encrypted()
        ? new EncryptedHandshake(loop.chance())
        : new OpenHandshake(loop.chance());
  }
}
