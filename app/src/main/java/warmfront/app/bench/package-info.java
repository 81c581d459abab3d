/** An edge alone, to be measured beside other servers, and the load that an edge is trained by. */
@NullMarked
package warmfront.app.bench;

import org.jspecify.annotations.NullMarked;
