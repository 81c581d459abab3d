/** The word of an edge to DNS servers that it serves, authenticated. */
@NullMarked
package warmfront.heartbeat;

import org.jspecify.annotations.NullMarked;
