package warmfront.control.api;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import warmfront.control.api.wire.Refused;
import warmfront.control.store.Transaction;

/** What has an ARN, found by it. */
final class Arns {
  private static final Pattern ARN =
      Pattern.compile("arn:aws:cloudfront::([0-9]{12}):([a-z-]+)/([A-Za-z0-9_-]+)");

  /** The type in an ARN, with that of rows. */
  private static final Map<String, String> TYPES =
      Map.of(
          "distribution",
          DistributionFamily.TYPE,
          "streaming-distribution",
          StreamingDistributionFamily.TYPE,
          "distribution-tenant",
          TenantFamily.TYPE,
          "connection-group",
          ConnectionGroupFamily.TYPE,
          "vpcorigin",
          VpcOrigins.TYPE,
          "function",
          Functions.Sort.VIEWER.type(),
          "connection-function",
          Functions.Sort.CONNECTION.type(),
          "key-value-store",
          KeyValueStores.TYPE,
          "trust-store",
          TrustStores.TYPE,
          AnycastLists.TYPE,
          AnycastLists.TYPE);

  private final Site site;

  Arns(Site site) {
    this.site = site;
  }

  /**
   * A resource that is there.
   *
   * @param type the type of its row
   * @param id its id
   */
  record Named(String type, String id) {}

  /**
   * Returns the resource with an ARN; empty if there is none.
   *
   * @param parameter where the ARN was given
   * @throws Refused {@code InvalidArgument} if it is no ARN of CloudFront's
   */
  Optional<Named> find(Transaction tx, String arn, String parameter) {
    Matcher matcher = ARN.matcher(arn);
    if (!matcher.matches()) {
      throw new Refused(
          "InvalidArgument",
          "The parameter %s is not the ARN of a resource: %s.".formatted(parameter, arn));
    }
    return matcher.group(1).equals(site.account())
        ? Optional.ofNullable(TYPES.get(matcher.group(2)))
            .map(type -> new Named(type, matcher.group(3)))
            .filter(named -> tx.find(named.type(), named.id()).isPresent())
        : Optional.empty();
  }
}
