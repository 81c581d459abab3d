package warmfront.distribution;

/**
 * How requests to an origin are signed.
 *
 * @param id the id
 * @param name its name
 * @param signing when to sign with SigV4
 */
public record OriginAccessControl(String id, String name, Signing signing) implements Resource {
  /** When requests are signed. */
  public enum Signing {
    ALWAYS,
    NEVER,
    NO_OVERRIDE
  }
}
