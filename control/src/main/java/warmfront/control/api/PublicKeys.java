package warmfront.control.api;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudfront.model.CreatePublicKeyRequest;
import software.amazon.awssdk.services.cloudfront.model.CreatePublicKeyResponse;
import software.amazon.awssdk.services.cloudfront.model.DeletePublicKeyRequest;
import software.amazon.awssdk.services.cloudfront.model.DeletePublicKeyResponse;
import software.amazon.awssdk.services.cloudfront.model.GetPublicKeyConfigRequest;
import software.amazon.awssdk.services.cloudfront.model.GetPublicKeyConfigResponse;
import software.amazon.awssdk.services.cloudfront.model.GetPublicKeyRequest;
import software.amazon.awssdk.services.cloudfront.model.GetPublicKeyResponse;
import software.amazon.awssdk.services.cloudfront.model.ListPublicKeysRequest;
import software.amazon.awssdk.services.cloudfront.model.ListPublicKeysResponse;
import software.amazon.awssdk.services.cloudfront.model.PublicKey;
import software.amazon.awssdk.services.cloudfront.model.PublicKeyConfig;
import software.amazon.awssdk.services.cloudfront.model.PublicKeyList;
import software.amazon.awssdk.services.cloudfront.model.PublicKeySummary;
import software.amazon.awssdk.services.cloudfront.model.UpdatePublicKeyRequest;
import software.amazon.awssdk.services.cloudfront.model.UpdatePublicKeyResponse;
import warmfront.control.api.wire.Members;
import warmfront.control.api.wire.Refused;
import warmfront.control.store.Row;
import warmfront.control.store.Transaction;
import warmfront.distribution.KeyGroup;
import warmfront.distribution.Kind;
import warmfront.distribution.Resource;

/** Public keys, by which edges verify what was signed. Of one, only its comment can be changed. */
final class PublicKeys implements Family<PublicKeyConfig, PublicKey> {
  static final String TYPE = "public-key";
  private static final String PATH = "/2020-05-31/public-key/";
  private static final int NAME_CHARS = 128;

  private final Words words;

  PublicKeys(Quotas quotas) {
    this.words =
        new Words(
            TYPE,
            "PublicKey",
            Kind.PUBLIC_KEY,
            "",
            "NoSuchPublicKey",
            "TooManyPublicKeys",
            quotas.publicKeys(),
            "PublicKeyInUse");
  }

  static void register(
      Handlers handlers, Resources<PublicKeyConfig, PublicKey> all, Quotas quotas) {
    handlers.on(
        "CreatePublicKey",
        CreatePublicKeyRequest.class,
        CreatePublicKeyRequest::builder,
        asked -> {
          Kept<PublicKey> made = all.create(asked.publicKeyConfig(), Tagged.NONE.tags());
          return CreatePublicKeyResponse.builder()
              .publicKey(made.resource())
              .location(PATH + made.row().id())
              .eTag(made.etag())
              .build();
        });
    handlers.on(
        "GetPublicKey",
        GetPublicKeyRequest.class,
        GetPublicKeyRequest::builder,
        asked -> {
          Kept<PublicKey> kept = all.get(asked.id());
          return GetPublicKeyResponse.builder()
              .publicKey(kept.resource())
              .eTag(kept.etag())
              .build();
        });
    handlers.on(
        "GetPublicKeyConfig",
        GetPublicKeyConfigRequest.class,
        GetPublicKeyConfigRequest::builder,
        asked -> {
          Kept<PublicKey> kept = all.get(asked.id());
          return GetPublicKeyConfigResponse.builder()
              .publicKeyConfig(kept.resource().publicKeyConfig())
              .eTag(kept.etag())
              .build();
        });
    handlers.on(
        "UpdatePublicKey",
        UpdatePublicKeyRequest.class,
        UpdatePublicKeyRequest::builder,
        asked -> {
          Kept<PublicKey> kept =
              all.update(asked.id(), Optional.ofNullable(asked.ifMatch()), asked.publicKeyConfig());
          return UpdatePublicKeyResponse.builder()
              .publicKey(kept.resource())
              .eTag(kept.etag())
              .build();
        });
    handlers.on(
        "DeletePublicKey",
        DeletePublicKeyRequest.class,
        DeletePublicKeyRequest::builder,
        asked -> {
          all.delete(asked.id(), Optional.ofNullable(asked.ifMatch()));
          return DeletePublicKeyResponse.builder().build();
        });
    handlers.on(
        "ListPublicKeys",
        ListPublicKeysRequest.class,
        ListPublicKeysRequest::builder,
        asked -> {
          Paging paging = Paging.of(asked.marker(), asked.maxItems(), quotas.pageItems());
          Page<PublicKey> page = all.list(List.of(""), paging.marker(), paging.max());
          PublicKeyList.Builder list =
              PublicKeyList.builder()
                  .maxItems(paging.max())
                  .nextMarker(page.next().orElse(null))
                  .quantity(page.items().size());
          if (!page.items().isEmpty()) {
            list.items(page.items().stream().map(PublicKeys::summary).toList());
          }
          return ListPublicKeysResponse.builder().publicKeyList(list.build()).build();
        });
  }

  private static PublicKeySummary summary(Kept<PublicKey> kept) {
    return Members.copy(kept.resource().publicKeyConfig(), PublicKeySummary.builder())
        .id(kept.row().id())
        .createdTime(kept.row().created())
        .build();
  }

  @Override
  public Words words() {
    return words;
  }

  @Override
  public SdkPojo blank() {
    return PublicKey.builder();
  }

  @Override
  public String newId(Ids ids) {
    return ids.publicKey();
  }

  @Override
  public PublicKeyConfig complete(PublicKeyConfig asked) {
    if (asked.callerReference().isEmpty()) {
      throw invalid("CallerReference", "must not be empty");
    }
    if (asked.name().isEmpty() || asked.name().length() > NAME_CHARS) {
      throw invalid("Name", "has 1 to %d characters".formatted(NAME_CHARS));
    }
    Comments.check("PublicKeyConfig", asked.comment());
    try {
      var _ = warmfront.distribution.PublicKey.ofPem("", asked.encodedKey());
    } catch (IllegalArgumentException malformed) {
      throw invalid("EncodedKey", "is not accepted: " + malformed.getMessage());
    }
    return asked.toBuilder().comment(Objects.requireNonNullElse(asked.comment(), "")).build();
  }

  private static Refused invalid(String field, String what) {
    return new Refused(
        "InvalidArgument", "The parameter PublicKeyConfig.%s %s.".formatted(field, what));
  }

  @Override
  public void refer(Transaction tx, PublicKeyConfig config) {}

  @Override
  public void change(PublicKeyConfig before, PublicKeyConfig after) {
    if (!before.toBuilder().comment(after.comment()).build().equals(after)) {
      throw new Refused(
          "CannotChangeImmutablePublicKeyFields",
          "Of a public key only the comment can be changed.");
    }
  }

  @Override
  public List<Name> names(PublicKeyConfig config) {
    return List.of(
        new Name(
            "public-key-caller-reference",
            config.callerReference(),
            "PublicKeyAlreadyExists",
            "The caller reference is that of another public key"),
        new Name(
            "public-key-name",
            config.name(),
            "PublicKeyAlreadyExists",
            "A public key with the name %s exists already".formatted(config.name())));
  }

  @Override
  public PublicKey make(Ids ids, String id, PublicKeyConfig config) {
    return PublicKey.builder().id(id).publicKeyConfig(config).build();
  }

  @Override
  public PublicKey with(PublicKey resource, PublicKeyConfig config) {
    return resource.toBuilder().publicKeyConfig(config).build();
  }

  @Override
  public PublicKeyConfig config(PublicKey resource) {
    return resource.publicKeyConfig();
  }

  @Override
  public PublicKey show(Transaction tx, Row row, PublicKey resource) {
    return resource.toBuilder().createdTime(row.created()).build();
  }

  @Override
  public Resource compile(PublicKey resource) {
    return warmfront.distribution.PublicKey.ofPem(
        resource.id(), resource.publicKeyConfig().encodedKey());
  }

  @Override
  public boolean uses(Resource user, String id) {
    return user instanceof KeyGroup group && group.keyIds().contains(id);
  }
}
