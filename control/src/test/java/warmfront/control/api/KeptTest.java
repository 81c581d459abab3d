package warmfront.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.CloudFrontException;
import software.amazon.awssdk.services.cloudfront.model.CreateDistributionResponse;
import software.amazon.awssdk.services.cloudfront.model.CreateRealtimeLogConfigRequest;
import software.amazon.awssdk.services.cloudfront.model.CreateVpcOriginResponse;
import software.amazon.awssdk.services.cloudfront.model.EndPoint;
import software.amazon.awssdk.services.cloudfront.model.RealtimeLogConfig;

/** What is kept for those who ask, and does nothing at edges yet. */
@SuppressWarnings("unchecked") // SDK varargs
final class KeptTest {
  @TempDir private static Path folder;
  private static Running running;
  private static CloudFrontClient client;

  @BeforeAll
  static void start() {
    running = new Running(folder);
    client = running.client();
  }

  @AfterAll
  static void stop() {
    client.close();
    running.close();
  }

  private static void refused(ThrowingCallable call, String code, String message) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            CloudFrontException.class,
            refused -> {
              assertThat(refused.awsErrorDetails().errorCode()).isEqualTo(code);
              assertThat(refused.awsErrorDetails().errorMessage()).contains(message);
            });
  }

  private static EndPoint stream(String arn) {
    return EndPoint.builder()
        .streamType("Kinesis")
        .kinesisStreamConfig(k -> k.roleARN("arn:aws:iam::123456789012:role/logs").streamARN(arn))
        .build();
  }

  private static RealtimeLogConfig create(
      String name, Consumer<CreateRealtimeLogConfigRequest.Builder> change) {
    return client
        .createRealtimeLogConfig(r ->
            r.name(name)
                .samplingRate(100L)
                .fields("timestamp", "c-ip")
                .endPoints(stream("arn:aws:kinesis:us-east-1:123456789012:stream/s"))
                .applyMutation(change))
        .realtimeLogConfig();
  }

  @Test
  void a_configuration_of_real_time_logs_goes_by_name_or_arn() {
    RealtimeLogConfig made = create("life", _ -> {});

    assertThat(made.arn()).isEqualTo("arn:aws:cloudfront::123456789012:realtime-log-config/life");
    assertThat(client.getRealtimeLogConfig(r -> r.name("life")).realtimeLogConfig())
        .isEqualTo(made);
    assertThat(client.getRealtimeLogConfig(r -> r.arn(made.arn())).realtimeLogConfig())
        .isEqualTo(made);
    RealtimeLogConfig changed =
        client.updateRealtimeLogConfig(r -> r.arn(made.arn()).samplingRate(5L)).realtimeLogConfig();
    assertThat(changed).isEqualTo(made.toBuilder().samplingRate(5L).build());
    create("also", _ -> {});
    assertThat(client.listRealtimeLogConfigs(r -> r.maxItems("1")).realtimeLogConfigs().items())
        .extracting(RealtimeLogConfig::name)
        .containsExactly("also");
    assertThat(client.listRealtimeLogConfigs(r -> r.marker("also")).realtimeLogConfigs().items())
        .containsExactly(changed);
    assertThat(
            client
                .listDistributionsByRealtimeLogConfig(r -> r.realtimeLogConfigName("life"))
                .distributionList()
                .quantity())
        .isZero();
    client.deleteRealtimeLogConfig(r -> r.name("life"));
    refused(
        () -> client.getRealtimeLogConfig(r -> r.arn(made.arn())),
        "NoSuchRealtimeLogConfig",
        "life");
  }

  @Test
  void a_configuration_of_real_time_logs_is_checked() {
    create("taken", _ -> {});

    refused(() -> create("taken", _ -> {}), "RealtimeLogConfigAlreadyExists", "taken");
    refused(() -> create("a b", _ -> {}), "InvalidArgument", "Name");
    refused(() -> create("x", r -> r.samplingRate(101L)), "InvalidArgument", "SamplingRate");
    refused(() -> create("x", r -> r.fields("colour")), "InvalidArgument", "colour");
    refused(() -> create("x", r -> r.fields("c-ip", "c-ip")), "InvalidArgument", "Fields");
    refused(
        () -> create("x", r -> r.endPoints(stream("arn:aws:s3:::b"))),
        "InvalidArgument",
        "StreamARN");
    refused(
        () -> create("x", r -> r.endPoints(e -> e.streamType("Kafka"))),
        "InvalidArgument",
        "Kafka");
    refused(() -> client.getRealtimeLogConfig(r -> {}), "InvalidArgument", "ARN");
    refused(
        () -> client.getRealtimeLogConfig(r -> r.name("taken").arn("arn:aws:x")),
        "InvalidArgument",
        "ARN");
    refused(() -> client.listDistributionsByRealtimeLogConfig(r -> {}), "InvalidArgument", "Name");
  }

  @Test
  void a_distribution_has_one_monitoring_subscription_until_it_goes() {
    CreateDistributionResponse made =
        client.createDistribution(
            r -> r.distributionConfig(Configs.minimal("watched").copy(c -> c.enabled(false))));
    String id = made.distribution().id();
    refused(
        () -> client.getMonitoringSubscription(r -> r.distributionId(id)),
        "NoSuchMonitoringSubscription",
        id);

    subscribe(id);

    refused(() -> subscribe(id), "MonitoringSubscriptionAlreadyExists", id);
    refused(() -> subscribe("x"), "NoSuchDistribution", "x");
    assertThat(
            client
                .getMonitoringSubscription(r -> r.distributionId(id))
                .monitoringSubscription()
                .realtimeMetricsSubscriptionConfig()
                .realtimeMetricsSubscriptionStatusAsString())
        .isEqualTo("Enabled");
    client.deleteMonitoringSubscription(r -> r.distributionId(id));
    subscribe(id);
    running.rollOut();
    client.deleteDistribution(r -> r.id(id).ifMatch(made.eTag()));
    assertThat(
            running.store.<Boolean>read(tx -> tx.find("monitoring-subscription", id).isPresent()))
        .isFalse();
  }

  private static void subscribe(String id) {
    client.createMonitoringSubscription(r ->
        r.distributionId(id)
            .monitoringSubscription(m ->
                m.realtimeMetricsSubscriptionConfig(
                    c -> c.realtimeMetricsSubscriptionStatus("Enabled"))));
  }

  @Test
  void the_policy_of_a_vpc_origin_is_kept_as_it_was_written() {
    CreateVpcOriginResponse origin =
        client.createVpcOrigin(r ->
            r.vpcOriginEndpointConfig(e ->
                e.name("shared")
                    .arn("arn:aws:ec2:us-east-1:123456789012:instance/10.0.0.7")
                    .httpPort(80)
                    .httpsPort(443)
                    .originProtocolPolicy("http-only")));
    String arn = origin.vpcOrigin().arn();
    String policy = "{ \"Statement\": [\"<&>\"] }";

    refused(() -> client.getResourcePolicy(r -> r.resourceArn(arn)), "EntityNotFound", arn);
    assertThat(
            client.putResourcePolicy(r -> r.resourceArn(arn).policyDocument(policy)).resourceArn())
        .isEqualTo(arn);
    assertThat(client.getResourcePolicy(r -> r.resourceArn(arn)).policyDocument())
        .isEqualTo(policy);
    client.putResourcePolicy(r -> r.resourceArn(arn).policyDocument("{}"));
    assertThat(client.getResourcePolicy(r -> r.resourceArn(arn)).policyDocument()).isEqualTo("{}");
    for (String wrong : new String[] {"[]", "no", "{\"a\":\"" + "x".repeat(20_480) + "\"}"}) {
      refused(
          () -> client.putResourcePolicy(r -> r.resourceArn(arn).policyDocument(wrong)),
          "InvalidArgument",
          "PolicyDocument");
    }
    refused(
        () -> client.putResourcePolicy(r -> r.resourceArn(arn + "x").policyDocument("{}")),
        "EntityNotFound",
        arn);
    client.deleteResourcePolicy(r -> r.resourceArn(arn));
    refused(() -> client.deleteResourcePolicy(r -> r.resourceArn(arn)), "EntityNotFound", arn);
    client.putResourcePolicy(r -> r.resourceArn(arn).policyDocument("{}"));
    client.deleteVpcOrigin(r -> r.id(origin.vpcOrigin().id()).ifMatch(origin.eTag()));
    assertThat(running.store.<Boolean>read(tx -> tx.find("resource-policy", arn).isPresent()))
        .isFalse();
  }
}
