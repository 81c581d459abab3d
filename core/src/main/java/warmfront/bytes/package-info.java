/** Leased off-heap memory, slices, and bodies that flow. */
@NullMarked
package warmfront.bytes;

import org.jspecify.annotations.NullMarked;
