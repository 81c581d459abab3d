/**
 * Content codings: bodies are compressed while they flow from the origin, once for all viewers who
 * get them.
 *
 * <p>Compressing a part takes as long as a thousand hits, so no event loop does it. A few threads
 * take the parts of one body one after another; no thread waits for a body. How many bodies are
 * compressed at a time is bounded, and with them the memory of the encoders: one more stays as it
 * is, which costs the viewer bytes and the edge nothing (CloudFront, "Serving compressed files":
 * best effort).
 */
@NullMarked
package warmfront.edge.coding;

import org.jspecify.annotations.NullMarked;
