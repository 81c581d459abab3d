/** Who may change what, and how it reaches the edges. */
@NullMarked
package warmfront.control;

import org.jspecify.annotations.NullMarked;
