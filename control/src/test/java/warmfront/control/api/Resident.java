package warmfront.control.api;

import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.FunctionConfig;

/** One resource of each of some families, to be asked for. */
final class Resident {
  private static final FunctionConfig FUNCTION =
      FunctionConfig.builder().comment("").runtime("cloudfront-js-2.0").build();
  private static final SdkBytes CODE = SdkBytes.fromUtf8String("x");

  private Resident() {}

  /** Makes them; returns what each goes by in paths, by its name in the API. */
  static Map<String, String> all(Running running) {
    try (CloudFrontClient client = running.client()) {
      return Map.of(
          "Distribution",
          client
              .createDistribution(r -> r.distributionConfig(Configs.minimal("resident")))
              .distribution()
              .id(),
          "CachePolicy",
          client
              .createCachePolicy(r -> r.cachePolicyConfig(c -> c.name("resident").minTTL(1L)))
              .cachePolicy()
              .id(),
          "OriginAccessControl",
          client
              .createOriginAccessControl(r ->
                  r.originAccessControlConfig(c ->
                      c.name("resident")
                          .originAccessControlOriginType("s3")
                          .signingBehavior("always")
                          .signingProtocol("sigv4")))
              .originAccessControl()
              .id(),
          "CloudFrontOriginAccessIdentity",
          client
              .createCloudFrontOriginAccessIdentity(r ->
                  r.cloudFrontOriginAccessIdentityConfig(
                      c -> c.callerReference("resident").comment("")))
              .cloudFrontOriginAccessIdentity()
              .id(),
          "VpcOrigin",
          client
              .createVpcOrigin(r ->
                  r.vpcOriginEndpointConfig(e ->
                      e.name("resident")
                          .arn("arn:aws:ec2:us-east-1:123456789012:instance/10.0.0.7")
                          .httpPort(80)
                          .httpsPort(443)
                          .originProtocolPolicy("http-only")))
              .vpcOrigin()
              .id(),
          "Function",
          client
              .createFunction(r -> r.name("resident").functionConfig(FUNCTION).functionCode(CODE))
              .functionSummary()
              .name(),
          "ConnectionFunction",
          client
              .createConnectionFunction(r ->
                  r.name("resident")
                      .connectionFunctionConfig(FUNCTION)
                      .connectionFunctionCode(CODE))
              .connectionFunctionSummary()
              .id(),
          "KeyValueStore",
          client.createKeyValueStore(r -> r.name("resident")).keyValueStore().name());
    }
  }
}
