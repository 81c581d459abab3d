/**
 * One request, from first byte to log line: the ten steps in order, start, drain, swap of snapshot.
 */
@NullMarked
package warmfront.edge;

import org.jspecify.annotations.NullMarked;
