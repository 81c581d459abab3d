package warmfront.control.api;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudfront.model.KeyValueStore;
import warmfront.control.api.Ledger.Entry;
import warmfront.control.api.keyvalue.KeyValues;
import warmfront.control.api.wire.Members;
import warmfront.control.api.wire.Refused;
import warmfront.control.store.Transaction;

/**
 * Key value stores, as CloudFront's API has them: by name, without their pairs, which have an API
 * and versions of their own.
 */
final class KeyValueStores {
  static final String TYPE = "key-value-store";
  private static final String NAMES = "key-value-store-name";

  /** A store is ready at once: there is nothing to wait for. */
  private static final String READY = "READY";

  private final Kit kit;
  private final StoreImports imports;
  private final Ledger<KeyValueStore> ledger;
  private final List<Functions> users = new ArrayList<>();

  KeyValueStores(Kit kit, ObjectReader objects) {
    this.kit = kit;
    this.imports = new StoreImports(kit, objects);
    this.ledger =
        new Ledger<>(
            new Ledger.Words(
                TYPE,
                "KeyValueStore",
                "EntityNotFound",
                "EntityLimitExceeded",
                kit.quotas().of(Quota.KEY_VALUE_STORES)),
            KeyValueStore::builder,
            kit);
  }

  /** Tells whose functions may be associated with a store. */
  void usedBy(Functions functions) {
    users.add(functions);
  }

  void register(Handlers handlers) {
    handlers.on("CreateKeyValueStore", this::create);
    handlers.on(
        "DescribeKeyValueStore",
        (asked, said) -> whole(said, kit.store().read(tx -> ledger.get(tx, id(tx, asked)))));
    handlers.on(
        "UpdateKeyValueStore",
        (asked, said) ->
            whole(
                said,
                kit.store()
                    .write(tx -> {
                      Entry<KeyValueStore> before =
                          ledger.get(tx, id(tx, asked), Members.text(asked, "IfMatch"));
                      KeyValueStore value =
                          before.value().toBuilder()
                              .comment(Members.text(asked, "Comment").orElse(""))
                              .build();
                      return ledger.change(tx, before, READY, value);
                    })));
    handlers.on("DeleteKeyValueStore", this::delete);
    handlers.on("ListKeyValueStores", this::list);
  }

  private void create(SdkPojo asked, SdkPojo said) {
    String name = name(asked);
    Map<String, String> pairs = imports.pairs(asked);
    Tagging.Given tags = Tagging.Given.of(asked, kit.quotas());
    whole(
        said,
        kit.store()
            .write(tx -> {
              String id = kit.ids().uuid();
              tx.claim(NAMES, name, id)
                  .ifPresent(_ -> {
                    throw new Refused(
                        "EntityAlreadyExists",
                        "A key value store with the name %s exists already.".formatted(name));
                  });
              KeyValueStore value =
                  KeyValueStore.builder()
                      .id(id)
                      .name(name)
                      .comment(Members.text(asked, "Comment").orElse(""))
                      .build();
              Entry<KeyValueStore> entry = ledger.add(tx, id, READY, value);
              KeyValues.open(tx, id, pairs, kit.ids().entity(), kit.clock().now());
              tags.keep(tx, arn(id));
              return entry;
            }));
    Members.set(said, "Location", "/2020-05-31/key-value-store/" + name);
  }

  private void delete(SdkPojo asked, SdkPojo said) {
    kit.store()
        .write(tx -> {
          Entry<KeyValueStore> entry =
              ledger.get(tx, id(tx, asked), Members.text(asked, "IfMatch"));
          String arn = arn(entry.id());
          users(tx, arn).stream()
              .findFirst()
              .ifPresent(user -> {
                throw new Refused(
                    "CannotDeleteEntityWhileInUse",
                    "The key value store %s cannot be deleted: the function %s uses it."
                        .formatted(entry.value().name(), user));
              });
          ledger.remove(tx, entry.id());
          KeyValues.drop(tx, entry.id());
          tx.release(NAMES, entry.value().name());
          tx.untagAll(arn);
          return said;
        });
  }

  private void list(SdkPojo asked, SdkPojo said) {
    Paging paging = Paging.of(asked, kit.quotas());
    Optional<String> status = Members.text(asked, "Status");
    List<Entry<KeyValueStore>> all =
        kit.store()
            .read(tx ->
                ledger.all(tx).stream()
                    .filter(entry -> status.map(entry.row().status()::equals).orElse(true))
                    .sorted(Comparator.comparing(entry -> entry.value().name()))
                    .toList());
    SdkPojo list = Members.blank(said, "KeyValueStoreList");
    Listing.of(all, paging, entry -> entry.value().name()).map(this::shown).fill(list, paging);
    Members.set(said, "KeyValueStoreList", Members.build(list));
  }

  /** Returns whether there is a store with this ARN. */
  boolean has(Transaction tx, String arn) {
    String id = arn.substring(arn.lastIndexOf('/') + 1);
    return arn.equals(arn(id)) && ledger.find(tx, id).isPresent();
  }

  /** Returns the functions that are associated with a store. */
  List<String> users(Transaction tx, String arn) {
    return users.stream().flatMap(functions -> functions.users(tx, arn).stream()).toList();
  }

  private String id(Transaction tx, SdkPojo asked) {
    return tx.owner(NAMES, name(asked)).orElseThrow(() -> ledger.missing(name(asked)));
  }

  private static String name(SdkPojo asked) {
    return Members.text(asked, "Name").orElseThrow();
  }

  private String arn(String id) {
    return kit.site().arn(TYPE, id);
  }

  private void whole(SdkPojo said, Entry<KeyValueStore> entry) {
    Members.set(said, "KeyValueStore", shown(entry));
    Members.set(said, "ETag", entry.etag());
  }

  private KeyValueStore shown(Entry<KeyValueStore> entry) {
    return entry.value().toBuilder()
        .arn(arn(entry.id()))
        .status(entry.row().status())
        .lastModifiedTime(entry.row().modified())
        .build();
  }
}
