package warmfront.edge.step;

import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Flow;
import warmfront.http.ByteRange;
import warmfront.http.Fields;
import warmfront.http.Method;

/**
 * Step 1, receive: a request whose framing and syntax are right. Nothing in it is decoded: path and
 * query are as they came.
 *
 * @param id the request's id, as X-Amz-Cf-Id gives it: 24 characters
 * @param method the method
 * @param host the Host or :authority, lower case, without a port
 * @param path the raw path, begins with {@code /}
 * @param query what follows the first {@code ?}, or null without one
 * @param fields all header fields but those of framing and connection (Host stays in)
 * @param body the body; empty for most
 * @param bodyLength its length in bytes; 0 without one, -1 if not known beforehand, {@link #TUNNEL}
 *     if it asks for one
 * @param protocol the viewer's HTTP version
 * @param tls the TLS session, if there is one
 * @param place where it was received
 * @param viewer the peer's address and port; the unspecified address (RFC 4291, section 2.5.2)
 *     where it is asked for no one viewer
 * @param headBytes bytes of the request line and header as received, for the log
 * @param startNanos when its header had come, on the steady clock
 */
public record Request(
    String id,
    Method method,
    String host,
    String path,
    @Nullable String query,
    Fields fields,
    Flow body,
    long bodyLength,
    Protocol protocol,
    Optional<Tls> tls,
    Place place,
    InetSocketAddress viewer,
    int headBytes,
    long startNanos) {
  /**
   * The length of the body of a request that asks for WebSocket (RFC 6455, section 4.1): the body
   * is whatever the viewer sends once the origin has agreed by 101.
   */
  public static final long TUNNEL = -2;

  /** Returns path and query as they came. */
  public String target() {
    return query == null ? path : path + "?" + query;
  }

  /** Returns whether it has a body, be it of unknown length. */
  public boolean hasBody() {
    return bodyLength != 0;
  }

  /** Returns whether it asks for a tunnel. */
  public boolean isTunnel() {
    return bodyLength == TUNNEL;
  }

  /** Returns this request asking for all of the object. */
  public Request withoutRange() {
    return withFields(fields.edit().removeIf(name -> name.equalsIgnoreCase("Range")).build());
  }

  /** Returns this request asking for a part of the object. */
  public Request withRange(ByteRange range) {
    String bytes = "bytes=" + range.first() + "-" + range.last();
    return withFields(fields.edit().set("Range", bytes).build());
  }

  /** Returns this request asking for another path. */
  public Request withPath(String other) {
    return with(other, query, fields);
  }

  /** Returns this request with another query, or null for none. */
  public Request withQuery(@Nullable String other) {
    return with(path, other, fields);
  }

  /** Returns this request with other fields. */
  public Request withFields(Fields others) {
    return with(path, query, others);
  }

  /** Returns this request with another body. */
  public Request withBody(Flow other, int length) {
    return new Request(
        id,
        method,
        host,
        path,
        query,
        fields,
        other,
        length,
        protocol,
        tls,
        place,
        viewer,
        headBytes,
        startNanos);
  }

  private Request with(String otherPath, @Nullable String otherQuery, Fields otherFields) {
    return new Request(
        id,
        method,
        host,
        otherPath,
        otherQuery,
        otherFields,
        body,
        bodyLength,
        protocol,
        tls,
        place,
        viewer,
        headBytes,
        startNanos);
  }
}
