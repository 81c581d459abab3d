package warmfront.distribution;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import warmfront.http.Method;

/**
 * What is done with requests whose path matches.
 *
 * @param pathPattern the pattern; {@code *} for the default behavior
 * @param originId the origin it asks
 * @param viewerProtocol what plain HTTP requests get
 * @param allowed methods that are let through
 * @param cached methods whose responses are cached
 * @param cachePolicyId the policy; empty if {@code legacy} stands for it
 * @param legacy the settings of a behavior without a policy (ForwardedValues and its own TTLs)
 * @param options what it does beyond caching
 */
public record Behavior(
    String pathPattern,
    String originId,
    ViewerProtocol viewerProtocol,
    Set<Method> allowed,
    Set<Method> cached,
    Optional<String> cachePolicyId,
    Optional<CachePolicy> legacy,
    Options options) {
  /**
   * What a behavior may do beyond caching.
   *
   * @param originRequestPolicyId what goes to the origin beside what is in the cache key
   * @param responseHeadersPolicyId what is put on responses and taken off
   * @param encryptionId the field-level encryption configuration that forms go through
   * @param signers who must have signed a request
   * @param traits what it does or does not
   */
  public record Options(
      Optional<String> originRequestPolicyId,
      Optional<String> responseHeadersPolicyId,
      Optional<String> encryptionId,
      Signers signers,
      Set<Trait> traits) {
    /** Nothing of it. */
    public static final Options NONE = of();

    public Options {
      traits = Set.copyOf(traits);
    }

    /** Returns options that have traits and refer to nothing. */
    public static Options of(Trait... traits) {
      return new Options(
          Optional.empty(), Optional.empty(), Optional.empty(), Signers.NONE, Set.of(traits));
    }

    /** Returns whether the edge compresses. */
    public boolean compress() {
      return traits.contains(Trait.COMPRESS);
    }

    /** Returns whether all query strings go to the origin. */
    public boolean wholeQuery() {
      return traits.contains(Trait.WHOLE_QUERY);
    }

    /** Returns whether gRPC is passed on. */
    public boolean grpc() {
      return traits.contains(Trait.GRPC);
    }

    /** Returns whether Smooth Streaming is made of stored files. */
    public boolean smooth() {
      return traits.contains(Trait.SMOOTH);
    }

    Set<Feature> features() {
      Set<Feature> features = EnumSet.noneOf(Feature.class);
      if (originRequestPolicyId.isPresent()) {
        features.add(Feature.ORIGIN_REQUEST_POLICIES);
      }
      if (responseHeadersPolicyId.isPresent()) {
        features.add(Feature.RESPONSE_HEADERS_POLICIES);
      }
      if (!signers.equals(Signers.NONE)) {
        features.add(Feature.SIGNED_REQUESTS);
      }
      if (encryptionId.isPresent()) {
        features.add(Feature.FIELD_LEVEL_ENCRYPTION);
      }
      traits.forEach(trait -> features.add(trait.feature));
      return features;
    }
  }

  /** What a behavior does or does not. */
  public enum Trait {
    /** The edge compresses what its cache policy's normalised encodings allow. */
    COMPRESS(Feature.COMPRESSION),

    /** All query strings go to the origin, whichever are in the cache key (a legacy setting). */
    WHOLE_QUERY(Feature.ORIGIN_REQUEST_POLICIES),

    /** GRPC is passed on. */
    GRPC(Feature.GRPC),

    /** Smooth Streaming's manifests and fragments are made of stored files. */
    SMOOTH(Feature.SMOOTH_STREAMING);

    private final Feature feature;

    Trait(Feature feature) {
      this.feature = feature;
    }
  }

  /**
   * Who must have signed a request: one of them, if there is any.
   *
   * @param anyKey whether every public key is trusted, as the account's own signers are
   * @param keyGroups the ids of the key groups that are trusted
   */
  public record Signers(boolean anyKey, List<String> keyGroups) {
    /** Requests need no signature. */
    public static final Signers NONE = new Signers(false, List.of());

    public Signers {
      keyGroups = List.copyOf(keyGroups);
    }
  }

  /** What requests over plain HTTP get. */
  public enum ViewerProtocol {
    ALLOW_ALL,
    HTTPS_ONLY,
    REDIRECT_TO_HTTPS
  }

  public Behavior {
    allowed = Set.copyOf(allowed);
    cached = Set.copyOf(cached);
    if (cachePolicyId.isPresent() == legacy.isPresent()) {
      throw new IllegalArgumentException(
          "either a cache policy or legacy settings: " + pathPattern);
    }
  }

  /** Returns what a server must know to obey it. */
  Set<Feature> features() {
    Set<Feature> features = options.features();
    if (legacy.filter(Behavior::hasPatterns).isPresent()) {
      features.add(Feature.ORIGIN_REQUEST_POLICIES);
    }
    return features;
  }

  /** Names of cookies may be patterns in legacy settings, and nowhere else. */
  private static boolean hasPatterns(CachePolicy legacy) {
    return legacy.cookies().names().stream()
        .anyMatch(name -> name.indexOf('*') >= 0 || name.indexOf('?') >= 0);
  }

  /** Returns this behavior with other options. */
  public Behavior withOptions(Options other) {
    return new Behavior(
        pathPattern, originId, viewerProtocol, allowed, cached, cachePolicyId, legacy, other);
  }
}
