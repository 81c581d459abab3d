package warmfront.control.store;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import warmfront.distribution.Kind;
import warmfront.distribution.Resource;
import warmfront.snapshot.Snapshot;

/**
 * What may be read and written while a transaction lasts; not to be kept beyond it. Changing
 * methods throw {@link IllegalStateException} in a transaction that only reads.
 */
public interface Transaction {
  /** Returns the row of this type and id. */
  Optional<Row> find(String type, String id);

  /**
   * Returns rows of a type that belong to {@code parent} (empty: to none), the newest first.
   *
   * @param afterId the last id of the page before, which may have been deleted since; an id that
   *     never was gives no rows
   * @param max how many at most, 1 and up
   */
  List<Row> page(String type, String parent, Optional<String> afterId, int max);

  /** Returns how many rows of a type belong to {@code parent} (empty: to none). */
  long count(String type, String parent);

  /** Returns how many rows of a type that belong to {@code parent} are in this status. */
  long count(String type, String parent, String status);

  /** Returns all rows of a type in this status, the oldest first. */
  List<Row> withStatus(String type, String status);

  /** Returns the rows of a type in this status that belong to {@code parent}, the oldest first. */
  List<Row> withStatus(String type, String status, String parent);

  /** Returns the rows of a type in this status whose revision is at most {@code upTo}, by it. */
  List<Row> withStatus(String type, String status, long upTo);

  /**
   * Adds a row.
   *
   * @throws IllegalStateException if there is one of this type and id
   */
  void insert(Row row);

  /**
   * Replaces the row of the same type and id.
   *
   * @throws IllegalStateException if there is none
   */
  void update(Row row);

  /**
   * Removes a row.
   *
   * @throws IllegalStateException if there is none
   */
  void delete(String type, String id);

  /**
   * Claims a name that only one may have: a caller reference, a policy's name, an alias.
   *
   * @return empty if {@code owner} has it from now on; else who has it already, which may be {@code
   *     owner}
   */
  Optional<String> claim(String scope, String key, String owner);

  /** Returns who has a claim. */
  Optional<String> owner(String scope, String key);

  /** Returns how many claims there are in a scope. */
  long claims(String scope);

  /** Gives a claim up; nothing happens if nobody has it. */
  void release(String scope, String key);

  /** Gives up all claims of {@code owner} in a scope. */
  void releaseAll(String scope, String owner);

  /** Returns the tags of a resource in the order of their keys. */
  Map<String, String> tags(String arn);

  /** Returns the ARNs of resources that have tags, sorted. */
  List<String> tagged();

  /** Adds tags to a resource, replacing those of the same key. */
  void tag(String arn, Map<String, String> tags);

  /** Removes tags from a resource; keys it does not have are ignored. */
  void untag(String arn, Collection<String> keys);

  /** Removes all tags from a resource. */
  default void untagAll(String arn) {
    untag(arn, tags(arn).keySet());
  }

  /** Appends that a resource is gone, if the log has it. */
  default void retract(Kind kind, String id) {
    if (latest(kind, id).isPresent()) {
      append(kind, id, Optional.empty());
    }
  }

  /**
   * Appends a change to the log, with the features that its value needs.
   *
   * @param value the new value; empty if it is gone
   * @return the revision of the change
   */
  long append(Kind kind, String id, Optional<Resource> value);

  /** Returns the latest value that the log has for a resource, unsealed. */
  Optional<Resource> latest(Kind kind, String id);

  /** Returns the latest values of all resources of a kind, unsealed, in the order of their ids. */
  List<Resource> latest(Kind kind);

  /** Returns the latest values of all resources of a kind, unsealed, the oldest change first. */
  List<Snapshot.Versioned> versioned(Kind kind);

  /** Returns the revision that gave a resource its latest value; empty if it is not there. */
  OptionalLong latestRevision(Kind kind, String id);

  /** Returns the revision of the log's last entry, 0 before the first. */
  long head();

  /** Returns the pairs of key value stores; not to be kept beyond the transaction. */
  KeyTable keys();

  /**
   * Returns the marks of requests that may come once; not to be kept beyond the transaction, which
   * has to be one that writes.
   */
  MarkTable marks();

  /** Returns what is kept of latency maps; not to be kept beyond the transaction. */
  MapTable maps();
}
