/**
 * Channels as objects of buckets: what is published is written to a spool on disk, and from there
 * goes to its bucket.
 *
 * <p>One thread writes films of all channels, and what waits for it is bounded; what is too much,
 * or finds no room, ends the recording and never the stream. Other threads send what is complete,
 * part by part, and try again for as long as it takes, over restarts, too.
 */
@NullMarked
package warmfront.streaming.recording;

import org.jspecify.annotations.NullMarked;
