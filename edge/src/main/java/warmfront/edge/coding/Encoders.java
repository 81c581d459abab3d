package warmfront.edge.coding;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.encoder.BrotliOutputStream;
import com.aayushatharva.brotli4j.encoder.Encoder;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;
import warmfront.edge.step.Coding;

/**
 * Makes encoders. An object is compressed once and sent many times, so that levels are above those
 * that servers use which compress every response.
 */
final class Encoders {
  /** The default of nginx's module; 5 is a fifth faster, and its output 1 to 2 % longer. */
  private static final int BROTLI_QUALITY = 6;

  private static final int BROTLI_WINDOW_MIN = 16;
  private static final int BROTLI_WINDOW_MAX = 22;

  /** About as fast as brotli's 6. Its window, 4 MiB, is within what viewers take (RFC 9659). */
  private static final int ZSTD_LEVEL = 9;

  private static final int BUFFER = 16 << 10;

  private Encoders() {}

  /**
   * Returns an encoder; closing it writes what is left and lets go of its memory.
   *
   * @param length of the body in bytes
   * @throws LinkageError if its native library cannot be loaded
   */
  static OutputStream open(Coding coding, long length, OutputStream out) throws IOException {
    return switch (coding) {
      case GZIP -> new GZIPOutputStream(out, BUFFER); // the JDK's level, 6
      case BROTLI -> brotli(length, out);
      case ZSTD -> new ZstdOutputStreamNoFinalizer(out, ZSTD_LEVEL);
    };
  }

  private static OutputStream brotli(long length, OutputStream out) throws IOException {
    Brotli4jLoader.ensureAvailability();
    int bits = Long.SIZE - Long.numberOfLeadingZeros(length);
    Encoder.Parameters parameters =
        Encoder.Parameters.create(
            BROTLI_QUALITY, Math.clamp(bits, BROTLI_WINDOW_MIN, BROTLI_WINDOW_MAX));
    return new BrotliOutputStream(out, parameters, BUFFER);
  }
}
