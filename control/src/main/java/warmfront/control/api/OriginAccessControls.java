package warmfront.control.api;

import java.util.List;
import java.util.Objects;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudfront.model.OriginAccessControl;
import software.amazon.awssdk.services.cloudfront.model.OriginAccessControlConfig;
import warmfront.control.api.wire.Refused;
import warmfront.control.store.Row;
import warmfront.control.store.Transaction;
import warmfront.distribution.Kind;
import warmfront.distribution.OriginAccessControl.Signing;
import warmfront.distribution.Resource;

/** Origin access controls: how requests to an origin are signed. */
final class OriginAccessControls implements Family<OriginAccessControlConfig, OriginAccessControl> {
  static final String TYPE = "origin-access-control";

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
            quotas.of(Quota.ORIGIN_ACCESS_CONTROLS),
            "OriginAccessControlInUse");
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
    warmfront.distribution.OriginAccessControl.Type type =
        switch (config.originAccessControlOriginTypeAsString()) {
          case "mediastore" -> warmfront.distribution.OriginAccessControl.Type.MEDIASTORE;
          case "mediapackagev2" -> warmfront.distribution.OriginAccessControl.Type.MEDIAPACKAGEV2;
          case "lambda" -> warmfront.distribution.OriginAccessControl.Type.LAMBDA;
          default -> warmfront.distribution.OriginAccessControl.Type.S3;
        };
    return new warmfront.distribution.OriginAccessControl(
        resource.id(), config.name(), type, signing);
  }

  @Override
  public boolean uses(Resource user, String id) {
    return Buckets.isSignedBy(user, id);
  }
}
