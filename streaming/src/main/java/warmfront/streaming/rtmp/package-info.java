/**
 * RTMP and its kin on connections: handshakes, chunks, AMF, commands; tunnelled, encrypted or
 * plain.
 */
@NullMarked
package warmfront.streaming.rtmp;

import org.jspecify.annotations.NullMarked;
