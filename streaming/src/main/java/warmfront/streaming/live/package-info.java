/** Channels: who publishes, who watches, and what both of them need of the last seconds. */
@NullMarked
package warmfront.streaming.live;

import org.jspecify.annotations.NullMarked;
