package warmfront.control.api;

import static warmfront.control.api.DistributionRules.invalid;

import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudfront.model.CacheBehavior;
import software.amazon.awssdk.services.cloudfront.model.CustomOriginConfig;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.Origin;
import software.amazon.awssdk.services.cloudfront.model.OriginMtlsConfig;
import software.amazon.awssdk.services.cloudfront.model.TrustStoreConfig;
import software.amazon.awssdk.services.cloudfront.model.ViewerMtlsConfig;
import warmfront.control.api.wire.Refused;
import warmfront.control.certificate.AliasCertificate;
import warmfront.control.store.Transaction;
import warmfront.distribution.Certificate;
import warmfront.distribution.Kind;
import warmfront.distribution.ViewerMtls;

/**
 * Certificates of viewers, and those that edges show to origins: the rules, and what edges are told
 * (CloudFront, "Mutual TLS authentication").
 */
final class MtlsRules {
  private static final String CONFIG = "ViewerMtlsConfig";

  private MtlsRules() {}

  /** Fills in what a caller left out. */
  static @Nullable ViewerMtlsConfig complete(@Nullable ViewerMtlsConfig asked) {
    if (asked == null) {
      return null;
    }
    TrustStoreConfig store = asked.trustStoreConfig();
    return asked.toBuilder()
        .mode(asked.modeAsString() == null ? "required" : asked.modeAsString())
        .trustStoreConfig(
            store == null
                ? null
                : store.toBuilder()
                    .advertiseTrustStoreCaNames(
                        Boolean.TRUE.equals(store.advertiseTrustStoreCaNames()))
                    .ignoreCertificateExpiry(Boolean.TRUE.equals(store.ignoreCertificateExpiry()))
                    .build())
        .build();
  }

  /**
   * Checks what is asked of viewers, in a completed configuration.
   *
   * @throws Refused naming the field
   */
  static void check(DistributionConfig config) {
    ViewerMtlsConfig asked = config.viewerMtlsConfig();
    if (asked == null) {
      return;
    }
    boolean judged = mode(asked) != ViewerMtls.Mode.PASSTHROUGH;
    if (judged != (asked.trustStoreConfig() != null)) {
      throw invalid(
          CONFIG,
          "has a TrustStoreConfig exactly if its Mode is required or optional: it is %s"
              .formatted(asked.modeAsString()));
    }
    boolean plain =
        Stream.concat(
                Stream.of(config.defaultCacheBehavior().viewerProtocolPolicyAsString()),
                config.cacheBehaviors().items().stream()
                    .map(CacheBehavior::viewerProtocolPolicyAsString))
            .anyMatch("allow-all"::equals);
    if (plain) {
      throw invalid(
          CONFIG, "needs a ViewerProtocolPolicy other than allow-all in every cache behavior");
    }
    if (config.httpVersionAsString().contains("3")) {
      throw invalid(CONFIG, "may not be there together with HTTP/3: HttpVersion is http2 at most");
    }
    if (config.staging() || !config.continuousDeploymentPolicyId().isEmpty()) {
      throw invalid(CONFIG, "may not be there together with continuous deployment");
    }
  }

  /**
   * Checks what is shown to an origin.
   *
   * @throws Refused naming the field
   */
  static void check(CustomOriginConfig server, String path) {
    OriginMtlsConfig shown = server.originMtlsConfig();
    if (shown != null && server.originProtocolPolicyAsString().equals("http-only")) {
      throw invalid(
          path + ".OriginMtlsConfig", "needs an OriginProtocolPolicy other than http-only");
    }
  }

  /**
   * Checks that trust store and certificates are there.
   *
   * @param usersMax how many distributions may use one trust store
   * @throws Refused if something does not exist or does not fit
   */
  static void refer(Transaction tx, DistributionConfig config, int usersMax) {
    ViewerMtlsConfig asked = config.viewerMtlsConfig();
    if (asked != null && asked.trustStoreConfig() != null) {
      Optional<String> own = DistributionFamily.named(tx, config);
      TrustStores.refer(tx, asked.trustStoreConfig().trustStoreId(), own, usersMax);
    }
    for (Origin origin : config.origins().items()) {
      shown(origin.customOriginConfig()).ifPresent(arn -> certificate(tx, arn));
    }
  }

  private static void certificate(Transaction tx, String arn) {
    Certificate found =
        tx.latest(Kind.CERTIFICATE, arn)
            .map(Certificate.class::cast)
            .orElseThrow(() ->
                invalid(
                    "OriginMtlsConfig.ClientCertificateArn",
                    "names a certificate that is not there: '%s'".formatted(arn)));
    if (!AliasCertificate.ofPem(found.chainPem()).isForClients()) {
      throw invalid(
          "OriginMtlsConfig.ClientCertificateArn",
          "names a certificate whose extended key usage is not client authentication: " + arn);
    }
  }

  /** Returns the ARN of what is shown to an origin; empty for nothing. */
  static Optional<String> shown(@Nullable CustomOriginConfig server) {
    return Optional.ofNullable(server)
        .map(CustomOriginConfig::originMtlsConfig)
        .map(OriginMtlsConfig::clientCertificateArn);
  }

  /** Returns what edges are told of viewers' certificates. */
  static Optional<ViewerMtls> compile(DistributionConfig config) {
    ViewerMtlsConfig asked = config.viewerMtlsConfig();
    if (asked == null) {
      return Optional.empty();
    }
    TrustStoreConfig store = asked.trustStoreConfig();
    return Optional.of(
        new ViewerMtls(
            mode(asked),
            Optional.ofNullable(store).map(TrustStoreConfig::trustStoreId),
            store != null && store.advertiseTrustStoreCaNames(),
            store != null && store.ignoreCertificateExpiry()));
  }

  private static ViewerMtls.Mode mode(ViewerMtlsConfig asked) {
    return switch (asked.modeAsString()) {
      case "optional" -> ViewerMtls.Mode.OPTIONAL;
      case "passthrough" -> ViewerMtls.Mode.PASSTHROUGH;
      default -> ViewerMtls.Mode.REQUIRED;
    };
  }
}
