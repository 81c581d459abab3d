package warmfront.control.api;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.cloudfront.model.CacheBehavior;
import software.amazon.awssdk.services.cloudfront.model.CacheBehaviors;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import warmfront.control.api.wire.Refused;
import warmfront.control.store.Transaction;
import warmfront.distribution.Behavior;
import warmfront.distribution.Distribution;
import warmfront.distribution.Kind;
import warmfront.distribution.Resource;
import warmfront.distribution.Wishes;

/**
 * The tags by which a distribution's owner asks for what CloudFront has no setting for, as {@code
 * warmfront:strict}. A tag is what every client of its API can write and none of them takes away.
 */
final class OwnTags {
  private static final String PREFIX = "warmfront:";
  private static final String STRICT = PREFIX + "strict";
  private static final String ROUTING = PREFIX + "routing";
  private static final String EXPLORATION = PREFIX + "exploration";
  private static final String ZSTD = PREFIX + "zstd";
  private static final String EXPLAIN = PREFIX + "explain";
  private static final String QUERY_ORDER = PREFIX + "query-order";
  private static final String FORWARDED_HOST = PREFIX + "forwarded-host";
  private static final String WRITES = PREFIX + "invalidate-on-write";
  private static final String CACHE = PREFIX + "cache";
  private static final String STANDARD = "standard";

  private static final String PAGES = PREFIX + "error-pages";

  /** How the tag of error pages calls the default behavior. */
  private static final String PRESET = "default";

  private static final String INDEX = PREFIX + "index-document";
  private static final Pattern INDEX_NAME = Pattern.compile("[A-Za-z0-9._-]{1,128}");

  /** Each tag with the values that it may have; the first is the one without the tag. */
  private static final Map<String, List<String>> VALUES =
      Map.of(
          STRICT, List.of("false", "true"),
          ROUTING, List.of("dns", "redirect"),
          EXPLORATION, List.of("on", "off"),
          ZSTD, List.of("off", "on"),
          EXPLAIN, List.of("off", "on"),
          QUERY_ORDER, List.of("kept", "sorted"),
          FORWARDED_HOST, List.of("off", "on"),
          WRITES, List.of("off", "on"),
          CACHE, List.of("cloudfront", STANDARD));

  private OwnTags() {}

  /**
   * Checks tags that a caller gave.
   *
   * @throws Refused {@code InvalidTagging} if one of ours is unknown or has a value that it may not
   */
  static void check(Map<String, String> tags) {
    tags.forEach((key, value) -> {
      if (!key.startsWith(PREFIX)) {
        return;
      }
      if (key.equals(INDEX)) {
        index(value);
        return;
      }
      if (key.equals(PAGES)) {
        return; // which behaviors there are is looked up where they are known
      }
      List<String> values = VALUES.get(key);
      if (values == null) {
        Set<String> all = new TreeSet<>(VALUES.keySet());
        all.add(INDEX);
        all.add(PAGES);
        throw new Refused(
            "InvalidTagging", "There is no tag %s; there are %s.".formatted(key, all));
      }
      if (!values.contains(value)) {
        throw new Refused(
            "InvalidTagging",
            "The tag %s is %s, not '%s'.".formatted(key, String.join(" or ", values), value));
      }
    });
  }

  /**
   * Checks whether the behaviors that have error pages are there. Tags cannot have wildcards, so a
   * path pattern is written without them.
   *
   * @throws Refused {@code InvalidTagging}, naming what is no behavior
   */
  static void checkPages(Map<String, String> tags, DistributionConfig config) {
    checkPages(
        tags, config.cacheBehaviors() == null ? List.of() : patterns(config.cacheBehaviors()));
  }

  private static List<String> patterns(CacheBehaviors behaviors) {
    return behaviors.items().stream().map(CacheBehavior::pathPattern).toList();
  }

  private static void checkPages(Map<String, String> tags, List<String> patterns) {
    if (!tags.containsKey(PAGES)) {
      return;
    }
    List<String> names = new ArrayList<>(patterns.stream().map(OwnTags::bare).toList());
    names.add(PRESET);
    for (String name : named(tags)) {
      if (!names.contains(name)) {
        throw new Refused(
            "InvalidTagging",
            ("The tag %s names behaviors, with spaces between, by their path patterns without * and"
                    + " ?; there are %s, not '%s'.")
                .formatted(PAGES, names, name));
      }
    }
  }

  private static List<String> named(Map<String, String> tags) {
    return List.of(tags.getOrDefault(PAGES, "").strip().split(" +", -1));
  }

  private static String bare(String pattern) {
    return pattern.replace("*", "").replace("?", "");
  }

  private static void index(String name) {
    if (!INDEX_NAME.matcher(name).matches()) {
      throw new Refused(
          "InvalidTagging",
          "The tag %s is a name of letters, digits, '.', '_' and '-', 128 at most, not '%s'."
              .formatted(INDEX, name));
    }
  }

  /**
   * Checks tags of what knows none of ours.
   *
   * @throws Refused {@code InvalidTagging} if one of them is there
   */
  static void refuse(Map<String, String> tags) {
    for (String key : tags.keySet()) {
      if (key.startsWith(PREFIX)) {
        throw new Refused(
            "InvalidTagging",
            "The tag %s has a meaning on web distributions alone.".formatted(key));
      }
    }
  }

  /**
   * Returns a distribution whose tags ask for something.
   *
   * @throws Refused {@code InvalidTagging} if it cannot be had: viewers of tenants are routed by
   *     their connection group
   */
  static Distribution obeyed(Distribution distribution, Map<String, String> tags) {
    Wishes wishes = wishes(tags, distribution);
    if (distribution.entrance().tenancy().isPresent()
        && (wishes.redirects() || !wishes.explores())) {
      throw new Refused(
          "InvalidTagging",
          "The tags %s and %s have no meaning on a multi-tenant distribution."
              .formatted(ROUTING, EXPLORATION));
    }
    return distribution.withWishes(wishes);
  }

  /** Returns what tags ask for; a behavior that has gone since it was named is no matter. */
  private static Wishes wishes(Map<String, String> tags, Distribution of) {
    return new Wishes(
            "true".equals(tags.get(STRICT)),
            "redirect".equals(tags.get(ROUTING)),
            !"off".equals(tags.get(EXPLORATION)))
        .withAsking(
            new Wishes.Asking(
                "sorted".equals(tags.get(QUERY_ORDER)), "on".equals(tags.get(FORWARDED_HOST))))
        .withResponses(
            new Wishes.Responses(
                "on".equals(tags.get(ZSTD)), "on".equals(tags.get(EXPLAIN)), pages(tags, of)))
        .withInvalidatesWritten("on".equals(tags.get(WRITES)))
        .withIndexDocument(tags.getOrDefault(INDEX, ""))
        .withStandardCache(STANDARD.equals(tags.get(CACHE)));
  }

  private static Optional<Set<String>> pages(Map<String, String> tags, Distribution of) {
    if (!tags.containsKey(PAGES)) {
      return Optional.empty();
    }
    List<String> named = named(tags);
    Set<String> patterns = new HashSet<>();
    if (named.contains(PRESET)) {
      patterns.add(of.defaultBehavior().pathPattern());
    }
    of.behaviors().stream()
        .map(Behavior::pathPattern)
        .filter(pattern -> named.contains(bare(pattern)))
        .forEach(patterns::add);
    return Optional.of(patterns);
  }

  /**
   * Checks tags that are added to a distribution that is there.
   *
   * @throws Refused {@code InvalidTagging}
   */
  static void check(Transaction tx, String id, Map<String, String> added) {
    if (tx.latest(Kind.DISTRIBUTION, id).orElse(null) instanceof Distribution there) {
      checkPages(added, there.behaviors().stream().map(Behavior::pathPattern).toList());
    }
  }

  /** Publishes a distribution anew if its tags ask for something else now. */
  static void obey(Transaction tx, String id, Map<String, String> tags) {
    Optional<Resource> published = tx.latest(Kind.DISTRIBUTION, id);
    if (published.isPresent() && published.get() instanceof Distribution before) {
      Distribution after = obeyed(before, tags);
      if (!after.equals(before)) {
        long revision = tx.append(Kind.DISTRIBUTION, id, Optional.of(after));
        tx.find(DistributionFamily.TYPE, id)
            .ifPresent(row -> tx.update(row.withRevision(revision).withStatus("InProgress")));
      }
    }
  }
}
