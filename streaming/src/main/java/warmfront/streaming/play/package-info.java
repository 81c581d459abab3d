/**
 * A viewer of an object of a streaming distribution: connect, play, seek, pause, pace, and the log
 * of it.
 *
 * <p>A {@link warmfront.streaming.play.FrontDoor} begins each connection and hands it to the
 * application that its connect command names. That of streaming distributions has a connection with
 * streams; a stream has at most one playback at a time; a playback has a reel of frames, the blocks
 * of the object that hold them, and a pace. Nothing pushes: a frame is looked for only when the
 * link takes it, its time has come and its bytes are there. Whichever of the three was missing
 * calls back - the link, the connection's one timer, the blocks - and the same loop goes on. So a
 * slow viewer, a slow origin and a pause need no care of their own, and no memory.
 *
 * <p>Bytes stay where the cache has them: blocks are pinned slices, and a frame is copied once,
 * into what the link sends. What all viewers of an object share, its index, is in the library.
 */
@NullMarked
package warmfront.streaming.play;

import org.jspecify.annotations.NullMarked;
