package warmfront.control.api;

import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudfront.model.CloudFrontOriginAccessIdentity;
import software.amazon.awssdk.services.cloudfront.model.CloudFrontOriginAccessIdentityConfig;
import warmfront.control.api.wire.Refused;
import warmfront.control.store.Row;
import warmfront.control.store.Transaction;
import warmfront.distribution.Kind;
import warmfront.distribution.OriginAccessControl;
import warmfront.distribution.Resource;

/**
 * Origin access identities, the older way to sign requests to buckets. To edges one is an origin
 * access control that always signs.
 */
final class AccessIdentities
    implements Family<CloudFrontOriginAccessIdentityConfig, CloudFrontOriginAccessIdentity> {
  private static final String TYPE = "origin-access-identity";

  /** How a distribution's configuration names an identity. */
  private static final String NAMED = "origin-access-identity/cloudfront/";

  private final Words words;

  AccessIdentities(Quotas quotas) {
    this.words =
        new Words(
            TYPE,
            "CloudFrontOriginAccessIdentity",
            Kind.ORIGIN_ACCESS_CONTROL,
            "",
            "NoSuchCloudFrontOriginAccessIdentity",
            "TooManyCloudFrontOriginAccessIdentities",
            quotas.of(Quota.ORIGIN_ACCESS_IDENTITIES),
            "CloudFrontOriginAccessIdentityInUse");
  }

  /** Returns the id that a distribution's configuration names; empty if it names none. */
  static Optional<String> id(String named) {
    return named.startsWith(NAMED)
        ? Optional.of(named.substring(NAMED.length()))
        : Optional.empty();
  }

  /**
   * Checks what a distribution's configuration names.
   *
   * @throws Refused {@code InvalidOriginAccessIdentity} if it is neither empty nor an identity
   */
  static void refer(Transaction tx, String named) {
    boolean there = id(named).flatMap(id -> tx.find(TYPE, id)).isPresent();
    if (!named.isEmpty() && !there) {
      throw new Refused(
          "InvalidOriginAccessIdentity",
          "There is no origin access identity %s; it is named as %sID.".formatted(named, NAMED));
    }
  }

  @Override
  public Words words() {
    return words;
  }

  @Override
  public SdkPojo blank() {
    return CloudFrontOriginAccessIdentity.builder();
  }

  @Override
  public String newId(Ids ids) {
    return ids.entity();
  }

  @Override
  public CloudFrontOriginAccessIdentityConfig complete(CloudFrontOriginAccessIdentityConfig asked) {
    Comments.check("CloudFrontOriginAccessIdentityConfig", asked.comment());
    if (asked.callerReference().isEmpty()) {
      throw new Refused(
          "InvalidArgument",
          "The parameter CloudFrontOriginAccessIdentityConfig.CallerReference must not be empty.");
    }
    return asked;
  }

  @Override
  public void refer(Transaction tx, CloudFrontOriginAccessIdentityConfig config) {}

  @Override
  public void change(
      CloudFrontOriginAccessIdentityConfig before, CloudFrontOriginAccessIdentityConfig after) {
    if (!before.callerReference().equals(after.callerReference())) {
      throw new Refused(
          "IllegalUpdate",
          ("The parameter CloudFrontOriginAccessIdentityConfig.CallerReference cannot be changed: it"
                  + " is '%s'.")
              .formatted(before.callerReference()));
    }
  }

  @Override
  public List<Name> names(CloudFrontOriginAccessIdentityConfig config) {
    return List.of(
        new Name(
            "origin-access-identity-caller-reference",
            config.callerReference(),
            "CloudFrontOriginAccessIdentityAlreadyExists",
            "The caller reference is that of another origin access identity"));
  }

  /** CloudFront answers a create that came before with what it made then. */
  @Override
  public boolean isAgain(
      CloudFrontOriginAccessIdentityConfig before, CloudFrontOriginAccessIdentityConfig asked) {
    return before.equals(asked);
  }

  @Override
  public CloudFrontOriginAccessIdentity make(
      Ids ids, String id, CloudFrontOriginAccessIdentityConfig config) {
    return CloudFrontOriginAccessIdentity.builder()
        .id(id)
        .s3CanonicalUserId(ids.canonicalUser())
        .cloudFrontOriginAccessIdentityConfig(config)
        .build();
  }

  @Override
  public CloudFrontOriginAccessIdentity with(
      CloudFrontOriginAccessIdentity resource, CloudFrontOriginAccessIdentityConfig config) {
    return resource.toBuilder().cloudFrontOriginAccessIdentityConfig(config).build();
  }

  @Override
  public CloudFrontOriginAccessIdentityConfig config(CloudFrontOriginAccessIdentity resource) {
    return resource.cloudFrontOriginAccessIdentityConfig();
  }

  @Override
  public CloudFrontOriginAccessIdentity show(
      Transaction tx, Row row, CloudFrontOriginAccessIdentity resource) {
    return resource;
  }

  @Override
  public Resource compile(CloudFrontOriginAccessIdentity resource) {
    return new OriginAccessControl(
        resource.id(), resource.s3CanonicalUserId(), OriginAccessControl.Signing.ALWAYS);
  }

  @Override
  public boolean uses(Resource user, String id) {
    return Buckets.isSignedBy(user, id);
  }
}
