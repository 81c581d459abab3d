package warmfront.control.api;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudfront.model.ConnectionGroup;
import warmfront.control.api.wire.Codec;
import warmfront.control.api.wire.Refused;
import warmfront.control.store.Row;
import warmfront.control.store.Transaction;
import warmfront.distribution.Kind;
import warmfront.distribution.Resource;
import warmfront.distribution.Tenant;

/** Connection groups, by which viewers of tenants come in. What callers write is the group. */
final class ConnectionGroupFamily implements Family<ConnectionGroup, ConnectionGroup> {
  static final String TYPE = "connection-group";

  /** The scope of the claims to their names. */
  static final String NAMES = "connection-group-name";

  /** The scope of the claims to their routing endpoints. */
  static final String ENDPOINTS = "routing-endpoint";

  /** The scope, and the only name in it, of the claim to be the default one. */
  static final String DEFAULT = "default-connection-group";

  /** CloudFront gives no form; that of tenants' names, in any length a friendly name has. */
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]{0,127}");

  private final Site site;
  private final Codec codec;
  private final Words words;

  ConnectionGroupFamily(Site site, Quotas quotas, Codec codec) {
    this.site = site;
    this.codec = codec;
    this.words =
        new Words(
            TYPE,
            "ConnectionGroup",
            Kind.CONNECTION_GROUP,
            "InProgress",
            "EntityNotFound",
            "EntityLimitExceeded",
            quotas.of(Quota.CONNECTION_GROUPS),
            "CannotDeleteEntityWhileInUse");
  }

  @Override
  public Words words() {
    return words;
  }

  @Override
  public SdkPojo blank() {
    return ConnectionGroup.builder();
  }

  @Override
  public String newId(Ids ids) {
    return "cg_" + ids.label();
  }

  @Override
  public Optional<String> arn(String id) {
    return Optional.of(site.connectionGroupArn(id));
  }

  /** Takes over what callers write, and what never changes. */
  @Override
  public ConnectionGroup complete(ConnectionGroup asked) {
    if (asked.name() == null || !NAME.matcher(asked.name()).matches()) {
      throw TenantRules.invalid(
          "Name has 1 to 128 letters, digits and ._- and begins with none of ._-: '%s'"
              .formatted(asked.name()));
    }
    return ConnectionGroup.builder()
        .name(asked.name())
        .routingEndpoint(asked.routingEndpoint())
        .anycastIpListId(asked.anycastIpListId())
        .isDefault(Objects.requireNonNullElse(asked.isDefault(), false))
        .ipv6Enabled(Objects.requireNonNullElse(asked.ipv6Enabled(), true))
        .enabled(Objects.requireNonNullElse(asked.enabled(), true))
        .build();
  }

  @Override
  public void refer(Transaction tx, ConnectionGroup config) {
    AnycastLists.named(tx, codec, config.anycastIpListId());
  }

  @Override
  public void change(ConnectionGroup before, ConnectionGroup after) {}

  @Override
  public List<Name> names(ConnectionGroup config) {
    List<Name> names = new ArrayList<>();
    names.add(
        new Name(
            NAMES,
            config.name(),
            "EntityAlreadyExists",
            "A connection group with the name %s exists already".formatted(config.name())));
    if (config.routingEndpoint() != null) {
      names.add(
          new Name(
              ENDPOINTS, config.routingEndpoint(), "EntityAlreadyExists", "The name is another's"));
    }
    if (config.isDefault()) {
      names.add(new Name(DEFAULT, DEFAULT, "EntityAlreadyExists", "There is a default group"));
    }
    return names;
  }

  @Override
  public ConnectionGroup make(Ids ids, String id, ConnectionGroup config) {
    return config.toBuilder().id(id).build();
  }

  @Override
  public ConnectionGroup with(ConnectionGroup resource, ConnectionGroup config) {
    return config.toBuilder().id(resource.id()).build();
  }

  @Override
  public ConnectionGroup config(ConnectionGroup resource) {
    return resource;
  }

  @Override
  public ConnectionGroup show(Transaction tx, Row row, ConnectionGroup resource) {
    return resource.toBuilder()
        .arn(site.connectionGroupArn(row.id()))
        .status(row.status())
        .createdTime(row.created())
        .lastModifiedTime(row.modified())
        .tags(Tagging.shown(tx.tags(site.connectionGroupArn(row.id()))))
        .build();
  }

  @Override
  public Resource compile(ConnectionGroup resource) {
    return new warmfront.distribution.ConnectionGroup(
        resource.id(), resource.routingEndpoint(), resource.enabled(), resource.ipv6Enabled());
  }

  @Override
  public Resource compile(Transaction tx, ConnectionGroup resource, Map<String, String> tags) {
    return new warmfront.distribution.ConnectionGroup(
        resource.id(),
        resource.routingEndpoint(),
        resource.enabled(),
        resource.ipv6Enabled(),
        AnycastLists.named(tx, codec, resource.anycastIpListId()));
  }

  @Override
  public Set<Kind> usedBy() {
    return Set.of(Kind.TENANT);
  }

  @Override
  public boolean uses(Resource user, String id) {
    return user instanceof Tenant tenant && tenant.connectionGroupId().equals(id);
  }

  /** No viewer comes in by it any more, so it leaves DNS and edges at once. */
  @Override
  public void withdraw(Transaction tx, Row row, ConnectionGroup resource, Instant now) {
    requireOff(row, resource.enabled());
    tx.retract(Kind.PUBLICATION, row.id());
    tx.append(Kind.CONNECTION_GROUP, row.id(), Optional.empty());
  }

  /**
   * Makes sure that what is to be deleted is disabled, and that edges know it.
   *
   * @throws Refused {@code ResourceNotDisabled}
   */
  static void requireOff(Row row, boolean enabled) {
    if (enabled || !row.status().equals("Deployed")) {
      throw new Refused(
          "ResourceNotDisabled",
          "The %s %s has to be disabled, and Deployed, before it is deleted; its status is %s."
              .formatted(
                  row.type().replace('-', ' '),
                  row.id(),
                  enabled ? "enabled, " + row.status() : row.status()));
    }
  }
}
