package warmfront.streaming.rtmp;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslHandler;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What may be spoken on a connection or within its TLS, known by its first byte. Thread-safe. */
final class Dialects {
  private static final int LINE_MAX = 4096;
  private static final int HEADER_MAX = 8192;
  private static final int BODY_MAX = 512 << 10;

  private final Set<Variant> variants;
  private final Tls tls;
  private final Tunnels tunnels = new Tunnels();

  /**
   * Makes what is spoken.
   *
   * @param variants those that are not turned off
   * @param tls for those within TLS
   */
  Dialects(Set<Variant> variants, Tls tls) {
    this.variants = Set.copyOf(variants);
    this.tls = tls;
  }

  Tls tls() {
    return tls;
  }

  /** Returns whether TLS may begin on a connection: where it is spoken, and not within itself. */
  boolean mayBeginTls(Channel channel) {
    return !isSecure(channel) && variants.stream().anyMatch(Variant::secure);
  }

  /** Returns whether what is said on a connection is within TLS. */
  static boolean isSecure(Channel channel) {
    return channel.pipeline().get(SslHandler.class) != null;
  }

  /**
   * Has a connection spoken to as its first byte wants it, by handlers at the end of its pipeline.
   *
   * @param since when the peer connected, on the steady clock
   * @return false if nothing here begins so
   */
  boolean speak(int first, Channel channel, Loop loop, long since) {
    return switch (first) {
      case OpenHandshake.VERSION, EncryptedHandshake.VERSION -> {
        @Nullable Variant variant = variant(first, false, isSecure(channel));
        if (variant != null) {
          Handshake handshake = handshake(variant, loop);
          channel.pipeline().addLast(new Socket(channel, variant, loop, handshake, since));
        }
        yield variant != null;
      }
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

  /**
   * Returns what a first byte begins; null if nothing that is spoken.
   *
   * @param isTunnelled whether it came through HTTP
   * @param isSecure whether it came within TLS
   */
  @Nullable Variant variant(int first, boolean isTunnelled, boolean isSecure) {
    boolean isEncrypted = first == EncryptedHandshake.VERSION;
    if (!isEncrypted && first != OpenHandshake.VERSION) {
      return null;
    }
    return variants.stream()
        .filter(one -> one.encrypted() == isEncrypted)
        .filter(one -> one.tunnelled() == isTunnelled && one.secure() == isSecure)
        .findFirst()
        .orElse(null);
  }

  /** Returns a handshake as a variant has it. */
  static Handshake handshake(Variant variant, Loop loop) {
    return variant.encrypted()
        ? new EncryptedHandshake(loop.chance())
        : new OpenHandshake(loop.chance());
  }
}
