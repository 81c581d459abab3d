/** Channels from the servers where they are at home, as FLV over HTTP, read while it comes. */
@NullMarked
package warmfront.streaming.relay;

import org.jspecify.annotations.NullMarked;
