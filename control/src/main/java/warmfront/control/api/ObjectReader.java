package warmfront.control.api;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.Optional;
import warmfront.distribution.S3Endpoint;

/** Reads small objects of buckets. Called on any thread; waits for the answer. */
public interface ObjectReader {
  /** Where no bucket can be read. */
  ObjectReader NONE = (_, name, _) -> new Answer.Unread("this process reads no buckets: " + name);

  /**
   * Reads an object.
   *
   * @param endpoint where the bucket is asked
   * @param bytesMax the most that is wanted; what is longer may be cut after one byte more
   */
  Answer read(S3Endpoint endpoint, Name name, int bytesMax);

  /**
   * Which object.
   *
   * @param bucket the bucket's name
   * @param key the object's key, not encoded
   * @param version which version of it; empty for the latest
   */
  record Name(String bucket, String key, Optional<String> version) {
    @Override
    public String toString() {
      return bucket + "/" + key;
    }
  }

  /** What came of it. */
  sealed interface Answer {
    /**
     * The object.
     *
     * @param bytes all of it, read-only
     */
    record Read(ByteBuffer bytes) implements Answer {
      /** Makes one of bytes that nobody changes any more. */
      public static Read of(byte[] bytes) {
        return new Read(ByteBuffer.wrap(bytes).asReadOnlyBuffer());
      }

      /** Returns the bytes as text. */
      public String text(Charset charset) {
        return charset.decode(bytes.duplicate()).toString();
      }
    }

    /**
     * It cannot be read.
     *
     * @param reason why, for the caller of the API
     */
    record Unread(String reason) implements Answer {}
  }
}
