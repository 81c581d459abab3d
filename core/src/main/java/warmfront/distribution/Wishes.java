package warmfront.distribution;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a distribution's owner asks of us that CloudFront has no setting for.
 *
 * @param strict whether an edge that may not know the latest changes asks the origin for every hit
 * @param redirects whether an edge sends a viewer who is better served elsewhere there, by HTTP
 * @param explores whether DNS may send few viewers to a location of which is yet to be learnt how
 *     far it is
 * @param asking what else origins are told
 * @param responses what is asked of responses
 * @param invalidatesWritten whether what was written to at an origin is invalidated everywhere
 * @param indexDocument what a path that ends with a slash stands for, the root's too where there is
 *     no default root object; empty for nothing
 * @param standardCache whether the cache goes by RFC 9111 instead of CloudFront's rules
 */
public record Wishes(
    boolean strict,
    boolean redirects,
    boolean explores,
    Asking asking,
    Responses responses,
    boolean invalidatesWritten,
    String indexDocument,
    boolean standardCache) {
  /** Nothing is asked. */
  public static final Wishes NONE = new Wishes(false, false, true);

  /**
   * How origins are asked, beyond CloudFront's settings.
   *
   * @param sortsQuery whether query strings are put in the order of their names, in the cache key
   *     and toward the origin
   * @param tellsHost whether the origin is told by which name the viewer asked, in
   *     X-Forwarded-Host; it is in the cache key then
   */
  public record Asking(boolean sortsQuery, boolean tellsHost) {
    /** As CloudFront does. */
    public static final Asking PLAIN = new Asking(false, false);
  }

  /**
   * What is asked of responses.
   *
   * @param zstd whether behaviors that compress do it by zstd, too
   * @param explained whether each response says how it came about
   * @param pagesOf the path patterns of the behaviors whose errors have pages in their place; empty
   *     for all of them
   */
  public record Responses(boolean zstd, boolean explained, Optional<Set<String>> pagesOf) {
    /** As CloudFront does. */
    public static final Responses PLAIN = new Responses(false, false);

    public Responses {
      pagesOf = pagesOf.map(Set::copyOf);
    }

    /** Makes some that leave pages as CloudFront has them. */
    public Responses(boolean zstd, boolean explained) {
      this(zstd, explained, Optional.empty());
    }

    /** Returns these with pages in the place of some behaviors' errors. */
    public Responses withPagesOf(Set<String> patterns) {
      return new Responses(zstd, explained, Optional.of(patterns));
    }

    /** Returns whether the errors of a behavior may have pages in their place. */
    public boolean hasPages(Behavior behavior) {
      return pagesOf.isEmpty() || pagesOf.get().contains(behavior.pathPattern());
    }
  }

  /** Wishes that ask nothing of how origins are asked, nor of responses. */
  public Wishes(boolean strict, boolean redirects, boolean explores) {
    this(strict, redirects, explores, Asking.PLAIN, Responses.PLAIN, false, "", false);
  }

  /** Returns these wishes with what was written to at an origin invalidated, or not. */
  public Wishes withInvalidatesWritten(boolean other) {
    return new Wishes(
        strict, redirects, explores, asking, responses, other, indexDocument, standardCache);
  }

  /** Returns these wishes with another way to ask origins. */
  public Wishes withAsking(Asking other) {
    return new Wishes(
        strict,
        redirects,
        explores,
        other,
        responses,
        invalidatesWritten,
        indexDocument,
        standardCache);
  }

  /** Returns these wishes with others of responses. */
  public Wishes withResponses(Responses other) {
    return new Wishes(
        strict,
        redirects,
        explores,
        asking,
        other,
        invalidatesWritten,
        indexDocument,
        standardCache);
  }

  /** Returns these wishes with another index document. */
  public Wishes withIndexDocument(String other) {
    return new Wishes(
        strict, redirects, explores, asking, responses, invalidatesWritten, other, standardCache);
  }

  /** Returns these wishes with a cache that goes by RFC 9111, or not. */
  public Wishes withStandardCache(boolean other) {
    return new Wishes(
        strict, redirects, explores, asking, responses, invalidatesWritten, indexDocument, other);
  }

  Set<Feature> features() {
    Set<Feature> features = EnumSet.noneOf(Feature.class);
    if (redirects || !explores) {
      features.add(Feature.ROUTING_WISHES);
    }
    if (!asking.equals(Asking.PLAIN)) {
      features.add(Feature.ASKING_WISHES);
    }
    if (responses.zstd()) {
      features.add(Feature.COMPRESSION);
    }
    if (responses.explained()) {
      features.add(Feature.EXPLANATIONS);
    }
    if (responses.pagesOf().isPresent()) {
      features.add(Feature.ERROR_PAGES_OF_BEHAVIORS);
    }
    if (invalidatesWritten) {
      features.add(Feature.INVALIDATING_WRITES);
    }
    if (!indexDocument.isEmpty()) {
      features.add(Feature.INDEX_DOCUMENTS);
    }
    if (standardCache) {
      features.add(Feature.STANDARD_CACHE);
    }
    return features;
  }
}
