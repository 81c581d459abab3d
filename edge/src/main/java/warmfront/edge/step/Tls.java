package warmfront.edge.step;

/**
 * The viewer's TLS session.
 *
 * @param protocol as access logs spell it, {@code TLSv1.3}
 * @param cipher its OpenSSL name
 * @param serverName the name the viewer asked for, lower case; empty if none
 * @param peer the id of the server of the fleet that is at the other end; empty for a viewer
 */
public record Tls(String protocol, String cipher, String serverName, String peer) {}
