/**
 * Steps 1 and 9: TLS, HTTP/1, HTTP/2 and HTTP/3 on viewers' connections, as bytes on one side and
 * as {@link warmfront.edge.step.Request} and {@link warmfront.edge.step.Response} on the other.
 *
 * <p>Each event loop accepts for itself (SO_REUSEPORT) and keeps a connection for its life, so that
 * nothing here is locked: a class without a word about threads lives on its connection's loop.
 *
 * <p>A request's framing is read strictly and once, and what comes out of it is never forwarded as
 * bytes: two servers that disagree about where a request ends is how requests are smuggled (RFC
 * 9112, section 11.2). What is not right by the letter is refused and the connection closed.
 *
 * <p>Timeouts are not timers: each loop sweeps its connections twice a second and compares with the
 * clock, so that a request on a connection kept alive costs one store to a field.
 */
@NullMarked
package warmfront.edge.viewer;

import org.jspecify.annotations.NullMarked;
