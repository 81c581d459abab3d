package warmfront.distribution;

import java.util.Set;

/**
 * How requests to an origin are signed.
 *
 * @param id the id
 * @param name its name
 * @param type what the origin is
 * @param signing when to sign with SigV4
 */
public record OriginAccessControl(String id, String name, Type type, Signing signing)
    implements Resource {
  /** What an origin is whose requests may be signed. */
  public enum Type {
    S3,
    MEDIASTORE,
    MEDIAPACKAGEV2,
    LAMBDA
  }

  /** When requests are signed. */
  public enum Signing {
    ALWAYS,
    NEVER,
    NO_OVERRIDE
  }

  /** Makes one for buckets. */
  public OriginAccessControl(String id, String name, Signing signing) {
    this(id, name, Type.S3, signing);
  }

  @Override
  public Set<Feature> features() {
    return type == Type.S3 ? Set.of() : Set.of(Feature.ORIGIN_SIGNING);
  }
}
