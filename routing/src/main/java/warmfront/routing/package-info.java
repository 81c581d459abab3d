/** Which edge location for this viewer. */
@NullMarked
package warmfront.routing;

import org.jspecify.annotations.NullMarked;
