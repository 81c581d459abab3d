package warmfront.control.api;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudfront.model.Customizations;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.DistributionTenant;
import software.amazon.awssdk.services.cloudfront.model.DomainResult;
import software.amazon.awssdk.services.cloudfront.model.Origin;
import software.amazon.awssdk.services.cloudfront.model.Parameter;
import software.amazon.awssdk.services.cloudfront.model.ParameterDefinition;
import warmfront.control.api.wire.Refused;
import warmfront.control.certificate.AliasCertificate;
import warmfront.control.store.Transaction;
import warmfront.distribution.Certificate;
import warmfront.distribution.Kind;
import warmfront.distribution.Tenant;

/** The rules of one distribution tenant: by itself, and together with its distribution. */
final class TenantRules {
  private final Site site;
  private final Quotas quotas;

  TenantRules(Site site, Quotas quotas) {
    this.site = site;
    this.quotas = quotas;
  }

  /**
   * Checks a tenant by itself.
   *
   * @throws Refused naming the field
   */
  void check(DistributionTenant tenant) {
    List<String> domains = tenant.domains().stream().map(DomainResult::domain).toList();
    if (domains.isEmpty()) {
      throw invalid("Domains must have at least one domain");
    }
    if (domains.size() > quotas.of(Quota.TENANT_DOMAINS)) {
      throw new Refused(
          "EntityLimitExceeded",
          "%d domains; %d are allowed.".formatted(domains.size(), quotas.of(Quota.TENANT_DOMAINS)));
    }
    AliasRules.checkMember(site, domains, "Domains");
    Set<String> names = new HashSet<>();
    for (Parameter one : tenant.parameters()) {
      if (!names.add(one.name())) {
        throw invalid("Parameters has one twice: " + one.name());
      }
    }
    customizations(tenant.customizations());
  }

  private static void customizations(@Nullable Customizations own) {
    if (own == null) {
      return;
    }
    if (own.webAcl() != null && !own.webAcl().actionAsString().equals("disable")) {
      throw invalid("Customizations.WebAcl is not supported by this version: web ACLs");
    }
    if (own.geoRestrictions() != null) {
      try {
        EntranceRules.geography(
            "Customizations.GeoRestrictions",
            own.geoRestrictions().restrictionTypeAsString(),
            own.geoRestrictions().locations());
      } catch (Refused refused) {
        // The operations have no errors for countries.
        throw new Refused("InvalidArgument", refused.message());
      }
    }
  }

  /**
   * Checks a tenant together with the configuration of its distribution, which is a multi-tenant
   * one: its values make good origins, and some certificate is for each of its domains.
   *
   * @throws Refused {@code InvalidArgument}
   */
  void fit(Transaction tx, Tenant tenant, DistributionConfig shared) {
    Map<String, String> values = values(tenant, shared);
    for (Origin origin : TenancyRules.filled(shared, values).origins().items()) {
      String where = "of the origin %s".formatted(origin.id());
      if (!OriginRules.isDomain(origin.domainName())) {
        throw invalid(
            "Parameters makes no DNS name %s: '%s'".formatted(where, origin.domainName()));
      }
      if (!OriginRules.isPath(origin.originPath())) {
        throw invalid("Parameters makes no path %s: '%s'".formatted(where, origin.originPath()));
      }
      if (origin.s3OriginConfig() != null && !Buckets.isKnown(tx, origin.domainName())) {
        throw invalid(
            "Parameters makes no known bucket %s: '%s'".formatted(where, origin.domainName()));
      }
    }
    Set<String> bare = bare(tx, tenant, shared);
    for (String domain : tenant.domains()) {
      if (bare.contains(domain)) {
        throw invalid(
            ("Domains has %s, for which neither Customizations.Certificate nor the certificate of"
                    + " the distribution %s is")
                .formatted(domain, tenant.distributionId()));
      }
    }
  }

  private static Map<String, String> values(Tenant tenant, DistributionConfig shared) {
    List<ParameterDefinition> definitions = TenancyRules.definitions(shared);
    for (String name : tenant.parameters().keySet()) {
      if (definitions.stream().noneMatch(one -> one.name().equals(name))) {
        throw invalid(
            "Parameters has one that the distribution %s does not define: %s"
                .formatted(tenant.distributionId(), name));
      }
    }
    Map<String, String> values = new HashMap<>(TenancyRules.compile(shared).defaults());
    values.putAll(tenant.parameters());
    for (ParameterDefinition one : definitions) {
      boolean needed = one.definition().stringSchema().required() || isUsed(one.name(), shared);
      if (needed && !values.containsKey(one.name())) {
        throw invalid("Parameters has no value of the required parameter " + one.name());
      }
    }
    return values;
  }

  private static boolean isUsed(String name, DistributionConfig shared) {
    String place = "{{" + name + "}}";
    return shared.origins().items().stream()
        .anyMatch(one -> one.domainName().contains(place) || one.originPath().contains(place));
  }

  /**
   * Returns the domains of a tenant that no certificate is for. That of the zone is for names right
   * below it.
   */
  Set<String> bare(Transaction tx, Tenant tenant, DistributionConfig shared) {
    List<AliasCertificate> certificates =
        Stream.concat(
                tenant.certificate().stream(),
                EntranceRules.arn(shared.viewerCertificate()).stream())
            .map(arn -> certificate(tx, arn))
            .toList();
    return tenant.domains().stream()
        .filter(domain -> !isOfZone(domain))
        .filter(domain -> certificates.stream().noneMatch(one -> one.covers(domain)))
        .collect(Collectors.toUnmodifiableSet());
  }

  private boolean isOfZone(String domain) {
    int dot = domain.indexOf('.');
    return domain.substring(dot + 1).equals(site.zone()) && !domain.startsWith("*");
  }

  private static AliasCertificate certificate(Transaction tx, String arn) {
    return tx.latest(Kind.CERTIFICATE, arn)
        .map(found -> AliasCertificate.ofPem(((Certificate) found).chainPem()))
        .orElseThrow(() -> invalid("Customizations.Certificate names none that is there: " + arn));
  }

  /**
   * Checks that all tenants of a distribution still fit.
   *
   * @throws Refused naming the first that does not
   */
  void fitAll(Transaction tx, String distributionId, DistributionConfig shared) {
    tx.latest(Kind.TENANT).stream()
        .map(Tenant.class::cast)
        .filter(one -> one.distributionId().equals(distributionId))
        .forEach(one -> {
          try {
            fit(tx, one, shared);
          } catch (Refused refused) {
            throw new Refused(
                "InvalidArgument", "Of the tenant %s: %s".formatted(one.id(), refused.message()));
          }
        });
  }

  static Refused invalid(String what) {
    return new Refused("InvalidArgument", "The parameter %s.".formatted(what));
  }

  /** Returns the id that an ARN ends with, or else what it was given. */
  static String idOf(String identifier) {
    return identifier.startsWith("arn:")
        ? identifier.substring(identifier.lastIndexOf('/') + 1)
        : identifier;
  }

  /** Returns a certificate's ARN that customizations name. */
  static Optional<String> certificate(DistributionTenant tenant) {
    return Optional.ofNullable(tenant.customizations())
        .flatMap(own -> Optional.ofNullable(own.certificate()))
        .map(software.amazon.awssdk.services.cloudfront.model.Certificate::arn);
  }
}
