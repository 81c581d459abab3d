package warmfront.distribution;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where buckets are asked, by the suffix of their domain. Immutable. */
public final class S3Endpoints {
  private static final String ANY_REGION = "s3.*.";

  private final Map<String, S3Endpoint> bySuffix = new HashMap<>();
  private final List<S3Endpoint> anyRegion;

  /**
   * A bucket at an endpoint.
   *
   * @param name the bucket's name
   * @param endpoint where it is asked
   */
  public record Bucket(String name, S3Endpoint endpoint) {}

  /** Makes it of all that are set. */
  public S3Endpoints(Collection<S3Endpoint> endpoints) {
    endpoints.forEach(endpoint -> bySuffix.put(endpoint.id().toLowerCase(Locale.ROOT), endpoint));
    anyRegion =
        endpoints.stream()
            .filter(endpoint -> endpoint.id().startsWith(ANY_REGION))
            .sorted(Comparator.comparing(S3Endpoint::id))
            .toList();
  }

  /** Returns the bucket that {@code domainName} names, if an endpoint is set for its suffix. */
  public Optional<Bucket> find(String domainName) {
    String name = domainName.toLowerCase(Locale.ROOT);
    // a bucket's name may have dots: the longest suffix that is set wins
    for (int dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1)) {
      String suffix = name.substring(dot + 1);
      @Nullable S3Endpoint endpoint = bySuffix.get(suffix);
      if (endpoint == null) {
        endpoint = ofAnyRegion(suffix);
      }
      if (endpoint != null) {
        return Optional.of(new Bucket(name.substring(0, dot), endpoint));
      }
    }
    return Optional.empty();
  }

  private @Nullable S3Endpoint ofAnyRegion(String suffix) {
    if (!suffix.startsWith("s3.")) {
      return null;
    }
    int afterRegion = suffix.indexOf('.', 3);
    for (S3Endpoint endpoint : anyRegion) {
      String rest = endpoint.id().substring(ANY_REGION.length());
      if (afterRegion > 3 && suffix.substring(afterRegion + 1).equals(rest)) {
        return endpoint;
      }
    }
    return null;
  }
}
