package warmfront.streaming.live;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import warmfront.streaming.media.Tag;
import warmfront.streaming.rtmp.Body;
import warmfront.streaming.rtmp.MediaHead;
import warmfront.streaming.rtmp.MediaKind;
import warmfront.streaming.rtmp.Packet;

/**
 * A tag on a channel. Its packet is made when somebody first needs it, under the channel's lock,
 * and held for as long as the frame is kept or under way.
 */
final class Frame {
  /** The message stream that nearly every player plays on: the first that it makes. */
  static final int STREAM = 1;

  private final long number;
  private final Tag tag;
  private final Role role;
  private @Nullable Packet packet;

  /**
   * Makes a frame.
   *
   * @param number one more than that of the tag before it on the channel
   */
  Frame(long number, Tag tag, Role role) {
    this.number = number;
    this.tag = tag;
    this.role = role;
  }

  long number() {
    return number;
  }

  Tag tag() {
    return tag;
  }

  Role role() {
    return role;
  }

  int length() {
    return tag.payload().length();
  }

  /** Returns it as a message on {@link #STREAM}, with a hold for the caller; under the lock. */
  Packet packet() {
    Packet made = packet;
    if (made == null) {
      made = Packet.of(head(STREAM, tag.millis()), body());
      packet = made;
    }
    return made.hold();
  }

  /** It is kept no more; under the lock. */
  void drop() {
    if (packet != null) {
      packet.release();
      packet = null;
    }
  }

  /** Returns what a message of it begins with. */
  MediaHead head(int streamId, long millis) {
    MediaKind kind =
        switch (tag.kind()) {
          case AUDIO -> MediaKind.AUDIO;
          case VIDEO -> MediaKind.VIDEO;
          case SCRIPT -> MediaKind.DATA;
        };
    return new MediaHead(kind, streamId, millis, length());
  }

  /** Returns its bytes for a message. */
  Body body() {
    return (offset, target) -> {
      ByteBuffer bytes = tag.payload().buffer();
      target.put(bytes.position(offset).limit(offset + target.remaining()));
    };
  }
}
