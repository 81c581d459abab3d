/**
 * Resolve, connect, pool, retry and sign: how an origin is asked.
 *
 * <p>A fetch ({@link warmfront.edge.origin.Origins}) turns the request into an {@code Ask}. If a
 * connection to the peer is idle in its {@code Pool}, the request goes over it at once and the
 * connection's loop hands the answer over; else straight-line code on a virtual thread finds an
 * address that may be asked, opens a connection, and tries again where that is allowed. All bytes
 * move on the event loops: one {@code Turn} is one request and its answer on a {@code Connection},
 * owned by that connection's loop. A body flows by the reader's pace: the socket is read only when
 * the reader has asked and nothing is left of the last read.
 *
 * <p>A call of gRPC is a {@code Call} on a stream of a {@code CallConnection} over HTTP/2, of which
 * {@code CallLines} has as many for a peer as its calls under way need.
 *
 * <p>An origin's answer is hostile until parsed: one strict framing (RFC 9112), every length under
 * a limit, and a connection that says more than was asked is closed, so that no answer is ever
 * taken for another's.
 */
@NullMarked
package warmfront.edge.origin;

import org.jspecify.annotations.NullMarked;
