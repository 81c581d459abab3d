package warmfront.edge.step;

import java.net.InetSocketAddress;
import java.time.Duration;
import warmfront.http.Fields;
import warmfront.http.Method;

/**
 * What is asked of another edge, always without a body.
 *
 * @param server its id, which its certificate must prove
 * @param address where it listens for edges
 * @param method the method
 * @param target raw path and query
 * @param fields all fields, Host and the {@link Internal} ones among them
 * @param connect longest wait for a connection, TLS included
 * @param patience longest wait for the first byte and between parts
 */
public record PeerRequest(
    String server,
    InetSocketAddress address,
    Method method,
    String target,
    Fields fields,
    Duration connect,
    Duration patience) {}
