/**
 * Steps 3, 4 and 8: who is served, what makes two requests the same, what the origin is asked, and
 * how an answer is dressed for the viewer.
 *
 * <p>One rule holds the room together: what is in the key reaches the origin, as it is in the key;
 * and what is not in the key reaches it on a fetch whose answer others may get only where the
 * distribution's owner said so, by an origin request policy or by legacy settings. Both are read
 * from the same {@code Plan}, compiled once per route, so that they cannot differ. A fetch that is
 * shared asks for the whole object, without the viewer's conditions and range; these are answered
 * here from what was stored. A request that passes the cache by keeps them.
 */
@NullMarked
package warmfront.edge.policy;

import org.jspecify.annotations.NullMarked;
