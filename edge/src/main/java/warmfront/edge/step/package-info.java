/** The values that pass between the steps of a request. */
@NullMarked
package warmfront.edge.step;

import org.jspecify.annotations.NullMarked;
