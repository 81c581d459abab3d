/** Clock and deadline: the only place that asks what time it is. */
@NullMarked
package warmfront.time;

import org.jspecify.annotations.NullMarked;
