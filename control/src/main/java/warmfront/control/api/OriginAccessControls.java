package warmfront.control.api;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudfront.model.CreateOriginAccessControlRequest;
import software.amazon.awssdk.services.cloudfront.model.CreateOriginAccessControlResponse;
import software.amazon.awssdk.services.cloudfront.model.DeleteOriginAccessControlRequest;
import software.amazon.awssdk.services.cloudfront.model.DeleteOriginAccessControlResponse;
import software.amazon.awssdk.services.cloudfront.model.GetOriginAccessControlConfigRequest;
import software.amazon.awssdk.services.cloudfront.model.GetOriginAccessControlConfigResponse;
import software.amazon.awssdk.services.cloudfront.model.GetOriginAccessControlRequest;
import software.amazon.awssdk.services.cloudfront.model.GetOriginAccessControlResponse;
import software.amazon.awssdk.services.cloudfront.model.ListOriginAccessControlsRequest;
import software.amazon.awssdk.services.cloudfront.model.ListOriginAccessControlsResponse;
import software.amazon.awssdk.services.cloudfront.model.OriginAccessControl;
import software.amazon.awssdk.services.cloudfront.model.OriginAccessControlConfig;
import software.amazon.awssdk.services.cloudfront.model.OriginAccessControlList;
import software.amazon.awssdk.services.cloudfront.model.OriginAccessControlSummary;
import software.amazon.awssdk.services.cloudfront.model.UpdateOriginAccessControlRequest;
import software.amazon.awssdk.services.cloudfront.model.UpdateOriginAccessControlResponse;
import warmfront.control.api.wire.Members;
import warmfront.control.api.wire.Refused;
import warmfront.control.store.Row;
import warmfront.control.store.Transaction;
import warmfront.distribution.Kind;
import warmfront.distribution.OriginAccessControl.Signing;
import warmfront.distribution.Resource;

/** Origin access controls: how requests to an origin are signed. */
final class OriginAccessControls implements Family<OriginAccessControlConfig, OriginAccessControl> {
  static final String TYPE = "origin-access-control";
  private static final String PATH = "/2020-05-31/origin-access-control/";

  /** CloudFront allows 64 characters. */
  private static final int NAME_CHARS = 64;

  private static final int DESCRIPTION_CHARS = 256;

  private final Words words;

  OriginAccessControls(Quotas quotas) {
    this.words =
        new Words(
            TYPE,
            "OriginAccessControl",
            Kind.ORIGIN_ACCESS_CONTROL,
            "",
            "NoSuchOriginAccessControl",
            "TooManyOriginAccessControls",
            quotas.originAccessControls(),
            "OriginAccessControlInUse");
  }

  static void register(
      Handlers handlers,
      Resources<OriginAccessControlConfig, OriginAccessControl> all,
      Quotas quotas) {
    handlers.on(
        "CreateOriginAccessControl",
        CreateOriginAccessControlRequest.class,
        CreateOriginAccessControlRequest::builder,
        asked -> {
          Kept<OriginAccessControl> made =
              all.create(asked.originAccessControlConfig(), Tagged.NONE.tags());
          return CreateOriginAccessControlResponse.builder()
              .originAccessControl(made.resource())
              .location(PATH + made.row().id())
              .eTag(made.etag())
              .build();
        });
    handlers.on(
        "GetOriginAccessControl",
        GetOriginAccessControlRequest.class,
        GetOriginAccessControlRequest::builder,
        asked -> {
          Kept<OriginAccessControl> kept = all.get(asked.id());
          return GetOriginAccessControlResponse.builder()
              .originAccessControl(kept.resource())
              .eTag(kept.etag())
              .build();
        });
    handlers.on(
        "GetOriginAccessControlConfig",
        GetOriginAccessControlConfigRequest.class,
        GetOriginAccessControlConfigRequest::builder,
        asked -> {
          Kept<OriginAccessControl> kept = all.get(asked.id());
          return GetOriginAccessControlConfigResponse.builder()
              .originAccessControlConfig(kept.resource().originAccessControlConfig())
              .eTag(kept.etag())
              .build();
        });
    handlers.on(
        "UpdateOriginAccessControl",
        UpdateOriginAccessControlRequest.class,
        UpdateOriginAccessControlRequest::builder,
        asked -> {
          Kept<OriginAccessControl> kept =
              all.update(
                  asked.id(),
                  Optional.ofNullable(asked.ifMatch()),
                  asked.originAccessControlConfig());
          return UpdateOriginAccessControlResponse.builder()
              .originAccessControl(kept.resource())
              .eTag(kept.etag())
              .build();
        });
    handlers.on(
        "DeleteOriginAccessControl",
        DeleteOriginAccessControlRequest.class,
        DeleteOriginAccessControlRequest::builder,
        asked -> {
          all.delete(asked.id(), Optional.ofNullable(asked.ifMatch()));
          return DeleteOriginAccessControlResponse.builder().build();
        });
    handlers.on(
        "ListOriginAccessControls",
        ListOriginAccessControlsRequest.class,
        ListOriginAccessControlsRequest::builder,
        asked -> {
          Paging paging = Paging.of(asked.marker(), asked.maxItems(), quotas.pageItems());
          return ListOriginAccessControlsResponse.builder()
              .originAccessControlList(list(all, asked.marker(), paging))
              .build();
        });
  }

  private static OriginAccessControlList list(
      Resources<OriginAccessControlConfig, OriginAccessControl> all, String marker, Paging paging) {
    Page<OriginAccessControl> page = all.list(List.of(""), paging.marker(), paging.max());
    return OriginAccessControlList.builder()
        .marker(Objects.requireNonNullElse(marker, ""))
        .maxItems(paging.max())
        .isTruncated(page.next().isPresent())
        .nextMarker(page.next().orElse(null))
        .quantity(page.items().size())
        .items(page.items().stream().map(OriginAccessControls::summary).toList())
        .build();
  }

  private static OriginAccessControlSummary summary(Kept<OriginAccessControl> kept) {
    OriginAccessControlConfig config = kept.resource().originAccessControlConfig();
    return Members.copy(config, OriginAccessControlSummary.builder()).id(kept.row().id()).build();
  }

  @Override
  public Words words() {
    return words;
  }

  @Override
  public SdkPojo blank() {
    return OriginAccessControl.builder();
  }

  @Override
  public String newId(Ids ids) {
    return ids.entity();
  }

  @Override
  public OriginAccessControlConfig complete(OriginAccessControlConfig asked) {
    if (asked.name().isEmpty() || asked.name().length() > NAME_CHARS) {
      throw new Refused(
          "InvalidArgument",
          "The parameter OriginAccessControlConfig.Name has 1 to %d characters: '%s'."
              .formatted(NAME_CHARS, asked.name()));
    }
    String description = Objects.requireNonNullElse(asked.description(), "");
    if (description.length() > DESCRIPTION_CHARS) {
      throw new Refused(
          "InvalidArgument",
          "The parameter OriginAccessControlConfig.Description has at most %d characters."
              .formatted(DESCRIPTION_CHARS));
    }
    return asked.toBuilder().description(description).build();
  }

  @Override
  public void refer(Transaction tx, OriginAccessControlConfig config) {}

  @Override
  public void change(OriginAccessControlConfig before, OriginAccessControlConfig after) {}

  @Override
  public List<Name> names(OriginAccessControlConfig config) {
    return List.of(
        new Name(
            "origin-access-control-name",
            config.name(),
            "OriginAccessControlAlreadyExists",
            "An origin access control with the name %s exists already".formatted(config.name())));
  }

  @Override
  public OriginAccessControl make(Ids ids, String id, OriginAccessControlConfig config) {
    return OriginAccessControl.builder().id(id).originAccessControlConfig(config).build();
  }

  @Override
  public OriginAccessControl with(OriginAccessControl resource, OriginAccessControlConfig config) {
    return resource.toBuilder().originAccessControlConfig(config).build();
  }

  @Override
  public OriginAccessControlConfig config(OriginAccessControl resource) {
    return resource.originAccessControlConfig();
  }

  @Override
  public OriginAccessControl show(Transaction tx, Row row, OriginAccessControl resource) {
    return resource;
  }

  @Override
  public Resource compile(OriginAccessControl resource) {
    OriginAccessControlConfig config = resource.originAccessControlConfig();
    Signing signing =
        switch (config.signingBehaviorAsString()) {
          case "never" -> Signing.NEVER;
          case "no-override" -> Signing.NO_OVERRIDE;
          default -> Signing.ALWAYS;
        };
    return new warmfront.distribution.OriginAccessControl(resource.id(), config.name(), signing);
  }

  @Override
  public boolean uses(Resource user, String id) {
    return Buckets.isSignedBy(user, id);
  }
}
