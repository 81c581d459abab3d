/** The stream between control and its edges and DNS servers, seen from the follower. */
@NullMarked
package warmfront.link;

import org.jspecify.annotations.NullMarked;
