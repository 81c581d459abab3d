package warmfront.control.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.core.SdkPojo;
import warmfront.control.api.wire.Refused;
import warmfront.control.store.Row;
import warmfront.control.store.Transaction;
import warmfront.distribution.Kind;
import warmfront.distribution.Resource;

/**
 * What one kind of configured resource has of its own; everything that is the same for all kinds is
 * in {@link Resources}. Stateless.
 *
 * @param <C> the configuration that callers write
 * @param <R> the resource that holds it
 */
interface Family<C extends SdkPojo, R extends SdkPojo> {
  /** The parent of rows that come with the product and that nobody may change. */
  String MANAGED = "managed";

  /** The version that all of those report. */
  String MANAGED_ETAG = "E23ZP02F085DFQ";

  /** Returns those that come with the product. */
  default List<R> managed() {
    return List.of();
  }

  /** Returns the words of this family. */
  Words words();

  /** Returns an empty builder of the resource. */
  SdkPojo blank();

  /** Returns a new id. */
  String newId(Ids ids);

  /**
   * Returns the configuration with every default filled in, checked as far as it can be alone.
   *
   * @throws Refused if it is not allowed
   */
  C complete(C asked);

  /**
   * Checks what the configuration refers to, and notes who uses what may be used by so many only.
   *
   * @throws Refused if something does not exist or does not fit
   */
  void refer(Transaction tx, C config);

  /**
   * Checks what a change may not change.
   *
   * @throws Refused {@code IllegalUpdate}
   */
  void change(C before, C after);

  /** Returns the names that only one resource may have. */
  List<Name> names(C config);

  /** Returns the name of its configuration in the API. */
  default String configName() {
    return words().root() + "Config";
  }

  /** Returns the resource's name in the operations that change it. */
  default String changedAs() {
    return words().root();
  }

  /** Returns a new resource. */
  R make(Ids ids, String id, C config);

  /** Returns the resource with another configuration. */
  R with(R resource, C config);

  /** Returns the resource's configuration. */
  C config(R resource);

  /** Returns the resource as callers see it, with what only the row knows. */
  R show(Transaction tx, Row row, R resource);

  /** Adds to a summary what has another name there. */
  default void summarise(R resource, SdkPojo summary) {}

  /** Returns what edges obey. */
  Resource compile(R resource);

  /** Returns what edges obey where tags have a say in it. */
  default Resource compile(R resource, Map<String, String> tags) {
    return compile(resource);
  }

  /** Returns what edges obey where tags or other resources have a say in it. */
  default Resource compile(Transaction tx, R resource, Map<String, String> tags) {
    return compile(resource, tags);
  }

  /**
   * Returns whether to create one with the names of another, configured as {@code before}, asks for
   * that one once more.
   */
  default boolean isAgain(C before, C asked) {
    return false;
  }

  /** Returns the operation that lists the distributions which refer to one, if there is one. */
  default Optional<String> usersOperation() {
    return Optional.empty();
  }

  /**
   * Checks what refers to a resource that gets another configuration.
   *
   * @throws Refused if it would not fit any more
   */
  default void follow(Transaction tx, String id, C config) {}

  /** Returns of which kinds another resource is that may refer to one of these. */
  default Set<Kind> usedBy() {
    return Set.of(
        Kind.DISTRIBUTION,
        Kind.STREAMING_DISTRIBUTION,
        Kind.KEY_GROUP,
        Kind.FIELD_LEVEL_ENCRYPTION_PROFILE,
        Kind.FIELD_LEVEL_ENCRYPTION_CONFIG);
  }

  /** Returns whether what edges obey of another resource refers to this one. */
  boolean uses(Resource user, String id);

  /**
   * Takes a resource out of the log, in the transaction that deletes its row.
   *
   * @throws Refused if its state does not allow it
   */
  default void withdraw(Transaction tx, Row row, R resource, Instant now) {
    tx.append(words().kind(), row.id(), Optional.empty());
  }

  /** Returns the ARN that its tags are kept under; empty if it has none. */
  default Optional<String> arn(String id) {
    return Optional.empty();
  }

  /**
   * The words of a family.
   *
   * @param type the type of its rows
   * @param root the resource's name in the API, and the root element of the documents in its rows
   * @param kind the kind of its log entries
   * @param status the status of a new resource; empty if it has none
   * @param missing the error for an id that is not there
   * @param tooMany the error beyond the quota
   * @param quota how many there may be
   * @param inUse the error for deleting one that another refers to
   */
  record Words(
      String type,
      String root,
      Kind kind,
      String status,
      String missing,
      String tooMany,
      int quota,
      String inUse) {}

  /**
   * A name that only one may have.
   *
   * @param scope among which
   * @param value the name
   * @param code the error for a name that is taken
   * @param message its text
   */
  record Name(String scope, String value, String code, String message) {}

  /**
   * A resource and the row it is kept in.
   *
   * @param row the row
   * @param resource the resource, as callers see it
   */
  record Kept<R>(Row row, R resource) {
    String etag() {
      return row.etag();
    }
  }

  /**
   * A page of a list.
   *
   * @param items the page's items
   * @param next the marker of the next page, empty on the last
   */
  record Page<R>(List<Kept<R>> items, Optional<String> next) {}
}
