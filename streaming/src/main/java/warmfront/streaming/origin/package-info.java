/** Channels over HTTP: the origin that web distributions ask for playlists, segments and FLV. */
@NullMarked
package warmfront.streaming.origin;

import org.jspecify.annotations.NullMarked;
