package warmfront.control.api;

import java.net.InetAddress;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What the names and addresses that the API gives out are made of.
 *
 * @param zone the DNS zone of distributions' own names, lower case, without a dot at its end
 * @param account twelve digits, in every ARN
 * @param anycast the addresses that the operator announces from every location
 */
public record Site(String zone, String account, List<InetAddress> anycast) {
  private static final Pattern OWN_LABEL = Pattern.compile("[ds][0-9a-z]{13}(-[a-z]{3})?\\.");

  public Site {
    if (!account.matches("[0-9]{12}")) {
      throw new IllegalArgumentException("an account is twelve digits: " + account);
    }
    if (!zone.matches("[a-z0-9-]+(\\.[a-z0-9-]+)*")) {
      throw new IllegalArgumentException("a zone is a lower-case DNS name: " + zone);
    }
    anycast = List.copyOf(anycast);
  }

  /** Makes one without addresses that are announced everywhere. */
  public Site(String zone, String account) {
    this(zone, account, List.of());
  }

  /** Returns the ARN of a resource of a type. */
  String arn(String type, String id) {
    return "arn:aws:cloudfront::%s:%s/%s".formatted(account, type, id);
  }

  /** Returns the ARN of a distribution. */
  String distributionArn(String id) {
    return arn("distribution", id);
  }

  /** Returns the ARN of a VPC origin. */
  String vpcOriginArn(String id) {
    return arn("vpcorigin", id);
  }

  /** Returns the ARN of a trust store. */
  String trustStoreArn(String id) {
    return arn("trust-store", id);
  }

  /** Returns the ARN of a distribution tenant. */
  String tenantArn(String id) {
    return arn("distribution-tenant", id);
  }

  /** Returns the ARN of a connection group. */
  String connectionGroupArn(String id) {
    return arn("connection-group", id);
  }

  /** Returns the ARN of a streaming distribution. */
  String streamingDistributionArn(String id) {
    return arn("streaming-distribution", id);
  }

  /**
   * Returns whether a name in lower case is like those that distributions and channels are given.
   */
  boolean mayBeOwn(String name) {
    return (name.endsWith("." + zone) && OWN_LABEL.matcher(name).lookingAt())
        || ("." + name).endsWith(".live." + zone);
  }
}
