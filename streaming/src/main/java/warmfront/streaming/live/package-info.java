/**
 * Channels: who publishes, who watches, and what both of them need of the last seconds.
 *
 * <p>A publisher's tags are put on the channel's own time line, numbered, and kept since the last
 * keyframe, under the channel's lock and on the publisher's loop. From there they go to each loop
 * that has players, one task for what came together, and to those who tap the channel. A player
 * joins under the same lock: it is given what is kept, and the number from which on it listens, so
 * that nothing is missed or comes twice. A message is encoded once for all players; a player that
 * does not keep up misses what comes until a keyframe finds it free again.
 */
@NullMarked
package warmfront.streaming.live;

import org.jspecify.annotations.NullMarked;
