package warmfront.control.api;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.SdkPojo;
import warmfront.control.api.Family.Kept;
import warmfront.control.api.Family.Name;
import warmfront.control.api.Family.Page;
import warmfront.control.api.wire.Codec;
import warmfront.control.api.wire.Refused;
import warmfront.control.store.Row;
import warmfront.control.store.Store;
import warmfront.control.store.Transaction;
import warmfront.distribution.Kind;
import warmfront.distribution.Resource;
import warmfront.time.Clock;

/**
 * The life of configured resources of one family: ids, versions, unique names, references, quota,
 * paging, and the log entry that goes with each change, in the same transaction. Thread-safe.
 *
 * <p>Every accepted update makes a new version (ETag), so of several that name the same version
 * exactly one wins; the log gets an entry, and the status begins anew, only if what edges obey
 * differs.
 */
final class Resources<C extends SdkPojo, R extends SdkPojo> {
  /** What an ETag of ours looks like; managed policies have a published one. */
  private static final Pattern ETAG = Pattern.compile("E[0-9A-Z]{11,24}");

  /** Rows that are looked through at once for those of a list. */
  private static final int STEP = 100;

  /** What may refer to other resources, with the type of its rows. */
  private static final Map<Kind, String> USERS =
      Map.of(
          Kind.DISTRIBUTION, DistributionFamily.TYPE,
          Kind.STREAMING_DISTRIBUTION, StreamingDistributionFamily.TYPE,
          Kind.KEY_GROUP, KeyGroups.TYPE,
          Kind.FIELD_LEVEL_ENCRYPTION_PROFILE, EncryptionProfiles.TYPE,
          Kind.FIELD_LEVEL_ENCRYPTION_CONFIG, EncryptionConfigs.TYPE,
          Kind.TENANT, TenantFamily.TYPE);

  private final Store store;
  private final Codec codec;
  private final Ids ids;
  private final Clock clock;
  private final Family<C, R> family;
  private final Documents<R> documents = new Documents<>(this::read, Documents.CHARACTERS_MAX);

  Resources(Store store, Codec codec, Ids ids, Clock clock, Family<C, R> family) {
    this.store = store;
    this.codec = codec;
    this.ids = ids;
    this.clock = clock;
    this.family = family;
  }

  Kept<R> create(C asked, Map<String, String> tags) {
    C config = family.complete(asked);
    return store.write(tx -> add(tx, config, tags));
  }

  Kept<R> create(Transaction tx, C asked, Map<String, String> tags) {
    return add(tx, family.complete(asked), tags);
  }

  Kept<R> get(String id) {
    return store.read(tx -> get(tx, id));
  }

  Kept<R> get(Transaction tx, String id) {
    return shown(tx, find(tx, id));
  }

  /** Returns a resource, in the version that the caller means. */
  Kept<R> get(Transaction tx, String id, Optional<String> ifMatch) {
    Row row = find(tx, id);
    match(row, ifMatch);
    return shown(tx, row);
  }

  /** Lists rows of these parents, one parent after the other. */
  Page<R> list(List<String> parents, Optional<String> marker, int max) {
    return store.read(tx -> list(tx, parents, marker, max));
  }

  Kept<R> update(String id, Optional<String> ifMatch, C asked) {
    C config = family.complete(asked);
    return store.write(tx -> change(tx, id, ifMatch, config));
  }

  Kept<R> update(Transaction tx, String id, Optional<String> ifMatch, C asked) {
    return change(tx, id, ifMatch, family.complete(asked));
  }

  void delete(String id, Optional<String> ifMatch) {
    store.write(tx -> {
      delete(tx, id, ifMatch);
      return id;
    });
  }

  Family<C, R> family() {
    return family;
  }

  /**
   * Returns the ids of the distributions that refer to a resource, sorted.
   *
   * @throws Refused with the family's word for an id that is not there
   */
  List<String> users(Transaction tx, String id) {
    find(tx, id);
    return tx.latest(Kind.DISTRIBUTION).stream()
        .filter(user -> family.uses(user, id))
        .map(Resource::id)
        .filter(user -> tx.find(DistributionFamily.TYPE, user).isPresent())
        .sorted()
        .toList();
  }

  /** Returns the row, or refuses with the family's word for an id that is not there. */
  Row find(Transaction tx, String id) {
    return tx.find(family.words().type(), id)
        .orElseThrow(() ->
            new Refused(
                family.words().missing(), "There is no %s with the id %s.".formatted(noun(), id)));
  }

  /** Adds the rows of those that come with the product, where they are not there yet. */
  void seed(Transaction tx) {
    for (R resource : family.managed()) {
      Resource compiled = family.compile(resource);
      if (tx.find(family.words().type(), compiled.id()).isPresent()) {
        continue;
      }
      long revision = tx.append(compiled.kind(), compiled.id(), Optional.of(compiled));
      Instant never = Instant.EPOCH;
      tx.insert(
          row(
              compiled.id(),
              Family.MANAGED,
              "",
              Family.MANAGED_ETAG,
              never,
              never,
              revision,
              resource));
    }
  }

  private Kept<R> add(Transaction tx, C config, Map<String, String> tags) {
    Family.Words words = family.words();
    String id = family.newId(ids);
    while (tx.find(words.type(), id).isPresent()) {
      id = family.newId(ids);
    }
    Optional<Row> before = again(tx, config);
    if (before.isPresent()) {
      return shown(tx, before.get());
    }
    claim(tx, id, family.names(config));
    if (tx.count(words.type(), "") >= words.quota()) {
      throw new Refused(words.tooMany(), "There may be %d of %s.".formatted(words.quota(), noun()));
    }
    family.refer(tx, config);
    R resource = family.make(ids, id, config);
    Resource compiled = family.compile(tx, resource, tags);
    long revision = tx.append(compiled.kind(), id, Optional.of(compiled));
    Instant now = clock.now();
    Row row = row(id, "", words.status(), ids.entity(), now, now, revision, resource);
    tx.insert(row);
    if (!tags.isEmpty()) {
      tx.tag(family.arn(id).orElseThrow(), tags);
    }
    return shown(tx, row);
  }

  /** Returns the row of what was made by the same create before. */
  private Optional<Row> again(Transaction tx, C config) {
    return family.names(config).stream()
        .flatMap(name -> tx.owner(name.scope(), name.value()).stream())
        .flatMap(owner -> tx.find(family.words().type(), owner).stream())
        .filter(row -> family.isAgain(family.config(parse(row)), config))
        .findFirst();
  }

  private Page<R> list(Transaction tx, List<String> parents, Optional<String> marker, int max) {
    Optional<String> from =
        marker.flatMap(id -> tx.find(family.words().type(), id)).map(Row::parent);
    List<Row> rows = new ArrayList<>();
    boolean reached = from.isEmpty();
    for (String parent : parents) {
      boolean begins = from.map(parent::equals).orElse(false);
      reached |= begins;
      if (reached && rows.size() <= max) {
        Optional<String> after = begins || from.isEmpty() ? marker : Optional.empty();
        rows.addAll(tx.page(family.words().type(), parent, after, max + 1 - rows.size()));
      }
    }
    return page(tx, rows, max);
  }

  /** Lists those that are wanted, the newest first. */
  Page<R> list(Predicate<R> wanted, Optional<String> marker, int max) {
    return store.read(tx -> {
      List<Row> found = new ArrayList<>();
      Optional<String> after = marker;
      List<Row> rows = tx.page(family.words().type(), "", after, STEP);
      while (!rows.isEmpty() && found.size() <= max) {
        rows.stream().filter(row -> wanted.test(parse(row))).forEach(found::add);
        after = Optional.of(rows.getLast().id());
        rows = tx.page(family.words().type(), "", after, STEP);
      }
      return page(tx, found, max);
    });
  }

  private Page<R> page(Transaction tx, List<Row> rows, int max) {
    boolean more = rows.size() > max;
    List<Kept<R>> items = rows.stream().limit(max).map(row -> shown(tx, row)).toList();
    return new Page<>(items, more ? Optional.of(items.getLast().row().id()) : Optional.empty());
  }

  private Kept<R> change(Transaction tx, String id, Optional<String> ifMatch, C config) {
    Row row = find(tx, id);
    if (row.parent().equals(Family.MANAGED)) {
      throw new Refused("IllegalUpdate", "A managed %s cannot be changed.".formatted(noun()));
    }
    match(row, ifMatch);
    R before = parse(row);
    family.change(family.config(before), config);
    family.refer(tx, config);
    family.follow(tx, id, config);
    rename(tx, id, family.names(family.config(before)), family.names(config));
    R after = family.with(before, config);
    Row changed =
        row(id, "", row.status(), ids.entity(), row.created(), clock.now(), row.revision(), after);
    Map<String, String> tags = family.arn(id).map(tx::tags).orElse(Map.of());
    Resource compiled = family.compile(tx, after, tags);
    if (!compiled.equals(family.compile(tx, before, tags))) {
      long revision = tx.append(compiled.kind(), id, Optional.of(compiled));
      changed = changed.withRevision(revision).withStatus(family.words().status());
    }
    tx.update(changed);
    return shown(tx, changed);
  }

  private void delete(Transaction tx, String id, Optional<String> ifMatch) {
    Row row = find(tx, id);
    if (row.parent().equals(Family.MANAGED)) {
      throw new Refused("IllegalDelete", "A managed %s cannot be deleted.".formatted(noun()));
    }
    match(row, ifMatch);
    letGo(tx, id);
    R resource = parse(row);
    family.withdraw(tx, row, resource, clock.now());
    tx.delete(family.words().type(), id);
    family.names(family.config(resource)).forEach(name -> tx.release(name.scope(), name.value()));
    family
        .arn(id)
        .ifPresent(arn -> {
          tx.untagAll(arn);
          ResourcePolicies.forget(tx, arn);
        });
  }

  /**
   * Makes sure that nothing refers to a resource. A distribution that was deleted may still be on
   * its way off the edges: it is disabled, so it is taken off at once, before what it refers to.
   */
  private void letGo(Transaction tx, String id) {
    for (Map.Entry<Kind, String> users : USERS.entrySet()) {
      if (!family.usedBy().contains(users.getKey())) {
        continue;
      }
      for (Resource user : tx.latest(users.getKey())) {
        if (!family.uses(user, id)) {
          continue;
        }
        if (tx.find(users.getValue(), user.id()).isPresent()) {
          throw new Refused(
              family.words().inUse(),
              "The %s %s cannot be deleted: the %s %s uses it."
                  .formatted(noun(), id, users.getValue().replace('-', ' '), user.id()));
        }
        tx.append(users.getKey(), user.id(), Optional.empty());
      }
    }
  }

  /** Checks the version that a change is meant for. */
  static void match(Row row, Optional<String> ifMatch) {
    String version = ifMatch.orElse("");
    if (!ETAG.matcher(version).matches()) {
      throw new Refused(
          "InvalidIfMatchVersion",
          "The If-Match version is missing or not valid for the resource: '%s'."
              .formatted(version));
    }
    if (!version.equals(row.etag())) {
      throw new Refused(
          "PreconditionFailed",
          "The version %s in If-Match is not the current one, which is %s."
              .formatted(version, row.etag()));
    }
  }

  private static void rename(Transaction tx, String id, List<Name> before, List<Name> after) {
    before.stream()
        .filter(name -> after.stream().noneMatch(kept -> same(kept, name)))
        .forEach(name -> tx.release(name.scope(), name.value()));
    claim(tx, id, after);
  }

  private static boolean same(Name one, Name other) {
    return one.scope().equals(other.scope()) && one.value().equals(other.value());
  }

  private static void claim(Transaction tx, String id, List<Name> names) {
    for (Name name : names) {
      Optional<String> owner = tx.claim(name.scope(), name.value(), id);
      if (owner.isPresent() && !owner.get().equals(id)) {
        throw new Refused(name.code(), name.message() + " (" + owner.get() + ")");
      }
    }
  }

  private Row row(
      String id,
      String parent,
      String status,
      String etag,
      Instant created,
      Instant modified,
      long revision,
      R resource) {
    String body = codec.document(family.words().root(), resource);
    return new Row(
        family.words().type(), id, parent, status, etag, created, modified, revision, body);
  }

  private Kept<R> shown(Transaction tx, Row row) {
    return new Kept<>(row, family.show(tx, row, parse(row)));
  }

  private R parse(Row row) {
    return documents.of(row);
  }

  @SuppressWarnings("unchecked") // a builder that the family made builds the family's class
  private R read(Row row) {
    return (R) codec.parse(family.words().root(), family.blank(), row.body());
  }

  private String noun() {
    return family.words().type().replace('-', ' ');
  }
}
