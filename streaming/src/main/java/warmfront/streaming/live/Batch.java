package warmfront.streaming.live;

import java.util.List;
import warmfront.streaming.rtmp.Packet;

/**
 * Frames on their way to one loop, with a hold of each frame's packet.
 *
 * @param frames in their order
 * @param packets of the frames; held until {@link #release}
 */
record Batch(List<Frame> frames, List<Packet> packets) {
  /** Makes a batch, under the channel's lock. */
  static Batch of(List<Frame> frames) {
    return new Batch(List.copyOf(frames), frames.stream().map(Frame::packet).toList());
  }

  /** Lets go of the packets. */
  void release() {
    packets.forEach(Packet::release);
  }
}
