package warmfront.control.api;

import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudfront.model.ContinuousDeploymentPolicy;
import software.amazon.awssdk.services.cloudfront.model.ContinuousDeploymentPolicyConfig;
import software.amazon.awssdk.services.cloudfront.model.Distribution;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.DistributionTenant;
import software.amazon.awssdk.services.cloudfront.model.VpcOrigin;
import software.amazon.awssdk.services.cloudfront.model.VpcOriginEndpointConfig;
import warmfront.control.api.acm.ManagedCertificates;
import warmfront.control.api.wire.Codec;
import warmfront.control.api.wire.Facts;
import warmfront.control.api.wire.Members;
import warmfront.control.store.Store;
import warmfront.control.store.Transaction;
import warmfront.time.Clock;

/** Every family of resources that the API has, with its operations. */
final class Families {
  private final Store store;
  private final Codec codec;
  private final Ids ids;
  private final Clock clock;
  private final Facts facts;
  private final Quotas quotas;
  private final Handlers handlers;
  private final List<Resources<?, ?>> all = new ArrayList<>();

  Families(
      Store store,
      Codec codec,
      Ids ids,
      Clock clock,
      Facts facts,
      Quotas quotas,
      Handlers handlers) {
    this.store = store;
    this.codec = codec;
    this.ids = ids;
    this.clock = clock;
    this.facts = facts;
    this.quotas = quotas;
    this.handlers = handlers;
  }

  /**
   * Adds the operations of all families.
   *
   * @param objects reads what callers have put into buckets
   * @param certificates are requested for tenants
   * @return what is requested for tenants
   */
  TenantCertificates register(Site site, ObjectReader objects, ManagedCertificates certificates) {
    Operations<DistributionConfig, Distribution> distributions =
        add(new DistributionFamily(site, quotas, codec));
    distributions.registerWithTags(handlers, OwnTags::checkPages);
    new AliasMoves(store, site, distributions.all()).register(handlers);
    add(new StreamingDistributionFamily(site, quotas))
        .registerWithTags(handlers, (tags, _) -> OwnTags.refuse(tags));
    add(new CachePolicyFamily(quotas));
    add(new OriginRequestPolicyFamily(quotas));
    add(new ResponseHeadersPolicyFamily(quotas));
    add(new OriginAccessControls(quotas));
    add(new AccessIdentities(quotas));
    add(new PublicKeys(quotas));
    add(new KeyGroups(quotas));
    Operations<ContinuousDeploymentPolicyConfig, ContinuousDeploymentPolicy> policies =
        add(new ContinuousDeploymentPolicies(quotas));
    new Staging(store, distributions.all(), policies.all()).register(handlers);
    Operations<VpcOriginEndpointConfig, VpcOrigin> origins = add(new VpcOrigins(site, quotas));
    add(new EncryptionProfiles(quotas, codec));
    add(new EncryptionConfigs(quotas));
    DistributionsBy users = new DistributionsBy(store, site, facts, quotas, distributions);
    all.forEach(resources -> users.register(handlers, resources));
    users.register(handlers);
    users.registerOwned(handlers, origins.all());
    Kit kit = new Kit(store, codec, ids, clock, quotas, site);
    registerKept(kit, users, objects);
    TrustStores trustStores = new TrustStores(kit, objects);
    trustStores.register(handlers);
    users.on(
        handlers,
        "ListDistributionsByTrustStore",
        (tx, asked) ->
            trustStores.distributions(
                tx, Members.text(asked, "TrustStoreIdentifier").orElseThrow()));
    AnycastLists lists = new AnycastLists(kit);
    lists.register(handlers);
    users.on(
        handlers,
        "ListDistributionsByAnycastIpListId",
        (tx, asked) ->
            lists.distributions(tx, Members.text(asked, "AnycastIpListId").orElseThrow()));
    return tenants(site, distributions, users, certificates);
  }

  /** Adds what is in rows alone. */
  private void registerKept(Kit kit, DistributionsBy users, ObjectReader objects) {
    KeyValueStores stores = new KeyValueStores(kit, objects);
    stores.register(handlers);
    Functions viewer = new Functions(Functions.Sort.VIEWER, kit, stores);
    Functions connection = new Functions(Functions.Sort.CONNECTION, kit, stores);
    for (Functions functions : List.of(viewer, connection)) {
      stores.usedBy(functions);
      functions.register(handlers);
    }
    users.on(
        handlers,
        "ListDistributionsByConnectionFunction",
        (tx, asked) -> connection.distributions(tx, asked));
    RealtimeLogConfigs logs = new RealtimeLogConfigs(kit);
    logs.register(handlers);
    users.on(handlers, "ListDistributionsByRealtimeLogConfig", (_, asked) -> logs.users(asked));
    new MonitoringSubscriptions(kit).register(handlers);
    new ResourcePolicies(kit).register(handlers);
    new WebAcls(store).register(handlers);
  }

  /** Their requests have what is configured in themselves, not in a structure. */
  private TenantCertificates tenants(
      Site site,
      Operations<DistributionConfig, Distribution> distributions,
      DistributionsBy users,
      ManagedCertificates certificates) {
    var groups =
        new ConnectionGroups(
            store, site, ids, quotas, resources(new ConnectionGroupFamily(site, quotas, codec)));
    groups.register(handlers);
    var family = new TenantFamily(site, quotas, codec);
    Resources<DistributionTenant, DistributionTenant> all = resources(family);
    var requested = new TenantCertificates(store, certificates, family, all, clock);
    var tenants = new Tenants(store, quotas, groups, all, requested);
    tenants.register(handlers);
    var owners = new Domains.Owners(distributions.all(), all);
    var check = new DnsCheck(site.zone(), new SystemPointers("dns:"));
    new Domains(store, site, owners, tenants, groups, check).register(handlers);
    users.on(
        handlers,
        "ListDistributionsByConnectionMode",
        (tx, asked) -> {
          String mode = Members.text(asked, "ConnectionMode").orElseThrow();
          return TenancyRules.ofMode(tx, mode);
        });
    return requested;
  }

  /** Writes what comes with the product, if it is not there yet. */
  void seed(Transaction tx) {
    all.forEach(resources -> resources.seed(tx));
  }

  private <C extends SdkPojo, R extends SdkPojo> Operations<C, R> add(Family<C, R> family) {
    Resources<C, R> resources = resources(family);
    Operations<C, R> operations = new Operations<>(resources, family, facts, quotas);
    operations.register(handlers);
    return operations;
  }

  private <C extends SdkPojo, R extends SdkPojo> Resources<C, R> resources(Family<C, R> family) {
    Resources<C, R> resources = new Resources<>(store, codec, ids, clock, family);
    all.add(resources);
    return resources;
  }
}
