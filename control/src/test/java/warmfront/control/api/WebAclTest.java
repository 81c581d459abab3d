package warmfront.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.CloudFrontException;
import software.amazon.awssdk.services.cloudfront.model.CreateDistributionResponse;

/** What CloudFront tells those who have no web ACL. */
final class WebAclTest {
  private static final String ARN =
      "arn:aws:wafv2:us-east-1:123456789012:global/webacl/a/0000-4000";

  @TempDir private Path folder;
  private Running running;
  private CloudFrontClient client;

  @BeforeEach
  void start() {
    running = new Running(folder);
    client = running.client();
  }

  @AfterEach
  void stop() {
    client.close();
    running.close();
  }

  @Test
  void a_web_acl_that_is_not_there_is_associated_with_nothing() {
    var made = distribution();
    String id = made.distribution().id();

    refused(
        "EntityNotFound",
        () ->
            client.associateDistributionWebACL(r -> r.id(id).webACLArn(ARN).ifMatch(made.eTag())));
    refused(
        "EntityNotFound", () -> client.associateDistributionWebACL(r -> r.id(id).webACLArn(ARN)));
    refused(
        "InvalidArgument", () -> client.associateDistributionWebACL(r -> r.id(id).webACLArn("x")));
    refused(
        "PreconditionFailed",
        () ->
            client.associateDistributionWebACL(
                r -> r.id(id).webACLArn(ARN).ifMatch("E2QWRUHAPOMQZL")));
    refused(
        "EntityNotFound",
        () -> client.associateDistributionTenantWebACL(r -> r.id("dt_x").webACLArn(ARN)));
    refused(
        "InvalidWebACLId",
        () ->
            client.createDistribution(
                r -> r.distributionConfig(Configs.minimal("b").copy(c -> c.webACLId(ARN)))));
  }

  @Test
  void what_has_no_web_acl_is_without_one_and_stays_the_version_that_it_is() {
    var made = distribution();
    String id = made.distribution().id();

    var said = client.disassociateDistributionWebACL(r -> r.id(id).ifMatch(made.eTag()));

    assertThat(said.id()).isEqualTo(id);
    assertThat(said.eTag()).isEqualTo(made.eTag());
    assertThat(client.disassociateDistributionWebACL(r -> r.id(id)).eTag()).isEqualTo(made.eTag());
    assertThat(client.getDistribution(r -> r.id(id)).eTag()).isEqualTo(made.eTag());
    refused(
        "InvalidIfMatchVersion",
        () -> client.disassociateDistributionWebACL(r -> r.id(id).ifMatch("x")));
    refused("EntityNotFound", () -> client.disassociateDistributionWebACL(r -> r.id("E1")));
    refused("EntityNotFound", () -> client.disassociateDistributionTenantWebACL(r -> r.id("dt_x")));
  }

  private CreateDistributionResponse distribution() {
    return client.createDistribution(r -> r.distributionConfig(Configs.minimal("a")));
  }

  private static void refused(String code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            CloudFrontException.class,
            refused -> assertThat(refused.awsErrorDetails().errorCode()).isEqualTo(code));
  }
}
