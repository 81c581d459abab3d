package warmfront.control.api;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudfront.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.cloudfront.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.cloudfront.model.Tag;
import software.amazon.awssdk.services.cloudfront.model.TagResourceRequest;
import software.amazon.awssdk.services.cloudfront.model.TagResourceResponse;
import software.amazon.awssdk.services.cloudfront.model.Tags;
import software.amazon.awssdk.services.cloudfront.model.UntagResourceRequest;
import software.amazon.awssdk.services.cloudfront.model.UntagResourceResponse;
import warmfront.control.api.wire.Members;
import warmfront.control.api.wire.Refused;
import warmfront.control.store.Store;
import warmfront.control.store.Transaction;

/** Tags of resources that have an ARN. */
final class Tagging {
  private final Store store;
  private final Arns arns;
  private final Quotas quotas;

  Tagging(Store store, Site site, Quotas quotas) {
    this.store = store;
    this.arns = new Arns(site);
    this.quotas = quotas;
  }

  /**
   * Tags of a new resource that is no web distribution.
   *
   * @param tags by key
   */
  record Given(Map<String, String> tags) {
    /**
     * Reads the tags of a request.
     *
     * @throws Refused {@code InvalidTagging}
     */
    static Given of(SdkPojo asked, Quotas quotas) {
      Map<String, String> tags =
          Members.value(asked, "Tags")
              .map(given -> Tagging.tags((Tags) given, quotas.of(Quota.TAGS)))
              .orElse(Map.of());
      OwnTags.refuse(tags);
      return new Given(tags);
    }

    void keep(Transaction tx, String arn) {
      tx.tag(arn, tags);
    }
  }

  void register(Handlers handlers) {
    handlers.on(
        "ListTagsForResource",
        ListTagsForResourceRequest.class,
        ListTagsForResourceRequest::builder,
        asked ->
            ListTagsForResourceResponse.builder()
                .tags(
                    shown(
                        store.read(tx -> {
                          known(tx, asked.resource());
                          return tx.tags(asked.resource());
                        })))
                .build());
    handlers.on("TagResource", TagResourceRequest.class, TagResourceRequest::builder, this::tag);
    handlers.on(
        "UntagResource",
        UntagResourceRequest.class,
        UntagResourceRequest::builder,
        asked -> {
          store.write(tx -> {
            Arns.Named named = known(tx, asked.resource());
            tx.untag(asked.resource(), asked.tagKeys().items());
            obey(tx, named, asked.resource());
            return asked;
          });
          return UntagResourceResponse.builder().build();
        });
  }

  private TagResourceResponse tag(TagResourceRequest asked) {
    Map<String, String> added = tags(asked.tags(), quotas.of(Quota.TAGS));
    store.write(tx -> {
      String arn = asked.resource();
      Arns.Named named = known(tx, arn);
      if (!named.type().equals(DistributionFamily.TYPE)) {
        OwnTags.refuse(added);
      }
      OwnTags.check(tx, named.id(), added);
      Map<String, String> all = new LinkedHashMap<>(tx.tags(arn));
      all.putAll(added);
      if (all.size() > quotas.of(Quota.TAGS)) {
        throw tooMany(all.size(), quotas.of(Quota.TAGS));
      }
      tx.tag(arn, added);
      obey(tx, named, arn);
      return arn;
    });
    return TagResourceResponse.builder().build();
  }

  private static void obey(Transaction tx, Arns.Named named, String arn) {
    if (named.type().equals(DistributionFamily.TYPE)) {
      OwnTags.obey(tx, named.id(), tx.tags(arn));
    }
  }

  /**
   * Reads tags that a caller gave.
   *
   * @throws Refused {@code InvalidTagging}
   */
  static Map<String, String> tags(Tags asked, int max) {
    Map<String, String> tags = new LinkedHashMap<>();
    for (Tag tag : asked.items()) {
      if (tag.key().toLowerCase(Locale.ROOT).startsWith("aws:")) {
        throw new Refused(
            "InvalidTagging", "The prefix aws: is reserved: %s.".formatted(tag.key()));
      }
      if (tags.put(tag.key(), tag.value() == null ? "" : tag.value()) != null) {
        throw new Refused("InvalidTagging", "The key %s is given twice.".formatted(tag.key()));
      }
    }
    if (tags.size() > max) {
      throw tooMany(tags.size(), max);
    }
    OwnTags.check(tags);
    return tags;
  }

  private static Refused tooMany(int count, int max) {
    return new Refused(
        "InvalidTagging", "A resource may have %d tags, not %d.".formatted(max, count));
  }

  /** Returns tags as callers see them. */
  static Tags shown(Map<String, String> tags) {
    return Tags.builder()
        .items(
            tags.entrySet().stream()
                .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                .toList())
        .build();
  }

  /** Returns the resource with an ARN, or refuses one that is not there. */
  private Arns.Named known(Transaction tx, String arn) {
    return arns.find(tx, arn, "Resource")
        .orElseThrow(() ->
            new Refused("NoSuchResource", "There is no resource with the ARN %s.".formatted(arn)));
  }
}
