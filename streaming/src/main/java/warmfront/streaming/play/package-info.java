/**
 * A viewer of an object of a streaming distribution: connect, play, seek, pause, pace, and the log
 * of it.
 */
@NullMarked
package warmfront.streaming.play;

import org.jspecify.annotations.NullMarked;
