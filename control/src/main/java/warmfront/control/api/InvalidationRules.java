package warmfront.control.api;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.cloudfront.model.InvalidationBatch;
import warmfront.control.api.wire.Refused;
import warmfront.distribution.Distribution;
import warmfront.distribution.Invalidation;

/** What an invalidation may name: paths of objects, and cache tags behind {@code #}. */
final class InvalidationRules {
  /** CloudFront's limit of one path. */
  private static final int PATH_CHARS = 4_000;

  /** CloudFront's limit of one cache tag, without the {@code #}. */
  private static final int TAG_CHARS = 256;

  private final Quotas quotas;

  InvalidationRules(Quotas quotas) {
    this.quotas = quotas;
  }

  /**
   * Checks a batch by itself.
   *
   * @throws Refused naming the item
   */
  void check(InvalidationBatch batch) {
    List<String> items = batch.paths().items();
    if (batch.callerReference().isEmpty()) {
      throw invalid("CallerReference must not be empty");
    }
    if (items.isEmpty()) {
      throw invalid("Paths must have at least one path");
    }
    if (items.size() > quotas.of(Quota.INVALIDATION_PATHS)) {
      throw new Refused(
          "BatchTooLarge",
          "%d paths; %d are allowed.".formatted(items.size(), quotas.of(Quota.INVALIDATION_PATHS)));
    }
    Set<String> seen = new HashSet<>();
    for (String item : items) {
      if (Invalidation.isTag(item)) {
        checkTag(item);
      } else {
        checkPath(item);
      }
      if (!seen.add(item)) {
        throw invalid("Paths has one twice: '%s'".formatted(item));
      }
    }
  }

  private static void checkPath(String path) {
    if (!path.startsWith("/") || path.length() > PATH_CHARS || !isVisible(path)) {
      throw invalid(
          ("Paths has one that does not begin with /, has more than %d characters, or has"
                  + " characters that a URL encodes: '%s'")
              .formatted(PATH_CHARS, beginning(path)));
    }
  }

  private static void checkTag(String item) {
    int length = item.length() - 1;
    if (length < 1 || length > TAG_CHARS || !isVisible(item) || item.indexOf(',') >= 0) {
      throw invalid(
          "Paths has a cache tag that has not 1 to %d visible ASCII characters without comma: '%s'"
              .formatted(TAG_CHARS, beginning(item)));
    }
  }

  private static boolean isVisible(String text) {
    return text.chars().allMatch(c -> c > ' ' && c < 0x7F);
  }

  private static String beginning(String text) {
    return text.substring(0, Math.min(text.length(), 200));
  }

  /**
   * Checks a batch against the distribution that it is for.
   *
   * @throws Refused if it names a tag and objects of the distribution have none
   */
  static void check(InvalidationBatch batch, Distribution distribution) {
    if (distribution.cacheTagHeader().isEmpty()
        && batch.paths().items().stream().anyMatch(Invalidation::isTag)) {
      throw invalid("Paths has a cache tag, and the distribution has no CacheTagConfig");
    }
  }

  /** Returns how many paths end with a wildcard; in a cache tag a {@code *} is a letter. */
  static long wildcards(List<String> items) {
    return items.stream().filter(item -> item.endsWith("*") && !Invalidation.isTag(item)).count();
  }

  private static Refused invalid(String what) {
    return new Refused("InvalidArgument", "The parameter InvalidationBatch.%s.".formatted(what));
  }
}
