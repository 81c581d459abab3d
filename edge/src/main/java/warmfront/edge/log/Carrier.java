package warmfront.edge.log;

import java.nio.file.Path;
import java.util.Optional;

/** Brings files to buckets. Thread-safe; every call waits. */
public interface Carrier {
  /**
   * Makes an object of a file, whole or not at all; one of the same name is replaced.
   *
   * @param bucket the bucket's domain name
   * @param key the object's name in it
   * @return why there is no object; empty if there is
   */
  Optional<String> carry(String bucket, String key, Path file) throws InterruptedException;
}
