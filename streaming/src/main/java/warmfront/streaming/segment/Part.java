package warmfront.streaming.segment;

import warmfront.bytes.Slice;

/**
 * A part of a segment: a CMAF chunk. A segment's bytes are those of its parts.
 *
 * @param ticks what it lasts, in ticks of its track
 * @param frames how many it has
 * @param independent whether it begins with a keyframe
 */
record Part(Slice bytes, long ticks, int frames, boolean independent) {}
