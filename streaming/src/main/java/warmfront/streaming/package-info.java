/** RTMP out of the edge's cache; live in; segments out. */
@NullMarked
package warmfront.streaming;

import org.jspecify.annotations.NullMarked;
