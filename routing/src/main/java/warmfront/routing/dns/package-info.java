/**
 * An authoritative DNS server for one zone, over UDP and TCP: wire format, sockets and the rules of
 * RFC 1035, 2308, 6891, 7766, 7871, 7873, 8482, 9018, 9460. What a tailored name is answered with
 * it asks of its {@link warmfront.routing.dns.Steering}.
 */
@NullMarked
package warmfront.routing.dns;

import org.jspecify.annotations.NullMarked;
