package warmfront.control.publish;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import warmfront.link.wire.MapChunk;
import warmfront.link.wire.MapHeld;
import warmfront.rtt.MapEdition;
import warmfront.rtt.MapSource;

/**
 * What one server is still to be sent of the latency map, in parts. An edition is sent to its end
 * though there may be a newer one by then. Thread-safe; never waits.
 */
final class MapFeed {
  /** How much of a map may stand before an entry of the log, in bytes. */
  static final int CHUNK_BYTES = 256 << 10;

  private final MapSource source;

  /** What the server has if it takes all that was sent. */
  private long expected;

  /** What it has for sure. */
  private long held;

  private @Nullable MapEdition underWay;
  private int sent;

  /** The last edition that was sent to its end, and whether it was a change. */
  private long offered;

  private boolean offeredChange;

  /** The newest edition that it refused as a whole: what is newer may please. */
  private long spurned;

  /** A feed for a server that has this version of the map; 0 for none. */
  MapFeed(MapSource source, long held) {
    this.source = source;
    this.held = held;
    this.expected = held;
  }

  /** Returns the version that the server has. */
  synchronized long held() {
    return held;
  }

  /** Returns the next part that is to be sent; empty if there is nothing to say at the moment. */
  synchronized Optional<MapChunk> next() {
    if (underWay == null && source.version() > Math.max(expected, spurned)) {
      underWay = source.since(expected).orElse(null);
    }
    MapEdition edition = underWay;
    if (edition == null) {
      return Optional.empty();
    }
    ByteBuffer content = edition.content();
    int end = Math.min(content.limit(), sent + CHUNK_BYTES);
    MapChunk chunk =
        MapChunk.newBuilder()
            .setVersion(edition.version())
            .setBase(edition.base())
            .setSize(content.limit())
            .setContent(part(content, sent, end))
            .build();
    sent = end;
    if (sent == content.limit()) {
      underWay = null;
      sent = 0;
      expected = edition.version();
      offered = edition.version();
      offeredChange = !edition.isWhole();
    }
    return Optional.of(chunk);
  }

  /** Takes what the server says of an edition. */
  synchronized void answered(MapHeld word) {
    held = word.getVersion();
    if (word.getRefusal().isEmpty() || word.getOffered() != offered) {
      return;
    }
    if (sent == 0) {
      underWay = null; // what was begun is ended: the server waits for the rest
    }
    expected = 0;
    if (!(word.getWantsWhole() && offeredChange)) {
      spurned = offered;
    }
  }

  private static ByteString part(ByteBuffer content, int from, int to) {
    // The content of an edition is never changed.
    return UnsafeByteOperations.unsafeWrap(content.slice(from, to - from));
  }
}
