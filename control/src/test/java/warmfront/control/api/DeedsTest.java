package warmfront.control.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import warmfront.control.api.wire.Facts;
import warmfront.control.api.wire.Operation;
import warmfront.control.api.wire.Routes;
import warmfront.control.identity.Deed;

/** What operations do, in the words of policies. */
final class DeedsTest {
  private static final Facts FACTS = Facts.load();
  private static final Routes ROUTES = new Routes(FACTS);
  private static final Deeds DEEDS = new Deeds(new Site("warmfront.localhost", "123456789012"));

  private static List<Deed> deeds(String method, String target) {
    String[] parts = target.split("\\?", 2);
    Map<String, String> query = Routes.query(parts.length == 2 ? parts[1] : "");
    return DEEDS.of(ROUTES.find(method, "/2020-05-31" + parts[0], query).orElseThrow(), query);
  }

  private static String said(Deed deed) {
    return deed.action().replace("cloudfront:", "")
        + " "
        + deed.resource().replace("arn:aws:cloudfront::123456789012:", "")
        + (deed.somewhere() ? " somewhere" : "");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /distribution/E1, GetDistribution distribution/E1",
    "PUT, /distribution/E1/config, UpdateDistribution distribution/E1",
    "POST, /distribution, CreateDistribution distribution/*",
    "GET, /distribution, ListDistributions *",
    "POST, /distribution?WithTags, CreateDistribution distribution/* + TagResource distribution/*",
    "POST, /streaming-distribution?WithTags, CreateStreamingDistributionWithTags"
        + " streaming-distribution/* + TagResource streaming-distribution/*",
    "POST, /distribution/E1/copy, CopyDistribution distribution/E1 + CreateDistribution"
        + " distribution/* + GetDistribution distribution/E1",
    "PUT, /distribution/E1/associate-alias?Alias=a, AssociateAlias distribution/E1 +"
        + " UpdateDistribution distribution/E1",
    "PUT, /distribution/E1/promote-staging-config?StagingDistributionId=E2, GetDistribution"
        + " distribution/E1 + UpdateDistribution distribution/E1 + GetDistribution distribution/E2",
    "POST, /distribution/E1/invalidation, CreateInvalidation distribution/E1",
    "GET, /distribution/E1/invalidation, ListInvalidations distribution/E1",
    "GET, /distribution/E1/invalidation/I1, GetInvalidation distribution/E1",
    "GET, /distributions/E1/monitoring-subscription, GetMonitoringSubscription distribution/E1",
    "GET, /distribution/%45%2F1, GetDistribution distribution/E/1",
    "GET, /cache-policy/1-2, GetCachePolicy cache-policy/1-2",
    "GET, /distributionsByCachePolicyId/1, ListDistributionsByCachePolicyId *",
    "GET, /origin-access-identity/cloudfront/E1,"
        + " GetCloudFrontOriginAccessIdentity origin-access-identity/E1",
    "GET, /field-level-encryption/C1,"
        + " GetFieldLevelEncryption field-level-encryption-config/C1",
    "GET, /vpc-origin/v1, GetVpcOrigin vpcorigin/v1",
    "DELETE, /function/f, DeleteFunction function/f",
    "GET, /key-value-store/s, DescribeKeyValueStore key-value-store/s",
    "GET, /connection-function/cf_1a, GetConnectionFunction connection-function/cf_1a",
    "GET, /connection-function/name, GetConnectionFunction connection-function/name somewhere",
    "GET, /distribution-tenant/dt_1A, GetDistributionTenant distribution-tenant/dt_1A",
    "GET, /distribution-tenant?domain=d,"
        + " GetDistributionTenantByDomain distribution-tenant/* somewhere",
    "POST, /distribution-tenants, ListDistributionTenants *",
    "POST, /get-realtime-log-config, GetRealtimeLogConfig realtime-log-config/* somewhere",
    "PUT, /realtime-log-config, UpdateRealtimeLogConfig realtime-log-config/* somewhere",
    "POST, /put-resource-policy, PutResourcePolicy * somewhere",
    "POST, /domain-association, UpdateDomainAssociation * somewhere",
    "GET, /tagging?Resource=arn:aws:cloudfront::123456789012:distribution/E1,"
        + " ListTagsForResource distribution/E1",
    "POST, /tagging?Operation=Tag&Resource=x, TagResource x",
    "GET, /conflicting-alias?DistributionId=E1&Alias=a, ListConflictingAliases distribution/E1",
  })
  void an_operation_is_on_what_its_path_names(String method, String target, String expected) {
    assertThat(deeds(method, target).stream().map(DeedsTest::said).toList())
        .containsExactly(expected.split(" \\+ ", -1));
  }

  @Test
  void every_operation_does_something_that_policies_can_name() {
    for (Operation operation : FACTS.operations()) {
      Map<String, String> labels = new java.util.HashMap<>();
      operation.segments().stream()
          .filter(one -> one.startsWith("{"))
          .forEach(one -> labels.put(one.substring(1, one.length() - 1), "x1"));
      List<Deed> deeds = DEEDS.of(new Routes.Found(operation, labels), Map.of("Resource", "arn:x"));

      assertThat(deeds).as(operation.name()).isNotEmpty();
      for (Deed deed : deeds) {
        assertThat(deed.action()).matches("cloudfront:[A-Za-z]+");
        if (deed.resource().equals("*") && !deed.somewhere()) {
          assertThat(operation.name()).as("on no resource").startsWith("List");
        }
      }
    }
  }
}
