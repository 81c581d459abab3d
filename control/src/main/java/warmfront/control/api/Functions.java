package warmfront.control.api;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudfront.model.FunctionConfig;
import software.amazon.awssdk.services.cloudfront.model.KeyValueStoreAssociation;
import warmfront.control.api.Ledger.Entry;
import warmfront.control.api.wire.Members;
import warmfront.control.api.wire.Models;
import warmfront.control.api.wire.Refused;
import warmfront.control.store.Transaction;

/**
 * The code of functions, with its configuration, in two stages: what is created and updated is
 * {@code DEVELOPMENT}, and {@code LIVE} is what of it was published last. Edges run none of it yet,
 * so that nothing can be associated with one. What the code says is not looked at.
 */
final class Functions {
  private static final String DEVELOPMENT = "DEVELOPMENT";
  private static final String LIVE = "LIVE";
  private static final String UNPUBLISHED = "UNPUBLISHED";
  private static final String UNASSOCIATED = "UNASSOCIATED";

  private final Sort sort;
  private final Kit kit;
  private final KeyValueStores stores;
  private final Ledger<SdkPojo> development;
  private final Ledger<SdkPojo> live;

  /**
   * A sort of functions.
   *
   * @param noun its name in the API
   * @param type the type of its rows, and in ARNs
   * @param byId whether it has ids; otherwise it goes by name
   * @param words its errors
   */
  record Sort(String noun, String type, boolean byId, Words words) {
    /** Functions of viewers' requests and responses. */
    static final Sort VIEWER =
        new Sort(
            "Function",
            "function",
            false,
            new Words(
                "NoSuchFunctionExists",
                "FunctionAlreadyExists",
                "TooManyFunctions",
                "FunctionSizeLimitExceeded"));

    /** Functions of connections with client certificates. */
    static final Sort CONNECTION =
        new Sort(
            "ConnectionFunction",
            "connection-function",
            true,
            new Words(
                "EntityNotFound",
                "EntityAlreadyExists",
                "EntityLimitExceeded",
                "EntitySizeLimitExceeded"));

    String names() {
      return type + "-name";
    }
  }

  /**
   * The errors of a sort.
   *
   * @param missing for one that is not there
   * @param taken for a name that another has
   * @param tooMany beyond the quota
   * @param tooLong for code that is too long
   */
  record Words(String missing, String taken, String tooMany, String tooLong) {}

  /**
   * A function in one of its stages.
   *
   * @param entry what is kept
   * @param stage its stage
   */
  private record Staged(Entry<SdkPojo> entry, String stage) {
    /** Sorts by name, and puts both stages of a function one behind the other. */
    String marker() {
      return Members.text(entry.value(), "Name").orElseThrow() + "/" + stage;
    }
  }

  Functions(Sort sort, Kit kit, KeyValueStores stores) {
    this.sort = sort;
    this.kit = kit;
    this.stores = stores;
    this.development = ledger(sort.type());
    this.live = ledger(sort.type() + "-live");
  }

  /** The request that makes a function has all that is kept of it. */
  private Ledger<SdkPojo> ledger(String type) {
    String root = "Create" + sort.noun() + "Request";
    return new Ledger<>(
        new Ledger.Words(
            type,
            root,
            sort.words().missing(),
            sort.words().tooMany(),
            kit.quotas().of(Quota.FUNCTIONS)),
        Models.builder(root),
        kit);
  }

  void register(Handlers handlers) {
    String noun = sort.noun();
    handlers.on("Create" + noun, this::create);
    handlers.on(
        "Describe" + noun,
        (asked, said) -> {
          Staged found = read(asked);
          show(said, found);
          Members.set(said, "ETag", found.entry().etag());
        });
    handlers.on(
        "Get" + noun,
        (asked, said) -> {
          Staged found = read(asked);
          Members.set(said, noun + "Code", code(found.entry().value()));
          Members.set(said, "ETag", found.entry().etag());
        });
    handlers.on("Update" + noun, this::update);
    handlers.on("Publish" + noun, this::publish);
    handlers.on("Delete" + noun, this::delete);
    handlers.on("List" + noun + "s", this::list);
  }

  private void create(SdkPojo asked, SdkPojo said) {
    String name = Members.text(asked, "Name").orElseThrow();
    SdkPojo value = kept(name, asked);
    checkCode(value);
    Tagging.Given tags = Tagging.Given.of(asked, kit.quotas());
    Staged made =
        kit.store()
            .write(tx -> {
              String id = sort.byId() ? kit.ids().connectionFunction() : name;
              tx.claim(sort.names(), name, id)
                  .ifPresent(_ -> {
                    throw new Refused(
                        sort.words().taken(),
                        "A function with the name %s exists already.".formatted(name));
                  });
              check(tx, value, id);
              Entry<SdkPojo> entry = development.add(tx, id, UNPUBLISHED, value);
              tags.keep(tx, arn(id));
              return new Staged(entry, DEVELOPMENT);
            });
    show(said, made);
    Members.set(said, "ETag", made.entry().etag());
    Members.set(said, "Location", "/2020-05-31/" + sort.type() + "/" + made.entry().id());
  }

  private void update(SdkPojo asked, SdkPojo said) {
    Staged changed =
        kit.store()
            .write(tx -> {
              Entry<SdkPojo> before = development.get(tx, id(tx, asked), ifMatch(asked));
              SdkPojo value = kept(Members.text(before.value(), "Name").orElseThrow(), asked);
              checkCode(value);
              check(tx, value, before.id());
              return new Staged(development.change(tx, before, UNPUBLISHED, value), DEVELOPMENT);
            });
    show(said, changed);
    Members.set(said, "ETag", changed.entry().etag());
  }

  /** Returns what is kept of a request: all but its tags and its conditions. */
  private SdkPojo kept(String name, SdkPojo asked) {
    SdkPojo kept = Models.builder("Create" + sort.noun() + "Request").get();
    Members.set(kept, "Name", name);
    Members.set(kept, sort.noun() + "Config", config(asked));
    Members.set(kept, sort.noun() + "Code", code(asked));
    return Members.build(kept);
  }

  private void publish(SdkPojo asked, SdkPojo said) {
    Staged published =
        kit.store()
            .write(tx -> {
              Entry<SdkPojo> source = development.get(tx, id(tx, asked), ifMatch(asked));
              development.state(tx, source, UNASSOCIATED);
              Optional<Entry<SdkPojo>> before = live.find(tx, source.id());
              return new Staged(
                  before.isPresent()
                      ? live.change(tx, before.get(), UNASSOCIATED, source.value())
                      : live.add(tx, source.id(), UNASSOCIATED, source.value()),
                  LIVE);
            });
    show(said, published);
  }

  private void delete(SdkPojo asked, SdkPojo said) {
    kit.store()
        .write(tx -> {
          Entry<SdkPojo> entry = development.get(tx, id(tx, asked), ifMatch(asked));
          development.remove(tx, entry.id());
          if (live.find(tx, entry.id()).isPresent()) {
            live.remove(tx, entry.id());
          }
          tx.release(sort.names(), Members.text(entry.value(), "Name").orElseThrow());
          tx.untagAll(arn(entry.id()));
          return said;
        });
  }

  private void list(SdkPojo asked, SdkPojo said) {
    Paging paging = Paging.of(asked, kit.quotas());
    Optional<String> stage = Members.text(asked, "Stage");
    List<Staged> all =
        kit.store()
            .read(tx ->
                Stream.concat(
                        development.all(tx).stream().map(entry -> new Staged(entry, DEVELOPMENT)),
                        live.all(tx).stream().map(entry -> new Staged(entry, LIVE)))
                    .filter(one -> stage.map(one.stage()::equals).orElse(true))
                    .sorted(Comparator.comparing(Staged::marker))
                    .toList());
    Listing<Staged> page = Listing.of(all, paging, Staged::marker);
    if (sort.byId()) {
      // This list has no structure of its own.
      page.next().ifPresent(next -> Members.set(said, "NextMarker", next));
      Members.set(
          said,
          sort.noun() + "s",
          page.items().stream()
              .map(one -> summary(Members.blankItem(said, sort.noun() + "s"), one))
              .toList());
      return;
    }
    SdkPojo list = Members.blank(said, sort.noun() + "List");
    page.map(one -> summary(Members.blankItem(list, "Items"), one)).fill(list, paging);
    Members.set(said, sort.noun() + "List", Members.build(list));
  }

  /** Returns the names of functions, in any stage, that are associated with a key value store. */
  List<String> users(Transaction tx, String storeArn) {
    List<String> users = new ArrayList<>();
    for (Ledger<SdkPojo> ledger : List.of(development, live)) {
      for (Entry<SdkPojo> entry : ledger.all(tx)) {
        if (stores(entry.value()).contains(storeArn) && !users.contains(entry.id())) {
          users.add(entry.id());
        }
      }
    }
    return users;
  }

  /**
   * Returns the distributions that a connection function is associated with: none.
   *
   * @throws Refused if there is no such function
   */
  List<String> distributions(Transaction tx, SdkPojo asked) {
    String identifier = Members.text(asked, "ConnectionFunctionIdentifier").orElseThrow();
    development.get(tx, tx.owner(sort.names(), identifier).orElse(identifier));
    return List.of();
  }

  private Staged read(SdkPojo asked) {
    String stage = Members.text(asked, "Stage").orElse(DEVELOPMENT);
    return kit.store()
        .read(tx ->
            new Staged((stage.equals(LIVE) ? live : development).get(tx, id(tx, asked)), stage));
  }

  /** What reads a connection function takes its name as well as its id. */
  private String id(Transaction tx, SdkPojo asked) {
    if (!sort.byId()) {
      return Members.text(asked, "Name").orElseThrow();
    }
    return Members.text(asked, "Id")
        .orElseGet(() -> {
          String identifier = Members.text(asked, "Identifier").orElseThrow();
          return tx.owner(sort.names(), identifier).orElse(identifier);
        });
  }

  private static Optional<String> ifMatch(SdkPojo asked) {
    return Members.text(asked, "IfMatch");
  }

  private String arn(String id) {
    return kit.site().arn(sort.type(), id);
  }

  private SdkBytes code(SdkPojo value) {
    return (SdkBytes) Members.value(value, sort.noun() + "Code").orElseThrow();
  }

  private FunctionConfig config(SdkPojo value) {
    return (FunctionConfig) Members.value(value, sort.noun() + "Config").orElseThrow();
  }

  private List<String> stores(SdkPojo value) {
    return config(value).keyValueStoreAssociations() == null
        ? List.of()
        : config(value).keyValueStoreAssociations().items().stream()
            .map(KeyValueStoreAssociation::keyValueStoreARN)
            .toList();
  }

  private void checkCode(SdkPojo value) {
    int bytes = code(value).asByteArrayUnsafe().length;
    int max = kit.quotas().of(Quota.FUNCTION_BYTES);
    if (bytes > max) {
      throw new Refused(
          sort.words().tooLong(),
          "The code of a function may have %d bytes, comments included; this has %d."
              .formatted(max, bytes));
    }
    Comments.check(sort.noun() + "Config", config(value).comment());
    if (stores(value).size() > 1) {
      throw invalid("names one key value store at most");
    }
    if (!stores(value).isEmpty()
        && !Objects.equals(config(value).runtimeAsString(), "cloudfront-js-2.0")) {
      throw invalid("needs the runtime cloudfront-js-2.0");
    }
  }

  private void check(Transaction tx, SdkPojo value, String id) {
    for (String arn : stores(value)) {
      if (!stores.has(tx, arn)) {
        throw invalid("names a key value store that is not there: " + arn);
      }
      long others = stores.users(tx, arn).stream().filter(user -> !user.equals(id)).count();
      if (others >= kit.quotas().of(Quota.STORE_FUNCTIONS)) {
        throw invalid(
            "names a key value store that %d functions have already: %s".formatted(others, arn));
      }
    }
  }

  private Refused invalid(String what) {
    return new Refused(
        "InvalidArgument",
        "The parameter %sConfig.KeyValueStoreAssociations %s.".formatted(sort.noun(), what));
  }

  private void show(SdkPojo said, Staged staged) {
    String member = sort.noun() + "Summary";
    Members.set(said, member, summary(Members.blank(said, member), staged));
  }

  private SdkPojo summary(SdkPojo summary, Staged staged) {
    Entry<SdkPojo> entry = staged.entry();
    Members.set(summary, "Name", Members.text(entry.value(), "Name").orElseThrow());
    Members.set(summary, sort.noun() + "Config", config(entry.value()));
    Members.set(summary, "Status", entry.row().status());
    if (sort.byId()) {
      Members.set(summary, "Id", entry.id());
      about(summary, staged, "ConnectionFunctionArn");
    } else {
      SdkPojo metadata = Members.blank(summary, "FunctionMetadata");
      about(metadata, staged, "FunctionARN");
      Members.set(summary, "FunctionMetadata", Members.build(metadata));
    }
    return Members.build(summary);
  }

  private void about(SdkPojo to, Staged staged, String arn) {
    Members.set(to, arn, arn(staged.entry().id()));
    Members.set(to, "Stage", staged.stage());
    Members.set(to, "CreatedTime", staged.entry().row().created());
    Members.set(to, "LastModifiedTime", staged.entry().row().modified());
  }
}
