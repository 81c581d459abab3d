/**
 * Resolve, connect, pool, retry and sign: how an origin is asked.
 *
 * <p>A fetch is straight-line code on a virtual thread ({@link warmfront.edge.origin.Origins}): it
 * turns the request into an {@code Ask}, finds an address that may be asked, takes a connection
 * from the peer's {@code Pool} or opens one, and waits for the head. All bytes move on the event
 * loops: one {@code Turn} is one request and its answer on a {@code Connection}, owned by that
 * connection's loop. A body flows by the reader's pace: the socket is read only when the reader has
 * asked and nothing is left of the last read.
 *
 * <p>An origin's answer is hostile until parsed: one strict framing (RFC 9112), every length under
 * a limit, and a connection that says more than was asked is closed, so that no answer is ever
 * taken for another's.
 */
@NullMarked
package warmfront.edge.origin;

import org.jspecify.annotations.NullMarked;
