/**
 * The numbered picture of everything an edge serves: log entries, the picture they make, their
 * codec.
 */
@NullMarked
package warmfront.snapshot;

import org.jspecify.annotations.NullMarked;
