package warmfront.streaming.segment;

import java.nio.ByteBuffer;

/**
 * A coded frame.
 *
 * @param millis when it is decoded, as its publisher says
 * @param offsetMillis how much later it is shown
 * @param key whether decoding may begin here
 * @param bytes as a sample of ISO media; never written to
 */
record Frame(long millis, int offsetMillis, boolean key, ByteBuffer bytes) {}
