package warmfront.control.store;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A resource as the API keeps it.
 *
 * @param type what it is, lower case ({@code distribution}, {@code invalidation})
 * @param id unique within its type
 * @param parent the id of the resource that owns it; empty for none
 * @param status its state in the API's words ({@code InProgress}, {@code Deployed}); empty for
 *     none. It is changed without touching {@code body}, and the body's own status does not count
 * @param etag changes with each change of the configuration
 * @param created when it was made, in whole milliseconds
 * @param modified when it was last changed, in whole milliseconds
 * @param revision the log's revision of its last change, 0 if it is not in the log
 * @param body the resource in its API's own form: XML, or JSON of APIs beside CloudFront's
 */
public record Row(
    String type,
    String id,
    String parent,
    String status,
    String etag,
    Instant created,
    Instant modified,
    long revision,
    String body) {
  public Row {
    if (type.isEmpty() || id.isEmpty()) {
      throw new IllegalArgumentException("a row has a type and an id: '" + type + "','" + id + "'");
    }
    if (revision < 0) {
      throw new IllegalArgumentException("a revision is 0 or above: " + revision);
    }
    created = created.truncatedTo(ChronoUnit.MILLIS);
    modified = modified.truncatedTo(ChronoUnit.MILLIS);
  }

  /** Returns this row in another state. */
  public Row withStatus(String next) {
    return new Row(type, id, parent, next, etag, created, modified, revision, body);
  }

  /** Returns this row, published by another entry of the log. */
  public Row withRevision(long next) {
    return new Row(type, id, parent, status, etag, created, modified, next, body);
  }
}
