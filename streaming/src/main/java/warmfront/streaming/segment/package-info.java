/** Live frames as CMAF segments and parts, and the HLS and DASH playlists that name them. */
@NullMarked
package warmfront.streaming.segment;

import org.jspecify.annotations.NullMarked;
