package warmfront.edge.step;

import java.util.List;
import warmfront.http.RequestControl;

/**
 * What a request asks of a cache that goes by RFC 9111.
 *
 * @param primary the key without anything that Vary may name (RFC 9111, section 2)
 * @param asked its Cache-Control
 * @param authorized whether it has Authorization: what is said to it is for nobody else unless that
 *     says so (section 3.5)
 * @param isHead whether it asks for the head alone
 * @param variants makes its secondary keys
 */
public record Inquiry(
    CacheKey primary, RequestControl asked, boolean authorized, boolean isHead, Variants variants) {
  /** Secondary keys of one request (RFC 9111, section 4.1). */
  @FunctionalInterface
  public interface Variants {
    /**
     * Returns the key of the response that was chosen for requests like this one.
     *
     * @param generation tells keys apart from those of times before
     * @param names of the fields by which responses differ, in lower case and in order
     */
    CacheKey key(long generation, List<String> names);
  }
}
