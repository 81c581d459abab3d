package warmfront.bytes;

import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Reads parts of objects as soon as their bytes are there, whether they are kept here or still come
 * from elsewhere. Thread-safe; never waits.
 */
public interface RangedReader {
  /**
   * Reads a part of an object.
   *
   * @param object what is read
   * @param offset of the first byte, from 0
   * @param length number of bytes that are wanted, at least 1; there may be fewer at the end
   * @param loop where {@code then} is called, never before this returns, and where the flow is
   *     read; its call-backs come there, too
   * @param then gets the answer, once; it reads the flow to its end or cancels it
   */
  void read(Wanted object, long offset, long length, Executor loop, Consumer<Answer> then);

  /**
   * An object.
   *
   * @param distribution the id of the distribution that it is of
   * @param path its path as in a URL: begins with {@code /}, reserved characters escaped
   */
  record Wanted(String distribution, String path) {}

  /** What a read came to. */
  sealed interface Answer {}

  /**
   * The part, from the offset on.
   *
   * @param length of the whole object, in bytes
   * @param version differs from that of any other content; parts of one version fit together
   * @param hit whether it was all here
   * @param flow the bytes; they may break off, as when the object changes meanwhile
   */
  record Found(long length, String version, boolean hit, Flow flow) implements Answer {}

  /**
   * There is none.
   *
   * @param status as HTTP has it: 403, 404, 416, 502, 504
   * @param reason for logs
   */
  record Lacking(int status, String reason) implements Answer {}
}
