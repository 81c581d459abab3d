package warmfront.control.api;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudfront.model.CloudFrontOriginAccessIdentity;
import software.amazon.awssdk.services.cloudfront.model.CloudFrontOriginAccessIdentityConfig;
import software.amazon.awssdk.services.cloudfront.model.CloudFrontOriginAccessIdentityList;
import software.amazon.awssdk.services.cloudfront.model.CloudFrontOriginAccessIdentitySummary;
import software.amazon.awssdk.services.cloudfront.model.CreateCloudFrontOriginAccessIdentityRequest;
import software.amazon.awssdk.services.cloudfront.model.CreateCloudFrontOriginAccessIdentityResponse;
import software.amazon.awssdk.services.cloudfront.model.DeleteCloudFrontOriginAccessIdentityRequest;
import software.amazon.awssdk.services.cloudfront.model.DeleteCloudFrontOriginAccessIdentityResponse;
import software.amazon.awssdk.services.cloudfront.model.GetCloudFrontOriginAccessIdentityConfigRequest;
import software.amazon.awssdk.services.cloudfront.model.GetCloudFrontOriginAccessIdentityConfigResponse;
import software.amazon.awssdk.services.cloudfront.model.GetCloudFrontOriginAccessIdentityRequest;
import software.amazon.awssdk.services.cloudfront.model.GetCloudFrontOriginAccessIdentityResponse;
import software.amazon.awssdk.services.cloudfront.model.ListCloudFrontOriginAccessIdentitiesRequest;
import software.amazon.awssdk.services.cloudfront.model.ListCloudFrontOriginAccessIdentitiesResponse;
import software.amazon.awssdk.services.cloudfront.model.UpdateCloudFrontOriginAccessIdentityRequest;
import software.amazon.awssdk.services.cloudfront.model.UpdateCloudFrontOriginAccessIdentityResponse;
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
  private static final String PATH = "/2020-05-31/origin-access-identity/cloudfront/";

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
            quotas.originAccessIdentities(),
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

  static void register(
      Handlers handlers,
      Resources<CloudFrontOriginAccessIdentityConfig, CloudFrontOriginAccessIdentity> all,
      Quotas quotas) {
    handlers.on(
        "CreateCloudFrontOriginAccessIdentity",
        CreateCloudFrontOriginAccessIdentityRequest.class,
        CreateCloudFrontOriginAccessIdentityRequest::builder,
        asked -> {
          Kept<CloudFrontOriginAccessIdentity> made =
              all.create(asked.cloudFrontOriginAccessIdentityConfig(), Tagged.NONE.tags());
          return CreateCloudFrontOriginAccessIdentityResponse.builder()
              .cloudFrontOriginAccessIdentity(made.resource())
              .location(PATH + made.row().id())
              .eTag(made.etag())
              .build();
        });
    handlers.on(
        "GetCloudFrontOriginAccessIdentity",
        GetCloudFrontOriginAccessIdentityRequest.class,
        GetCloudFrontOriginAccessIdentityRequest::builder,
        asked -> {
          Kept<CloudFrontOriginAccessIdentity> kept = all.get(asked.id());
          return GetCloudFrontOriginAccessIdentityResponse.builder()
              .cloudFrontOriginAccessIdentity(kept.resource())
              .eTag(kept.etag())
              .build();
        });
    handlers.on(
        "GetCloudFrontOriginAccessIdentityConfig",
        GetCloudFrontOriginAccessIdentityConfigRequest.class,
        GetCloudFrontOriginAccessIdentityConfigRequest::builder,
        asked -> {
          Kept<CloudFrontOriginAccessIdentity> kept = all.get(asked.id());
          return GetCloudFrontOriginAccessIdentityConfigResponse.builder()
              .cloudFrontOriginAccessIdentityConfig(
                  kept.resource().cloudFrontOriginAccessIdentityConfig())
              .eTag(kept.etag())
              .build();
        });
    handlers.on(
        "UpdateCloudFrontOriginAccessIdentity",
        UpdateCloudFrontOriginAccessIdentityRequest.class,
        UpdateCloudFrontOriginAccessIdentityRequest::builder,
        asked -> {
          Kept<CloudFrontOriginAccessIdentity> kept =
              all.update(
                  asked.id(),
                  Optional.ofNullable(asked.ifMatch()),
                  asked.cloudFrontOriginAccessIdentityConfig());
          return UpdateCloudFrontOriginAccessIdentityResponse.builder()
              .cloudFrontOriginAccessIdentity(kept.resource())
              .eTag(kept.etag())
              .build();
        });
    handlers.on(
        "DeleteCloudFrontOriginAccessIdentity",
        DeleteCloudFrontOriginAccessIdentityRequest.class,
        DeleteCloudFrontOriginAccessIdentityRequest::builder,
        asked -> {
          all.delete(asked.id(), Optional.ofNullable(asked.ifMatch()));
          return DeleteCloudFrontOriginAccessIdentityResponse.builder().build();
        });
    handlers.on(
        "ListCloudFrontOriginAccessIdentities",
        ListCloudFrontOriginAccessIdentitiesRequest.class,
        ListCloudFrontOriginAccessIdentitiesRequest::builder,
        asked -> {
          Paging paging = Paging.of(asked.marker(), asked.maxItems(), quotas.pageItems());
          return ListCloudFrontOriginAccessIdentitiesResponse.builder()
              .cloudFrontOriginAccessIdentityList(list(all, asked.marker(), paging))
              .build();
        });
  }

  private static CloudFrontOriginAccessIdentityList list(
      Resources<CloudFrontOriginAccessIdentityConfig, CloudFrontOriginAccessIdentity> all,
      String marker,
      Paging paging) {
    Page<CloudFrontOriginAccessIdentity> page =
        all.list(List.of(""), paging.marker(), paging.max());
    CloudFrontOriginAccessIdentityList.Builder list =
        CloudFrontOriginAccessIdentityList.builder()
            .marker(Objects.requireNonNullElse(marker, ""))
            .maxItems(paging.max())
            .isTruncated(page.next().isPresent())
            .nextMarker(page.next().orElse(null))
            .quantity(page.items().size());
    if (!page.items().isEmpty()) {
      list.items(page.items().stream().map(AccessIdentities::summary).toList());
    }
    return list.build();
  }

  private static CloudFrontOriginAccessIdentitySummary summary(
      Kept<CloudFrontOriginAccessIdentity> kept) {
    return CloudFrontOriginAccessIdentitySummary.builder()
        .id(kept.row().id())
        .s3CanonicalUserId(kept.resource().s3CanonicalUserId())
        .comment(kept.resource().cloudFrontOriginAccessIdentityConfig().comment())
        .build();
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
