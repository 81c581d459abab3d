package warmfront.control.api;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudfront.model.Aliases;
import software.amazon.awssdk.services.cloudfront.model.AllowedMethods;
import software.amazon.awssdk.services.cloudfront.model.CacheBehavior;
import software.amazon.awssdk.services.cloudfront.model.CacheBehaviors;
import software.amazon.awssdk.services.cloudfront.model.CachedMethods;
import software.amazon.awssdk.services.cloudfront.model.CookiePreference;
import software.amazon.awssdk.services.cloudfront.model.CustomErrorResponses;
import software.amazon.awssdk.services.cloudfront.model.CustomHeaders;
import software.amazon.awssdk.services.cloudfront.model.CustomOriginConfig;
import software.amazon.awssdk.services.cloudfront.model.DefaultCacheBehavior;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.ForwardedValues;
import software.amazon.awssdk.services.cloudfront.model.FunctionAssociations;
import software.amazon.awssdk.services.cloudfront.model.GeoRestriction;
import software.amazon.awssdk.services.cloudfront.model.GrpcConfig;
import software.amazon.awssdk.services.cloudfront.model.Headers;
import software.amazon.awssdk.services.cloudfront.model.LambdaFunctionAssociations;
import software.amazon.awssdk.services.cloudfront.model.LoggingConfig;
import software.amazon.awssdk.services.cloudfront.model.Method;
import software.amazon.awssdk.services.cloudfront.model.Origin;
import software.amazon.awssdk.services.cloudfront.model.OriginGroups;
import software.amazon.awssdk.services.cloudfront.model.OriginShield;
import software.amazon.awssdk.services.cloudfront.model.OriginSslProtocols;
import software.amazon.awssdk.services.cloudfront.model.QueryStringCacheKeys;
import software.amazon.awssdk.services.cloudfront.model.Restrictions;
import software.amazon.awssdk.services.cloudfront.model.S3OriginConfig;
import software.amazon.awssdk.services.cloudfront.model.TrustedKeyGroups;
import software.amazon.awssdk.services.cloudfront.model.TrustedSigners;
import software.amazon.awssdk.services.cloudfront.model.ViewerCertificate;
import software.amazon.awssdk.services.cloudfront.model.VpcOriginConfig;
import warmfront.control.api.wire.Members;

/**
 * Fills in what a caller left out of a distribution's configuration, as CloudFront does before it
 * answers: what is read after a create can be written back and changes nothing.
 */
@SuppressWarnings("deprecation") // the legacy fields, which the API still takes
final class DistributionDefaults {
  private DistributionDefaults() {}

  static DistributionConfig complete(DistributionConfig asked) {
    DistributionConfig.Builder config =
        asked.toBuilder()
            .aliases(or(asked.aliases(), Aliases.builder().quantity(0).build()))
            .defaultRootObject(or(asked.defaultRootObject(), ""))
            .originGroups(or(asked.originGroups(), OriginGroups.builder().quantity(0).build()))
            .customErrorResponses(
                or(
                    asked.customErrorResponses(),
                    CustomErrorResponses.builder().quantity(0).build()))
            .logging(
                or(
                    asked.logging(),
                    LoggingConfig.builder()
                        .enabled(false)
                        .includeCookies(false)
                        .bucket("")
                        .prefix("")
                        .build()))
            .priceClass(
                or(
                    asked.priceClassAsString(),
                    TenancyRules.isShared(asked) ? TenancyRules.NO_PRICE_CLASS : "PriceClass_All"))
            .viewerCertificate(certificate(asked.viewerCertificate()))
            .restrictions(
                or(
                    asked.restrictions(),
                    Restrictions.builder()
                        .geoRestriction(
                            GeoRestriction.builder().restrictionType("none").quantity(0).build())
                        .build()))
            .webACLId(or(asked.webACLId(), ""))
            .httpVersion(or(asked.httpVersionAsString(), "http2"))
            .isIPV6Enabled(or(asked.isIPV6Enabled(), false))
            .continuousDeploymentPolicyId(or(asked.continuousDeploymentPolicyId(), ""))
            .staging(or(asked.staging(), false))
            .viewerMtlsConfig(MtlsRules.complete(asked.viewerMtlsConfig()))
            .connectionMode(or(asked.connectionModeAsString(), "direct"));
    List<Origin> origins =
        asked.origins().items().stream().map(DistributionDefaults::origin).toList();
    config.origins(asked.origins().toBuilder().items(origins).build());
    config.defaultCacheBehavior(behavior(asked.defaultCacheBehavior()));
    config.cacheBehaviors(behaviors(asked.cacheBehaviors()));
    return config.build();
  }

  private static CacheBehaviors behaviors(@Nullable CacheBehaviors asked) {
    if (asked == null || asked.items().isEmpty()) {
      return CacheBehaviors.builder().quantity(0).build();
    }
    List<CacheBehavior> items = asked.items().stream().map(DistributionDefaults::behavior).toList();
    return asked.toBuilder().items(items).build();
  }

  /** With the default certificate, CloudFront sets the other fields whatever was asked. */
  private static ViewerCertificate certificate(@Nullable ViewerCertificate asked) {
    Optional<String> arn = Optional.ofNullable(asked).flatMap(DistributionDefaults::arn);
    if (asked != null && arn.isPresent()) {
      return asked.toBuilder()
          .cloudFrontDefaultCertificate(or(asked.cloudFrontDefaultCertificate(), false))
          .acmCertificateArn(arn.get())
          .minimumProtocolVersion(or(asked.minimumProtocolVersionAsString(), "TLSv1"))
          .certificate(or(asked.certificate(), arn.get()))
          .certificateSource("acm")
          .build();
    }
    Optional<String> ofIam = Optional.ofNullable(asked).flatMap(DistributionDefaults::ofIam);
    if (asked != null && ofIam.isPresent()) {
      return asked.toBuilder()
          .cloudFrontDefaultCertificate(or(asked.cloudFrontDefaultCertificate(), false))
          .iamCertificateId(ofIam.get())
          .minimumProtocolVersion(or(asked.minimumProtocolVersionAsString(), "TLSv1"))
          .certificate(or(asked.certificate(), ofIam.get()))
          .certificateSource("iam")
          .build();
    }
    if (asked != null && isGiven(asked.certificate())) {
      return asked;
    }
    return ViewerCertificate.builder()
        .cloudFrontDefaultCertificate(true)
        .sslSupportMethod("vip")
        .minimumProtocolVersion("TLSv1")
        .certificateSource("cloudfront")
        .build();
  }

  /** The fields Certificate and CertificateSource say what ACMCertificateArn says, the old way. */
  private static Optional<String> arn(ViewerCertificate asked) {
    return isGiven(asked.acmCertificateArn())
        ? Optional.of(asked.acmCertificateArn())
        : Optional.ofNullable(asked.certificate())
            .filter(named -> isGiven(named) && "acm".equals(asked.certificateSourceAsString()));
  }

  private static Optional<String> ofIam(ViewerCertificate asked) {
    return isGiven(asked.iamCertificateId())
        ? Optional.of(asked.iamCertificateId())
        : Optional.ofNullable(asked.certificate())
            .filter(named -> isGiven(named) && "iam".equals(asked.certificateSourceAsString()));
  }

  private static boolean isGiven(@Nullable String text) {
    return text != null && !text.isEmpty();
  }

  private static Origin origin(Origin asked) {
    return asked.toBuilder()
        .originPath(or(asked.originPath(), ""))
        .customHeaders(or(asked.customHeaders(), CustomHeaders.builder().quantity(0).build()))
        .connectionAttempts(or(asked.connectionAttempts(), 3))
        .connectionTimeout(or(asked.connectionTimeout(), 10))
        .originShield(or(asked.originShield(), OriginShield.builder().enabled(false).build()))
        .originAccessControlId(or(asked.originAccessControlId(), ""))
        .s3OriginConfig(bucket(asked.s3OriginConfig()))
        .customOriginConfig(server(asked.customOriginConfig()))
        .vpcOriginConfig(inside(asked.vpcOriginConfig()))
        .build();
  }

  private static @Nullable VpcOriginConfig inside(@Nullable VpcOriginConfig asked) {
    return asked == null
        ? null
        : asked.toBuilder()
            .originReadTimeout(or(asked.originReadTimeout(), 30))
            .originKeepaliveTimeout(or(asked.originKeepaliveTimeout(), 5))
            .build();
  }

  private static @Nullable S3OriginConfig bucket(@Nullable S3OriginConfig asked) {
    return asked == null
        ? null
        : asked.toBuilder()
            .originAccessIdentity(or(asked.originAccessIdentity(), ""))
            .originReadTimeout(or(asked.originReadTimeout(), 30))
            .build();
  }

  private static @Nullable CustomOriginConfig server(@Nullable CustomOriginConfig asked) {
    return asked == null
        ? null
        : asked.toBuilder()
            .originSslProtocols(
                or(
                    asked.originSslProtocols(),
                    OriginSslProtocols.builder()
                        .quantity(3)
                        .itemsWithStrings("TLSv1", "TLSv1.1", "TLSv1.2")
                        .build()))
            .originReadTimeout(or(asked.originReadTimeout(), 30))
            .originKeepaliveTimeout(or(asked.originKeepaliveTimeout(), 5))
            .ipAddressType(or(asked.ipAddressTypeAsString(), "ipv4"))
            .build();
  }

  private static DefaultCacheBehavior behavior(DefaultCacheBehavior asked) {
    CacheBehavior same = Members.copy(asked, CacheBehavior.builder()).build();
    return Members.copy(behavior(same), DefaultCacheBehavior.builder()).build();
  }

  private static CacheBehavior behavior(CacheBehavior asked) {
    CacheBehavior.Builder behavior =
        asked.toBuilder()
            .trustedSigners(
                or(
                    asked.trustedSigners(),
                    TrustedSigners.builder().enabled(false).quantity(0).build()))
            .trustedKeyGroups(
                or(
                    asked.trustedKeyGroups(),
                    TrustedKeyGroups.builder().enabled(false).quantity(0).build()))
            .allowedMethods(methods(asked.allowedMethods()))
            .smoothStreaming(or(asked.smoothStreaming(), false))
            .compress(or(asked.compress(), false))
            .lambdaFunctionAssociations(
                or(
                    asked.lambdaFunctionAssociations(),
                    LambdaFunctionAssociations.builder().quantity(0).build()))
            .functionAssociations(
                or(
                    asked.functionAssociations(),
                    FunctionAssociations.builder().quantity(0).build()))
            .fieldLevelEncryptionId(or(asked.fieldLevelEncryptionId(), ""))
            .grpcConfig(or(asked.grpcConfig(), GrpcConfig.builder().enabled(false).build()));
    if (asked.forwardedValues() != null && asked.cachePolicyId() == null) {
      long min = or(asked.minTTL(), 0L);
      long preset = or(asked.defaultTTL(), Math.max(CachePolicyFamily.DEFAULT_TTL, min));
      behavior
          .forwardedValues(forwarded(asked.forwardedValues()))
          .minTTL(min)
          .defaultTTL(preset)
          .maxTTL(or(asked.maxTTL(), Math.max(CachePolicyFamily.MAX_TTL, preset)));
    }
    return behavior.build();
  }

  private static ForwardedValues forwarded(ForwardedValues asked) {
    return asked.toBuilder()
        .cookies(or(asked.cookies(), CookiePreference.builder().forward("none").build()))
        .headers(or(asked.headers(), Headers.builder().quantity(0).build()))
        .queryStringCacheKeys(
            or(asked.queryStringCacheKeys(), QueryStringCacheKeys.builder().quantity(0).build()))
        .build();
  }

  private static AllowedMethods methods(@Nullable AllowedMethods asked) {
    CachedMethods cached =
        CachedMethods.builder().quantity(2).items(Method.HEAD, Method.GET).build();
    if (asked == null) {
      return AllowedMethods.builder()
          .quantity(2)
          .items(Method.HEAD, Method.GET)
          .cachedMethods(cached)
          .build();
    }
    return asked.toBuilder().cachedMethods(or(asked.cachedMethods(), cached)).build();
  }

  private static <T> T or(@Nullable T asked, T preset) {
    return Objects.requireNonNullElse(asked, preset);
  }
}
