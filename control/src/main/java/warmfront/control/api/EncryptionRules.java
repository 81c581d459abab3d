package warmfront.control.api;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudfront.model.CacheBehavior;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.Origin;
import software.amazon.awssdk.services.cloudfront.model.OriginGroup;
import software.amazon.awssdk.services.cloudfront.model.OriginGroupMember;
import warmfront.control.api.wire.Refused;
import warmfront.control.store.Transaction;
import warmfront.distribution.Kind;
import warmfront.distribution.Origin.Protocol;
import warmfront.distribution.VpcOrigin;

/**
 * Which behaviors may encrypt fields of forms: viewers come by HTTPS, may write, and what is not
 * encrypted goes to the origin by HTTPS, too (CloudFront, "Use field-level encryption to help
 * protect sensitive data", step 5).
 */
final class EncryptionRules {
  private static final int ALL_METHODS = 7;

  private EncryptionRules() {}

  /** Checks what a behavior says itself. */
  static void check(DistributionConfig config, CacheBehavior behavior, String path) {
    if (!isUsed(behavior)) {
      return;
    }
    if (behavior.viewerProtocolPolicyAsString().equals("allow-all")) {
      throw illegal(path, "has the ViewerProtocolPolicy https-only or redirect-to-https");
    }
    if (behavior.allowedMethods().items().size() < ALL_METHODS) {
      throw illegal(path, "allows all seven methods");
    }
    for (Origin origin : origins(config, behavior)) {
      if (origin.customOriginConfig() != null
          && origin.customOriginConfig().originProtocolPolicyAsString().equals("http-only")) {
        throw plain(path, origin);
      }
    }
  }

  /** Checks what a behavior refers to. */
  static void refer(Transaction tx, DistributionConfig config, CacheBehavior behavior) {
    if (!isUsed(behavior)) {
      return;
    }
    String id = behavior.fieldLevelEncryptionId();
    if (tx.find(EncryptionConfigs.TYPE, id).isEmpty()) {
      throw new Refused(
          "NoSuchFieldLevelEncryptionConfig",
          "There is no field-level encryption configuration with the id %s.".formatted(id));
    }
    for (Origin origin : origins(config, behavior)) {
      if (origin.vpcOriginConfig() != null
          && tx.latest(Kind.VPC_ORIGIN, origin.vpcOriginConfig().vpcOriginId())
              .filter(there -> ((VpcOrigin) there).protocol() == Protocol.HTTP_ONLY)
              .isPresent()) {
        throw plain("CacheBehavior", origin);
      }
    }
  }

  private static boolean isUsed(CacheBehavior behavior) {
    @Nullable String id = behavior.fieldLevelEncryptionId();
    return id != null && !id.isEmpty();
  }

  private static List<Origin> origins(DistributionConfig config, CacheBehavior behavior) {
    List<String> ids =
        config.originGroups().items().stream()
            .filter(group -> group.id().equals(behavior.targetOriginId()))
            .map(OriginGroup::members)
            .flatMap(members -> members.items().stream())
            .map(OriginGroupMember::originId)
            .toList();
    return config.origins().items().stream()
        .filter(origin ->
            Stream.concat(ids.stream(), Stream.of(behavior.targetOriginId()))
                .anyMatch(origin.id()::equals))
        .toList();
  }

  private static Refused plain(String path, Origin origin) {
    return illegal(
        path,
        "has an origin with the OriginProtocolPolicy https-only or match-viewer, which %s has not"
            .formatted(origin.id()));
  }

  private static Refused illegal(String path, String what) {
    return new Refused(
        "IllegalFieldLevelEncryptionConfigAssociationWithCacheBehavior",
        "DistributionConfig.%s.FieldLevelEncryptionId needs a behavior that %s."
            .formatted(path, what));
  }
}
