package warmfront.distribution;

import java.util.List;
import java.util.Set;

/**
 * What goes to the origin beside what is in the cache key.
 *
 * @param id the policy's id
 * @param name its name
 * @param headers which of the viewer's headers
 * @param headerNames what the mode of the headers asks for; without regard to case
 * @param cookies which cookies
 * @param queryStrings which query strings
 */
public record OriginRequestPolicy(
    String id,
    String name,
    HeaderMode headers,
    List<String> headerNames,
    NameSet cookies,
    NameSet queryStrings)
    implements Resource {
  /** How the names of headers are to be read. */
  public enum HeaderMode {
    NONE,
    WHITELIST,
    ALL_VIEWER,
    /** All of the viewer's, and those of CloudFront's own that are named. */
    ALL_VIEWER_AND_WHITELIST_CLOUDFRONT,
    ALL_EXCEPT
  }

  public OriginRequestPolicy {
    headerNames = List.copyOf(headerNames);
    boolean plain = headers == HeaderMode.NONE || headers == HeaderMode.ALL_VIEWER;
    if (plain && !headerNames.isEmpty()) {
      throw new IllegalArgumentException(headers + " takes no names: " + headerNames);
    }
  }

  @Override
  public Set<Feature> features() {
    return Set.of(Feature.ORIGIN_REQUEST_POLICIES);
  }
}
