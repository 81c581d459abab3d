package warmfront.distribution;

import java.net.URI;
import java.util.regex.Pattern;

/**
 * Where buckets of a domain suffix are asked: {@code BUCKET.SUFFIX} at {@code endpoint/BUCKET/key}.
 *
 * @param id the suffix, lower case, as {@code s3.amazonaws.com} or {@code
 *     s3.us-east-2.amazonaws.com}; a leading {@code s3.*.} stands for every region
 * @param endpoint http or https, host and port, no path
 * @param region the region that signatures name
 * @param accessKeyId the edges' own key
 * @param secretAccessKey its secret
 */
public record S3Endpoint(
    String id, URI endpoint, String region, String accessKeyId, String secretAccessKey)
    implements Resource {
  private static final String ANY_REGION = "s3.*.";

  /** Returns whether buckets of this domain name, in lower case, are asked here. */
  public boolean serves(String domainName) {
    if (!id.startsWith(ANY_REGION)) {
      return domainName.endsWith("." + id);
    }
    String tail = Pattern.quote(id.substring(ANY_REGION.length()));
    return domainName.matches(".+\\.s3\\.[a-z0-9-]+\\." + tail);
  }

  @Override
  public String toString() {
    return "S3Endpoint[" + id + " at " + endpoint + "]";
  }
}
