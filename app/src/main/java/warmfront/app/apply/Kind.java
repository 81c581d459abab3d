package warmfront.app.apply;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A type of CloudFront's resources, with what CloudFormation's reference says of it that the API's
 * model does not.
 *
 * @param noun its name in the API's operations
 * @param reference the path of what {@code Ref} stands for, in what the API shows
 * @param attributes the paths of what {@code Fn::GetAtt} stands for
 * @param fixed paths at which a change takes another resource in its place
 * @param sole the path of what one resource alone may refer to; of a type without names and
 *     callers' references
 * @param isDisabledFirst whether it must be disabled before it is removed
 */
record Kind(
    String noun,
    String reference,
    Map<String, String> attributes,
    Set<String> fixed,
    Optional<String> sole,
    boolean isDisabledFirst) {
  private static final String PREFIX = "AWS::CloudFront::";

  /** All of them, by type. */
  static final Map<String, Kind> ALL =
      Stream.of(
              of("Distribution").shows("DomainName").disabled(),
              of("StreamingDistribution")
                  .shows("DomainName")
                  .fixes("StreamingDistributionConfig.S3Origin.DomainName")
                  .disabled(),
              of("CachePolicy").shows("LastModifiedTime"),
              of("OriginRequestPolicy").shows("LastModifiedTime"),
              of("ResponseHeadersPolicy").shows("LastModifiedTime"),
              of("OriginAccessControl"),
              of("CloudFrontOriginAccessIdentity").shows("S3CanonicalUserId"),
              of("PublicKey")
                  .shows("CreatedTime")
                  .fixes(
                      "PublicKeyConfig.CallerReference",
                      "PublicKeyConfig.EncodedKey",
                      "PublicKeyConfig.Name"),
              of("KeyGroup").shows("LastModifiedTime"),
              of("ContinuousDeploymentPolicy")
                  .shows("LastModifiedTime")
                  .isSoleAt("ContinuousDeploymentPolicyConfig.StagingDistributionDnsNames[0]"),
              of("Function")
                  .refers("FunctionMetadata.FunctionARN")
                  .shows("FunctionMetadata.FunctionARN")
                  .showsAt("FunctionARN", "FunctionMetadata.FunctionARN")
                  .showsAt("Stage", "FunctionMetadata.Stage")
                  .fixes("Name"),
              of("ConnectionFunction")
                  .shows("ConnectionFunctionArn", "CreatedTime", "LastModifiedTime", "Stage")
                  .fixes("Name"),
              of("KeyValueStore")
                  .refers("Name")
                  .shows("Arn", "Status")
                  .fixes("Name", "ImportSource"),
              of("RealtimeLogConfig").refers("ARN").shows("Arn").fixes("Name"),
              of("MonitoringSubscription").refers("DistributionId").fixes("DistributionId"),
              of("VpcOrigin").shows("Arn", "CreatedTime", "LastModifiedTime", "Status"),
              of("ConnectionGroup")
                  .shows("Arn", "CreatedTime", "LastModifiedTime", "RoutingEndpoint", "Status")
                  .shows("IsDefault")
                  .fixes("Name")
                  .disabled(),
              of("DistributionTenant")
                  .shows("Arn", "CreatedTime", "LastModifiedTime", "Status")
                  .fixes("Name")
                  .disabled(),
              of("TrustStore").shows("Arn", "LastModifiedTime", "Status").fixes("Name"))
          .collect(Collectors.toUnmodifiableMap(kind -> PREFIX + kind.noun(), Function.identity()));

  private static Kind of(String noun) {
    return new Kind(noun, "Id", Map.of(), Set.of(), Optional.empty(), false).shows("Id");
  }

  private Kind refers(String path) {
    return new Kind(noun, path, attributes, fixed, sole, isDisabledFirst);
  }

  private Kind shows(String... names) {
    Kind all = this;
    for (String name : names) {
      all = all.showsAt(name, name);
    }
    return all;
  }

  private Kind showsAt(String name, String path) {
    Map<String, String> more =
        Stream.concat(attributes.entrySet().stream(), Map.of(name, path).entrySet().stream())
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    return new Kind(noun, reference, more, fixed, sole, isDisabledFirst);
  }

  private Kind fixes(String... paths) {
    return new Kind(noun, reference, attributes, Set.copyOf(List.of(paths)), sole, isDisabledFirst);
  }

  private Kind isSoleAt(String path) {
    return new Kind(noun, reference, attributes, fixed, Optional.of(path), isDisabledFirst);
  }

  private Kind disabled() {
    return new Kind(noun, reference, attributes, fixed, sole, true);
  }
}
