package warmfront.streaming.rtmp;

import warmfront.bytes.Slice;

/**
 * A message of audio, video or data from the peer.
 *
 * @param kind what it holds
 * @param streamId the message stream that it was sent on
 * @param millis its timestamp, 0 to 2^32 - 1
 * @param payload its bytes, at least one; on the heap, so nobody has to release it
 */
public record MediaMessage(MediaKind kind, int streamId, long millis, Slice payload) {}
