package warmfront.edge.step;

/**
 * Step 8, dress: what the viewer gets.
 *
 * @param head the unchanging part
 * @param stamp what differs per request
 * @param body the body
 * @param close whether the connection is closed after it (HTTP/1)
 */
public record Response(Head head, Stamp stamp, Body body, boolean close) {}
