package warmfront.edge.behavior;

import java.security.interfaces.RSAPublicKey;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.Behavior;
import warmfront.distribution.Behavior.Signers;
import warmfront.distribution.CachePolicy;
import warmfront.distribution.Certificate;
import warmfront.distribution.ContinuousDeploymentPolicy;
import warmfront.distribution.Distribution;
import warmfront.distribution.FieldLevelEncryptionConfig;
import warmfront.distribution.FieldLevelEncryptionProfile;
import warmfront.distribution.KeyGroup;
import warmfront.distribution.Kind;
import warmfront.distribution.LogDeliveries;
import warmfront.distribution.Origin;
import warmfront.distribution.OriginAccessControl;
import warmfront.distribution.OriginRequestPolicy;
import warmfront.distribution.PublicKey;
import warmfront.distribution.Remedies.OriginGroup;
import warmfront.distribution.Resource;
import warmfront.distribution.ResponseHeadersPolicy;
import warmfront.distribution.TrustStore;
import warmfront.distribution.VpcOrigin;
import warmfront.edge.step.ClientCheck;
import warmfront.edge.step.Encryption;
import warmfront.edge.step.Failover;
import warmfront.edge.step.MediaScores;
import warmfront.edge.step.Route;
import warmfront.edge.step.Route.Parts;
import warmfront.edge.step.Site;
import warmfront.signing.UrlVerifier;
import warmfront.snapshot.Snapshot;
import warmfront.snapshot.Snapshot.Versioned;

/**
 * What one distribution refers to, and when that last changed. Filled while its routes are made,
 * then only read.
 */
final class References {
  private final Distribution distribution;
  private final Snapshot snapshot;
  private final Set<Reference> all = new HashSet<>();
  private final Map<String, java.security.PublicKey> decoded = new HashMap<>();
  private long revision;

  References(Versioned distribution, Snapshot snapshot) {
    this.distribution = (Distribution) distribution.resource();
    this.snapshot = snapshot;
    this.revision = distribution.revision();
  }

  /** Returns the distribution. */
  Distribution distribution() {
    return distribution;
  }

  /** Returns the revision of the last change to the distribution or anything found so far. */
  long revision() {
    return revision;
  }

  /** Returns what was found. */
  Set<Reference> all() {
    return Collections.unmodifiableSet(all);
  }

  /**
   * Makes the route of a behavior.
   *
   * @throws IllegalArgumentException if it refers to what the snapshot does not have
   */
  Route route(Site site, Behavior behavior) {
    Optional<UrlVerifier> verifier = verifier(behavior.options().signers());
    Optional<OriginGroup> group = distribution.remedies().group(behavior.originId());
    String first = group.map(OriginGroup::primary).orElse(behavior.originId());
    Optional<Failover> failover =
        group.map(both ->
            new Failover(
                route(site, behavior, both.secondary(), Optional.empty(), verifier),
                both.statuses(),
                both.byQuality() ? Optional.of(new MediaScores()) : Optional.empty()));
    return route(site, behavior, first, failover, verifier);
  }

  private Route route(
      Site site,
      Behavior behavior,
      String originId,
      Optional<Failover> failover,
      Optional<UrlVerifier> verifier) {
    Origin origin = distribution.origin(originId);
    Optional<VpcOrigin> inside =
        origin.reach().vpcOrigin().map(id -> (VpcOrigin) get(Kind.VPC_ORIGIN, id));
    return new Route(
        site,
        behavior,
        policy(behavior),
        inside.map(there -> at(origin, there)).orElse(origin),
        accessControl(origin).map(id -> (OriginAccessControl) get(Kind.ORIGIN_ACCESS_CONTROL, id)),
        new Parts(
            behavior
                .options()
                .originRequestPolicyId()
                .map(id -> (OriginRequestPolicy) get(Kind.ORIGIN_REQUEST_POLICY, id)),
            behavior
                .options()
                .responseHeadersPolicyId()
                .map(id -> (ResponseHeadersPolicy) get(Kind.RESPONSE_HEADERS_POLICY, id)),
            failover,
            inside.map(VpcOrigin::host),
            verifier,
            origin.reach().clientCertificate().map(id -> (Certificate) get(Kind.CERTIFICATE, id)),
            behavior.options().encryptionId().map(this::encryption)));
  }

  /** The VPC origin says at which ports it is asked, and how; the origin how patiently. */
  private static Origin at(Origin origin, VpcOrigin there) {
    return switch (origin.type()) {
      case Origin.S3 _ -> origin;
      case Origin.Custom custom ->
          new Origin(
              origin.id(),
              origin.domainName(),
              origin.path(),
              origin.headers(),
              new Origin.Custom(
                  there.httpPort(),
                  there.httpsPort(),
                  there.protocol(),
                  there.sslProtocols(),
                  custom.readTimeout(),
                  custom.keepAlive()),
              origin.attempts(),
              origin.connectTimeout(),
              origin.reach());
    };
  }

  private static Optional<String> accessControl(Origin origin) {
    return switch (origin.type()) {
      case Origin.S3(Optional<String> id, _) -> id;
      case Origin.Custom _ -> origin.reach().accessControl();
    };
  }

  private CachePolicy policy(Behavior behavior) {
    return behavior
        .legacy()
        .orElseGet(
            () -> (CachePolicy) get(Kind.CACHE_POLICY, behavior.cachePolicyId().orElseThrow()));
  }

  /** Returns what judges requests that one of these must have signed; empty if none has to. */
  private Optional<UrlVerifier> verifier(Signers signers) {
    if (signers.equals(Signers.NONE)) {
      return Optional.empty();
    }
    Map<String, java.security.PublicKey> keys = new HashMap<>();
    if (signers.anyKey()) {
      all.add(Reference.every(Kind.PUBLIC_KEY));
      snapshot
          .all(Kind.PUBLIC_KEY, PublicKey.class)
          .forEach(key -> keys.put(key.id(), decoded(key)));
    }
    for (String id : signers.keyGroups()) {
      for (String key : ((KeyGroup) get(Kind.KEY_GROUP, id)).keyIds()) {
        keys.put(key, decoded((PublicKey) get(Kind.PUBLIC_KEY, key)));
      }
    }
    Map<String, java.security.PublicKey> trusted = Map.copyOf(keys);
    return Optional.of(new UrlVerifier(id -> Optional.ofNullable(trusted.get(id))));
  }

  private Encryption encryption(String id) {
    var config = (FieldLevelEncryptionConfig) get(Kind.FIELD_LEVEL_ENCRYPTION_CONFIG, id);
    Map<String, Optional<Encryption.Profile>> types = new HashMap<>();
    config.byType().profiles().forEach((type, named) -> types.put(type, named.map(this::profile)));
    return new Encryption(
        types, config.byType().forwardsUnknown(), config.byArgument().map(this::arguments));
  }

  private Encryption.Arguments arguments(FieldLevelEncryptionConfig.ByArgument from) {
    Map<String, Encryption.Profile> profiles = new HashMap<>();
    from.profiles().forEach((argument, named) -> profiles.put(argument, profile(named)));
    return new Encryption.Arguments(profiles, from.forwardsUnknown());
  }

  private Encryption.Profile profile(String id) {
    var profile = (FieldLevelEncryptionProfile) get(Kind.FIELD_LEVEL_ENCRYPTION_PROFILE, id);
    return new Encryption.Profile(profile.entities().stream().map(this::recipient).toList());
  }

  private Encryption.Recipient recipient(FieldLevelEncryptionProfile.Entity entity) {
    java.security.PublicKey key = decoded((PublicKey) get(Kind.PUBLIC_KEY, entity.keyId()));
    if (!(key instanceof RSAPublicKey)) {
      throw new IllegalArgumentException(
          "fields cannot be encrypted for %s, which is no RSA key".formatted(entity.keyId()));
    }
    return new Encryption.Recipient(
        key, entity.keyName(), entity.providerId(), entity.fieldPatterns());
  }

  private java.security.PublicKey decoded(PublicKey key) {
    return decoded.computeIfAbsent(key.id(), _ -> key.decoded());
  }

  /**
   * Returns the continuous deployment policy that sends some of the distribution's viewers
   * elsewhere; null if none does.
   */
  @Nullable Versioned trial() {
    return distribution
        .entrance()
        .trial()
        .policyId()
        .map(id -> find(Kind.CONTINUOUS_DEPLOYMENT_POLICY, id))
        .filter(found -> ((ContinuousDeploymentPolicy) found.resource()).enabled())
        .orElse(null);
  }

  /** Returns what the distribution asks of viewers' own certificates; empty for nothing. */
  Optional<ClientCheck> clients() {
    return distribution
        .entrance()
        .mtls()
        .map(asked ->
            new ClientCheck(
                distribution.id(),
                asked,
                asked.trustStore().map(id -> (TrustStore) get(Kind.TRUST_STORE, id))));
  }

  /** Returns where the distribution's access logs go beside what it says itself. */
  List<LogDeliveries.Delivery> deliveries() {
    Optional<Versioned> found = snapshot.find(Kind.LOG_DELIVERIES, distribution.id());
    revision = Math.max(revision, found.map(Versioned::revision).orElse(0L));
    return found.map(one -> ((LogDeliveries) one.resource()).deliveries()).orElse(List.of());
  }

  private Resource get(Kind kind, String id) {
    return find(kind, id).resource();
  }

  private Versioned find(Kind kind, String id) {
    Versioned found =
        snapshot
            .find(kind, id)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "distribution %s refers to %s %s, which is not there"
                        .formatted(distribution.id(), kind, id)));
    all.add(new Reference(kind, id));
    revision = Math.max(revision, found.revision());
    return found;
  }
}
