package warmfront.control.api.acm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import warmfront.control.certificate.AliasCertificate;
import warmfront.control.store.Transaction;
import warmfront.distribution.Certificate;
import warmfront.distribution.Distribution;
import warmfront.distribution.Kind;
import warmfront.distribution.Resource;
import warmfront.distribution.Tenant;

/**
 * The distributions and tenants that show certificates, to viewers or to origins, as they are in a
 * transaction.
 */
final class CertificateUsers {
  private final Map<String, List<Resource>> byArn = new HashMap<>();

  private CertificateUsers() {}

  static CertificateUsers of(Transaction tx) {
    CertificateUsers users = new CertificateUsers();
    Map<String, String> shared = new HashMap<>();
    for (Resource one : tx.latest(Kind.DISTRIBUTION)) {
      Set<String> shown = new HashSet<>(toOrigins(one));
      ((Distribution) one)
          .entrance()
          .certificate()
          .ifPresent(viewers -> {
            shared.put(one.id(), viewers.id());
            shown.add(viewers.id());
          });
      shown.forEach(arn -> users.add(arn, one));
    }
    for (Resource one : tx.latest(Kind.TENANT)) {
      Tenant tenant = (Tenant) one;
      Stream.concat(
              tenant.certificate().stream(),
              Optional.ofNullable(shared.get(tenant.distributionId())).stream())
          .distinct()
          .forEach(arn -> users.add(arn, one));
    }
    return users;
  }

  private void add(String arn, Resource user) {
    byArn.computeIfAbsent(arn, _ -> new ArrayList<>()).add(user);
  }

  /** Returns who shows a certificate. */
  List<Resource> of(String arn) {
    return byArn.getOrDefault(arn, List.of());
  }

  /** Returns whether anyone shows a certificate. */
  boolean use(String arn) {
    return byArn.containsKey(arn);
  }

  /**
   * A certificate in use is replaced only by one that is for all aliases that it is shown for, and
   * for clients if it is shown to origins.
   *
   * @throws AcmRefused if the next one is not
   */
  void requireCoverage(Transaction tx, String arn, AliasCertificate next) {
    Optional<AliasCertificate> before =
        tx.latest(Kind.CERTIFICATE, arn)
            .map(one -> AliasCertificate.ofPem(((Certificate) one).chainPem()));
    for (Resource user : of(arn)) {
      if (toOrigins(user).contains(arn) && !next.isForClients()) {
        throw AcmRefused.invalid(
            "the certificate is not for clients, and the distribution %s shows it to an origin"
                .formatted(user.id()));
      }
      for (String name : names(user, arn)) {
        // Another certificate may be for a tenant's domain that this one never was for.
        boolean shown = before.filter(one -> one.covers(name)).isPresent();
        if (shown && !next.covers(name)) {
          throw AcmRefused.invalid(
              "the certificate is not for %s, an alias of the %s %s that uses it"
                  .formatted(
                      name,
                      user instanceof Tenant ? "distribution tenant" : "distribution",
                      user.id()));
        }
      }
    }
  }

  /** Returns the ARNs of the certificates that a distribution shows to its origins. */
  private static Set<String> toOrigins(Resource user) {
    return user instanceof Distribution web
        ? web.origins().stream()
            .flatMap(origin -> origin.reach().clientCertificate().stream())
            .collect(Collectors.toSet())
        : Set.of();
  }

  /** Returns the names that viewers are shown a certificate for. */
  private static List<String> names(Resource user, String arn) {
    return switch (user) {
      case Distribution web
          when web.entrance().certificate().filter(shown -> shown.id().equals(arn)).isPresent() ->
          web.aliases();
      case Tenant tenant -> tenant.domains();
      default -> List.of();
    };
  }
}
