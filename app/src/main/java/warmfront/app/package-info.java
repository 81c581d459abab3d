/** Reads the configuration, builds the rooms, starts and drains them. */
@NullMarked
package warmfront.app;

import org.jspecify.annotations.NullMarked;
