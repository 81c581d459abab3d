package warmfront.control.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudfront.model.OriginSslProtocols;
import software.amazon.awssdk.services.cloudfront.model.VpcOrigin;
import software.amazon.awssdk.services.cloudfront.model.VpcOriginEndpointConfig;
import warmfront.control.api.wire.Members;
import warmfront.control.api.wire.Refused;
import warmfront.control.store.Row;
import warmfront.control.store.Transaction;
import warmfront.distribution.Distribution;
import warmfront.distribution.Kind;
import warmfront.distribution.Origin;
import warmfront.distribution.Resource;

/**
 * Servers of private networks as origins. The ARN's last part, behind the last slash or colon, is
 * the name or IPv4 address that edges connect to.
 */
final class VpcOrigins implements Family<VpcOriginEndpointConfig, VpcOrigin> {
  static final String TYPE = "vpc-origin";
  private static final Pattern ARN = Pattern.compile("arn:[a-z-]+:[^:]*:[^:]*:[^:]*:(.+[/:])?(.+)");
  private static final Pattern IPV4 =
      Pattern.compile("((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(\\.(?!$)|$)){4}");
  private static final int NAME_CHARS = 64;

  private final Site site;
  private final Words words;

  VpcOrigins(Site site, Quotas quotas) {
    this.site = site;
    this.words =
        new Words(
            TYPE,
            "VpcOrigin",
            Kind.VPC_ORIGIN,
            "Deployed",
            "EntityNotFound",
            "EntityLimitExceeded",
            quotas.of(Quota.VPC_ORIGINS),
            "CannotDeleteEntityWhileInUse");
  }

  @Override
  public Words words() {
    return words;
  }

  @Override
  public String configName() {
    return "VpcOriginEndpointConfig";
  }

  @Override
  public SdkPojo blank() {
    return VpcOrigin.builder();
  }

  @Override
  public String newId(Ids ids) {
    return "vo_" + ids.label();
  }

  @Override
  public VpcOriginEndpointConfig complete(VpcOriginEndpointConfig asked) {
    if (asked.name().isEmpty() || asked.name().length() > NAME_CHARS) {
      throw invalid("Name", "has 1 to %d characters".formatted(NAME_CHARS));
    }
    if (host(asked.arn()).isEmpty()) {
      throw invalid(
          "Arn",
          "is an ARN that ends in a DNS name or an IPv4 address, not '%s'".formatted(asked.arn()));
    }
    port(asked.httpPort(), "HTTPPort");
    port(asked.httpsPort(), "HTTPSPort");
    if (asked.originSslProtocols() != null && asked.originSslProtocols().items().isEmpty()) {
      throw invalid("OriginSslProtocols", "must name at least one protocol");
    }
    return asked.originSslProtocols() != null
        ? asked
        : asked.toBuilder()
            .originSslProtocols(
                OriginSslProtocols.builder().quantity(1).itemsWithStrings("TLSv1.2").build())
            .build();
  }

  private static Optional<String> host(String arn) {
    return Optional.of(ARN.matcher(arn))
        .filter(matcher -> matcher.matches())
        .map(matcher -> matcher.group(2))
        .filter(host -> OriginRules.isDomain(host) || IPV4.matcher(host).matches());
  }

  private static void port(int port, String name) {
    if (port < 1 || port > 65_535) {
      throw invalid(name, "is 1 to 65535: %d".formatted(port));
    }
  }

  private static Refused invalid(String field, String what) {
    return new Refused(
        "InvalidArgument", "The parameter VpcOriginEndpointConfig.%s %s.".formatted(field, what));
  }

  @Override
  public void refer(Transaction tx, VpcOriginEndpointConfig config) {}

  @Override
  public void change(VpcOriginEndpointConfig before, VpcOriginEndpointConfig after) {}

  @Override
  public List<Name> names(VpcOriginEndpointConfig config) {
    return List.of(
        new Name(
            "vpc-origin-name",
            config.name(),
            "EntityAlreadyExists",
            "A VPC origin with the name %s exists already".formatted(config.name())));
  }

  @Override
  public VpcOrigin make(Ids ids, String id, VpcOriginEndpointConfig config) {
    return VpcOrigin.builder().id(id).vpcOriginEndpointConfig(config).build();
  }

  @Override
  public VpcOrigin with(VpcOrigin resource, VpcOriginEndpointConfig config) {
    return resource.toBuilder().vpcOriginEndpointConfig(config).build();
  }

  @Override
  public VpcOriginEndpointConfig config(VpcOrigin resource) {
    return resource.vpcOriginEndpointConfig();
  }

  @Override
  public VpcOrigin show(Transaction tx, Row row, VpcOrigin resource) {
    Instant modified = row.modified();
    return resource.toBuilder()
        .arn(site.vpcOriginArn(row.id()))
        .accountId(site.account())
        .status(row.status())
        .createdTime(row.created())
        .lastModifiedTime(modified)
        .build();
  }

  @Override
  public void summarise(VpcOrigin resource, SdkPojo summary) {
    Members.set(summary, "OriginEndpointArn", resource.vpcOriginEndpointConfig().arn());
  }

  @Override
  public Optional<String> arn(String id) {
    return Optional.of(site.vpcOriginArn(id));
  }

  @Override
  public Resource compile(VpcOrigin resource) {
    VpcOriginEndpointConfig config = resource.vpcOriginEndpointConfig();
    return new warmfront.distribution.VpcOrigin(
        resource.id(),
        host(config.arn()).orElseThrow(),
        config.httpPort(),
        config.httpsPort(),
        DistributionCompiler.protocol(config.originProtocolPolicyAsString()),
        config.originSslProtocols().itemsAsStrings());
  }

  @Override
  public Optional<String> usersOperation() {
    return Optional.of("ListDistributionsByVpcOriginId");
  }

  @Override
  public boolean uses(Resource user, String id) {
    return user instanceof Distribution web
        && web.origins().stream()
            .map(Origin::reach)
            .anyMatch(reach -> reach.vpcOrigin().filter(id::equals).isPresent());
  }
}
