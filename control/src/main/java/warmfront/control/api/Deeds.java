package warmfront.control.api;

import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.core.SdkPojo;
import warmfront.control.api.wire.Members;
import warmfront.control.api.wire.Operation;
import warmfront.control.api.wire.Routes;
import warmfront.control.identity.Deed;

/**
 * What operations do, in the words of policies: the action is called as the operation, the resource
 * is what the path names. What differs is that of IAM's "Actions, resources, and condition keys for
 * Amazon CloudFront" and of the operations' own pages. Nothing of a body is read for it, but for a
 * certificate that is requested there.
 */
final class Deeds {
  private static final String SERVICE = "cloudfront:";
  private static final String DISTRIBUTION = "distribution";
  private static final String TENANT = "distribution-tenant";
  private static final String LOG_CONFIG = "realtime-log-config";

  /** The member by which a tenant asks for a certificate. */
  private static final String CERTIFICATE = "ManagedCertificateRequest";

  /** The type in an ARN, by the path's segment where the two differ. */
  private static final Map<String, String> TYPES =
      Map.of(
          "distributions", DISTRIBUTION,
          "field-level-encryption", "field-level-encryption-config",
          "vpc-origin", "vpcorigin",
          "managed-certificate", TENANT,
          "verify-dns-configuration", TENANT,
          "get-realtime-log-config", LOG_CONFIG,
          "delete-realtime-log-config", LOG_CONFIG);

  /** Operations whose body names a resource of any type. */
  private static final Set<String> OF_ANY_TYPE =
      Set.of(
          "GetResourcePolicy",
          "PutResourcePolicy",
          "DeleteResourcePolicy",
          "UpdateDomainAssociation");

  /** An id of a type that can also be asked for by a name. */
  private static final String OWN_ID = "[a-z]{2,3}_[0-9A-Za-z]+";

  private final Site site;

  Deeds(Site site) {
    this.site = site;
  }

  /** Returns what an operation does; each of it has to be allowed. */
  List<Deed> of(Routes.Found found, Map<String, String> query) {
    String name = found.operation().name();
    Deed itself = itself(found, query);
    return switch (name) {
      case "CreateDistributionWithTags" ->
          List.of(made("CreateDistribution", DISTRIBUTION), made("TagResource", DISTRIBUTION));
      case "CreateStreamingDistributionWithTags" ->
          List.of(itself, made("TagResource", "streaming-distribution"));
      case "CopyDistribution" ->
          List.of(
              itself,
              made("CreateDistribution", DISTRIBUTION),
              Deed.of(SERVICE + "GetDistribution", itself.resource()));
      case "AssociateAlias" ->
          List.of(itself, Deed.of(SERVICE + "UpdateDistribution", itself.resource()));
      case "UpdateDistributionWithStagingConfig" -> {
        String staging = site.distributionArn(query.getOrDefault("StagingDistributionId", ""));
        yield List.of(
            Deed.of(SERVICE + "GetDistribution", itself.resource()),
            Deed.of(SERVICE + "UpdateDistribution", itself.resource()),
            Deed.of(SERVICE + "GetDistribution", staging));
      }
      default -> List.of(itself);
    };
  }

  /**
   * Returns what a request does beside its operation: a certificate that the fleet's authority
   * issues to whoever asks for it is no less one for being a tenant's.
   */
  List<Deed> beside(SdkPojo request) {
    return Members.has(request, CERTIFICATE) && Members.value(request, CERTIFICATE).isPresent()
        ? List.of(
            Deed.of(
                "acm:RequestCertificate",
                "arn:aws:acm:us-east-1:%s:certificate/*".formatted(site.account())))
        : List.of();
  }

  private Deed made(String action, String type) {
    return Deed.of(SERVICE + action, site.arn(type, "*"));
  }

  private Deed itself(Routes.Found found, Map<String, String> query) {
    Operation operation = found.operation();
    String action = SERVICE + operation.name();
    String segment = operation.segments().get(1);
    if (segment.equals("tagging")) {
      return Deed.of(action, query.getOrDefault("Resource", "*"));
    }
    if (segment.equals("conflicting-alias")) {
      return Deed.of(action, site.distributionArn(query.getOrDefault("DistributionId", "")));
    }
    if (OF_ANY_TYPE.contains(operation.name())) {
      return Deed.somewhere(action, "*");
    }
    boolean listed = operation.name().startsWith("List");
    String type = TYPES.getOrDefault(segment, segment);
    List<String> labels = operation.segments().stream().filter(one -> one.startsWith("{")).toList();
    if (labels.isEmpty()) {
      String all = site.arn(type, "*");
      if (operation.name().startsWith("Create")) {
        return Deed.of(action, all);
      }
      return listed ? Deed.of(action, "*") : Deed.somewhere(action, all);
    }
    if (segment.startsWith("distributionsBy")) {
      return Deed.of(action, "*");
    }
    return labelled(action, type, labels.getFirst(), found.labels());
  }

  private Deed labelled(String action, String type, String label, Map<String, String> labels) {
    String name = label.substring(1, label.length() - 1);
    String id = labels.getOrDefault(name, "");
    boolean byName = name.equals("Identifier") && !id.matches(OWN_ID);
    return new Deed(action, site.arn(type, id), byName);
  }
}
