package warmfront.control.api;

import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudfront.model.Tags;
import warmfront.control.api.Family.Kept;
import warmfront.control.api.Family.Page;
import warmfront.control.api.wire.Facts;
import warmfront.control.api.wire.Members;

/**
 * The operations that every family of resources has: create, get, get its configuration, update,
 * delete and list. They differ in the names of classes and members alone, which follow from the
 * resource's own name, so that one piece of code reads and writes them all.
 */
final class Operations<C extends SdkPojo, R extends SdkPojo> {
  private final Resources<C, R> all;
  private final Family<C, R> family;
  private final Facts facts;
  private final Quotas quotas;

  /** The resource's name in the API ({@code KeyGroup}). */
  private final String noun;

  /** Its name in the operations that change it. */
  private final String changed;

  Operations(Resources<C, R> all, Family<C, R> family, Facts facts, Quotas quotas) {
    this.all = all;
    this.family = family;
    this.facts = facts;
    this.quotas = quotas;
    this.noun = family.words().root();
    this.changed = family.changedAs();
  }

  /** Returns the resources themselves. */
  Resources<C, R> all() {
    return all;
  }

  /** Adds the six operations; newer families have none to get the configuration alone. */
  void register(Handlers handlers) {
    handlers.on(
        "Create" + changed, (asked, said) -> made(said, all.create(config(asked), tags(asked))));
    handlers.on("Get" + noun, (asked, said) -> whole(said, all.get(id(asked))));
    if (facts.has("Get" + config())) {
      handlers.on(
          "Get" + config(),
          (asked, said) -> {
            Kept<R> kept = all.get(id(asked));
            Members.set(said, config(), family.config(kept.resource()));
            Members.set(said, "ETag", kept.etag());
          });
    }
    handlers.on(
        "Update" + changed,
        (asked, said) ->
            whole(said, all.update(id(asked), Members.text(asked, "IfMatch"), config(asked))));
    handlers.on(
        "Delete" + changed, (asked, _) -> all.delete(id(asked), Members.text(asked, "IfMatch")));
    handlers.on(facts.beside("Create" + changed, "GET").name(), this::list);
  }

  /**
   * Adds the operation that makes a resource with its tags.
   *
   * @param check refuses tags that this family, or this configuration, may not have
   */
  void registerWithTags(Handlers handlers, BiConsumer<Map<String, String>, C> check) {
    handlers.on(
        "Create" + noun + "WithTags",
        (asked, said) -> {
          SdkPojo both = (SdkPojo) member(asked, config() + "WithTags");
          Map<String, String> tags =
              Tagging.tags((Tags) member(both, "Tags"), quotas.of(Quota.TAGS));
          check.accept(tags, config(both));
          made(said, all.create(config(both), tags));
        });
  }

  private void made(SdkPojo said, Kept<R> made) {
    whole(said, made);
    Members.set(
        said, "Location", facts.operation("Create" + changed).path() + "/" + made.row().id());
  }

  private void whole(SdkPojo said, Kept<R> kept) {
    Members.set(said, noun, kept.resource());
    Members.set(said, "ETag", kept.etag());
  }

  private void list(SdkPojo asked, SdkPojo said) {
    Paging paging = Paging.of(asked, quotas);
    Page<R> page = all.list(parents(asked), paging.marker(), paging.max());
    SdkPojo list = Members.blank(said, noun + "List");
    List<SdkPojo> items = page.items().stream().map(kept -> summary(list, kept)).toList();
    new Listing<>(items, page.next()).fill(list, paging);
    Members.set(said, noun + "List", Members.build(list));
  }

  /** Families of which some come with the product can be asked for those alone. */
  private static List<String> parents(SdkPojo asked) {
    return Members.text(asked, "Type")
        .map(type -> List.of(type.equals(Family.MANAGED) ? Family.MANAGED : ""))
        .orElse(List.of(Family.MANAGED, ""));
  }

  /** A summary either has the resource in it or is made of its members and its configuration's. */
  SdkPojo summary(SdkPojo list, Kept<R> kept) {
    SdkPojo summary = Members.blankItem(list, "Items");
    Members.copy(family.config(kept.resource()), summary);
    Members.copy(kept.resource(), summary);
    Members.setIfThere(summary, noun, kept.resource());
    Members.setIfThere(summary, "ETag", kept.etag());
    family.summarise(kept.resource(), summary);
    Members.setIfThere(
        summary, "Type", kept.row().parent().equals(Family.MANAGED) ? Family.MANAGED : "custom");
    return Members.build(summary);
  }

  private String config() {
    return family.configName();
  }

  /** Newer families have their tags beside the configuration. */
  private Map<String, String> tags(SdkPojo asked) {
    return Tagging.Given.of(asked, quotas).tags();
  }

  private static String id(SdkPojo asked) {
    return Members.text(asked, "Id").orElseThrow();
  }

  @SuppressWarnings("unchecked") // the model's class has the family's configuration there
  private C config(SdkPojo asked) {
    return (C) member(asked, config());
  }

  private static Object member(SdkPojo pojo, String name) {
    return Members.value(pojo, name).orElseThrow();
  }
}
