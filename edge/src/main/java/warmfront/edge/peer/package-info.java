/**
 * Which server of a location keeps an object, and which of them can be asked for it.
 *
 * <p>Each key has an owner among the servers of a location, by weighted rendezvous hashing over
 * those that the register says are active and that answered when they were asked last: every server
 * finds the same without a word to the others, and one that comes or goes moves only its own share.
 * A server that misses an object of another's asks the owner, then the one that would own it if
 * that were gone, then the origin. It does not keep what it got so, or each object would lie on
 * every server; but what it asks for again and again it keeps as well, so that no owner has to
 * carry the whole location's crowd.
 *
 * <p>Servers of another location, which is asked before the origin, are found in the same way; what
 * they answer is always kept. Which location that is, says {@link warmfront.edge.peer.Terrain}.
 *
 * <p>Here is nothing but the choice; the sockets are {@code edge.origin}'s and {@code
 * edge.viewer}'s. All of it is asked after a miss: a hit knows nothing of it.
 */
@NullMarked
package warmfront.edge.peer;

import org.jspecify.annotations.NullMarked;
