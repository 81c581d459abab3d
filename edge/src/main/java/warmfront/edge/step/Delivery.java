package warmfront.edge.step;

/**
 * Step 9, send: how a response reached the viewer.
 *
 * @param bytes bytes written to the connection for it, header included, TLS not
 * @param bodyBytes bytes of the body among them
 * @param firstByteNanos when its first byte was written, on the steady clock
 * @param endNanos when its last byte was written or it broke off
 * @param complete false if the viewer left or the body broke off
 * @param requestBodyBytes bytes of the request's body that were received
 */
public record Delivery(
    long bytes,
    long bodyBytes,
    long firstByteNanos,
    long endNanos,
    boolean complete,
    long requestBodyBytes) {}
