package warmfront.edge.cache;

import java.util.Optional;
import warmfront.http.Fields;

/**
 * What is written on a stored object: everything but its bytes.
 *
 * @param status the status code
 * @param fields end-to-end fields, without Age and Content-Length
 * @param life how long it lives
 * @param since the configuration at the time its fetch began
 * @param tags what it may be invalidated by, beside its path
 */
record Label(int status, Fields fields, Life life, Since since, Tags tags) {
  /** Returns this label for a process whose clock stands at {@code now}. */
  Label heldBack(long now) {
    return new Label(status, fields, life.heldBack(now), since, tags);
  }

  boolean isError() {
    return status >= 400;
  }

  Optional<String> etag() {
    return fields.first("ETag");
  }

  Optional<String> lastModified() {
    return fields.first("Last-Modified");
  }
}
