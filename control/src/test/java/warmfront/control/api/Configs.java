package warmfront.control.api;

import software.amazon.awssdk.services.cloudfront.model.CustomOriginConfig;
import software.amazon.awssdk.services.cloudfront.model.DefaultCacheBehavior;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.Origin;
import software.amazon.awssdk.services.cloudfront.model.Origins;
import software.amazon.awssdk.services.cloudfront.model.S3OriginConfig;

/** Configurations that tests begin with. */
final class Configs {
  static final String OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6";

  private Configs() {}

  /** Returns the least that creates a distribution. */
  static DistributionConfig minimal(String reference) {
    return of(reference, server());
  }

  static DistributionConfig of(String reference, Origin origin) {
    return DistributionConfig.builder()
        .callerReference(reference)
        .comment("")
        .enabled(true)
        .origins(Origins.builder().quantity(1).items(origin).build())
        .defaultCacheBehavior(
            DefaultCacheBehavior.builder()
                .targetOriginId("o")
                .viewerProtocolPolicy("allow-all")
                .cachePolicyId(OPTIMIZED)
                .build())
        .build();
  }

  static Origin server() {
    return Origin.builder()
        .id("o")
        .domainName("origin.example.com")
        .customOriginConfig(
            CustomOriginConfig.builder()
                .httpPort(80)
                .httpsPort(443)
                .originProtocolPolicy("http-only")
                .build())
        .build();
  }

  static Origin bucket() {
    return Origin.builder()
        .id("o")
        .domainName("site.s3.us-east-2.amazonaws.com")
        .s3OriginConfig(S3OriginConfig.builder().originAccessIdentity("").build())
        .build();
  }
}
