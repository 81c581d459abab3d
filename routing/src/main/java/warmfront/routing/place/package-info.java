/** Where on earth addresses and countries are, and how far that is. */
@NullMarked
package warmfront.routing.place;

import org.jspecify.annotations.NullMarked;
