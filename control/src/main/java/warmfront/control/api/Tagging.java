package warmfront.control.api;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.cloudfront.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.cloudfront.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.cloudfront.model.Tag;
import software.amazon.awssdk.services.cloudfront.model.TagResourceRequest;
import software.amazon.awssdk.services.cloudfront.model.TagResourceResponse;
import software.amazon.awssdk.services.cloudfront.model.Tags;
import software.amazon.awssdk.services.cloudfront.model.UntagResourceRequest;
import software.amazon.awssdk.services.cloudfront.model.UntagResourceResponse;
import warmfront.control.api.wire.Refused;
import warmfront.control.store.Store;
import warmfront.control.store.Transaction;

/** Tags of resources that have an ARN. */
final class Tagging {
  private static final Pattern ARN =
      Pattern.compile("arn:aws:cloudfront::([0-9]{12}):([a-z-]+)/([A-Za-z0-9_-]+)");

  /** What has an ARN: in it, a resource's type is that of its row. */
  private static final Set<String> TYPES =
      Set.of(DistributionFamily.TYPE, StreamingDistributionFamily.TYPE);

  private final Store store;
  private final Site site;
  private final Quotas quotas;

  Tagging(Store store, Site site, Quotas quotas) {
    this.store = store;
    this.site = site;
    this.quotas = quotas;
  }

  void register(Handlers handlers) {
    handlers.on(
        "ListTagsForResource",
        ListTagsForResourceRequest.class,
        ListTagsForResourceRequest::builder,
        asked ->
            ListTagsForResourceResponse.builder()
                .tags(shown(store.read(tx -> tx.tags(known(tx, asked.resource())))))
                .build());
    handlers.on("TagResource", TagResourceRequest.class, TagResourceRequest::builder, this::tag);
    handlers.on(
        "UntagResource",
        UntagResourceRequest.class,
        UntagResourceRequest::builder,
        asked -> {
          store.write(tx -> {
            String arn = known(tx, asked.resource());
            tx.untag(arn, asked.tagKeys().items());
            obey(tx, arn);
            return asked;
          });
          return UntagResourceResponse.builder().build();
        });
  }

  private TagResourceResponse tag(TagResourceRequest asked) {
    Map<String, String> added = tags(asked.tags(), quotas.of(Quota.TAGS));
    store.write(tx -> {
      String arn = known(tx, asked.resource());
      if (typeOf(arn).equals(StreamingDistributionFamily.TYPE)) {
        OwnTags.refuse(added);
      }
      Map<String, String> all = new LinkedHashMap<>(tx.tags(arn));
      all.putAll(added);
      if (all.size() > quotas.of(Quota.TAGS)) {
        throw tooMany(all.size(), quotas.of(Quota.TAGS));
      }
      tx.tag(arn, added);
      obey(tx, arn);
      return arn;
    });
    return TagResourceResponse.builder().build();
  }

  private static void obey(Transaction tx, String arn) {
    OwnTags.obey(tx, arn.substring(arn.indexOf('/') + 1), tx.tags(arn));
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

  private static Tags shown(Map<String, String> tags) {
    return Tags.builder()
        .items(
            tags.entrySet().stream()
                .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                .toList())
        .build();
  }

  /** Returns the type of the rows of resources with such an ARN. */
  private static String typeOf(String arn) {
    return arn.substring(arn.lastIndexOf(':') + 1, arn.indexOf('/'));
  }

  /** Returns the ARN if it is that of a resource which is there. */
  private String known(Transaction tx, String arn) {
    Matcher matcher = ARN.matcher(arn);
    if (!matcher.matches()) {
      throw new Refused(
          "InvalidArgument", "The parameter Resource is not the ARN of a resource: " + arn);
    }
    boolean there =
        matcher.group(1).equals(site.account())
            && TYPES.contains(matcher.group(2))
            && tx.find(matcher.group(2), matcher.group(3)).isPresent();
    if (!there) {
      throw new Refused("NoSuchResource", "There is no resource with the ARN %s.".formatted(arn));
    }
    return arn;
  }
}
