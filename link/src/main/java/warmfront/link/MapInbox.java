package warmfront.link;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.link.wire.MapChunk;
import warmfront.link.wire.MapHeld;
import warmfront.rtt.MapEdition;
import warmfront.rtt.MapTaker;

/**
 * Editions of the latency map as they come over the stream, part by part; complete, they go to
 * whoever answers by them. Confined to one thread.
 */
final class MapInbox {
  private static final Logger LOG = LoggerFactory.getLogger(MapInbox.class);

  private final Optional<MapTaker> taker;
  private @Nullable MapChunk first;
  private ByteBuffer content = ByteBuffer.allocate(0);

  MapInbox(Optional<MapTaker> taker) {
    this.taker = taker;
  }

  /** Forgets what is not complete: the stream it came over is gone. */
  void reset() {
    first = null;
    content = ByteBuffer.allocate(0);
  }

  /**
   * Takes a part; returns what control is to be told if it was the last.
   *
   * @throws Inbox.NotOurLog if it does not belong to the edition under way, or that is too large
   */
  Optional<MapHeld> chunk(MapChunk chunk) throws Inbox.NotOurLog {
    if (taker.isEmpty()) {
      throw new Inbox.NotOurLog("a latency map came without being asked for");
    }
    MapChunk begun = first;
    if (begun == null) {
      begin(chunk);
    } else if (chunk.getVersion() != begun.getVersion()
        || chunk.getBase() != begun.getBase()
        || chunk.getSize() != begun.getSize()) {
      throw new Inbox.NotOurLog(
          "a part of map %d stands within map %d"
              .formatted(chunk.getVersion(), begun.getVersion()));
    }
    if (chunk.getContent().size() > content.remaining()) {
      throw new Inbox.NotOurLog("map %d is larger than it said".formatted(chunk.getVersion()));
    }
    chunk.getContent().copyTo(content);
    if (content.hasRemaining()) {
      return Optional.empty();
    }
    ByteBuffer whole = content.flip();
    reset();
    return Optional.of(offer(taker.get(), edition(chunk, whole)));
  }

  private void begin(MapChunk chunk) throws Inbox.NotOurLog {
    if (chunk.getSize() < 1 || chunk.getSize() > MapEdition.BYTES_MAX) {
      throw new Inbox.NotOurLog(
          "map %d has %d bytes, 1 to %d are taken"
              .formatted(chunk.getVersion(), chunk.getSize(), MapEdition.BYTES_MAX));
    }
    first = chunk.toBuilder().clearContent().build();
    content = ByteBuffer.allocate((int) chunk.getSize());
  }

  private static MapEdition edition(MapChunk chunk, ByteBuffer whole) throws Inbox.NotOurLog {
    try {
      return new MapEdition(chunk.getVersion(), chunk.getBase(), whole);
    } catch (IllegalArgumentException malformed) {
      throw new Inbox.NotOurLog(String.valueOf(malformed.getMessage()));
    }
  }

  private static MapHeld offer(MapTaker to, MapEdition edition) {
    MapHeld.Builder held = MapHeld.newBuilder().setOffered(edition.version());
    switch (to.take(edition)) {
      case MapTaker.Taken.Answered _ ->
          LOG.info("answers by map {} ({} bytes)", edition.version(), edition.content().limit());
      case MapTaker.Taken.Refused(String reason, boolean wantsWhole) -> {
        LOG.warn("map {} is refused: {}", edition.version(), reason);
        held.setRefusal(reason).setWantsWhole(wantsWhole);
      }
    }
    return held.setVersion(to.version()).build();
  }
}
