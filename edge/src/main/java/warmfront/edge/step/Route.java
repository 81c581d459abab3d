package warmfront.edge.step;

import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.Behavior;
import warmfront.distribution.CachePolicy;
import warmfront.distribution.Certificate;
import warmfront.distribution.Origin;
import warmfront.distribution.OriginAccessControl;
import warmfront.distribution.OriginRequestPolicy;
import warmfront.distribution.ResponseHeadersPolicy;
import warmfront.signing.UrlVerifier;

/**
 * A behavior with everything it refers to, compiled from one snapshot and kept by the next ones
 * until something in it changes. A route is equal only to itself, so that rooms may keep what they
 * derived from one, and compare with {@code ==}. Immutable but for the policy room's plan.
 */
public final class Route {
  private final Site site;
  private final Behavior behavior;
  private final CachePolicy policy;
  private final Origin origin;
  private final Optional<OriginAccessControl> accessControl;
  private final Parts parts;
  private final @Nullable Route original;
  private volatile @Nullable Object plan;

  /**
   * What a behavior may refer to beyond what every one does.
   *
   * @param asking what goes to the origin beside what is in the cache key
   * @param responseHeaders what is put on its responses and taken off
   * @param failover who is asked if the origin fails
   * @param host the name or address that is connected to, where that is not the origin's name
   * @param verifier what judges the signatures that its requests must have
   * @param clientCertificate what is shown to the origin if it asks who is there
   * @param encryption by whose keys fields of its forms are encrypted
   */
  public record Parts(
      Optional<OriginRequestPolicy> asking,
      Optional<ResponseHeadersPolicy> responseHeaders,
      Optional<Failover> failover,
      Optional<String> host,
      Optional<UrlVerifier> verifier,
      Optional<Certificate> clientCertificate,
      Optional<Encryption> encryption) {
    /** Nothing of it. */
    public static final Parts NONE =
        new Parts(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
  }

  /**
   * Makes a route.
   *
   * @param site its distribution
   * @param behavior the behavior
   * @param policy its cache policy or legacy settings
   * @param origin the origin it asks
   * @param accessControl how requests to the origin are signed
   * @param parts what else it refers to
   */
  public Route(
      Site site,
      Behavior behavior,
      CachePolicy policy,
      Origin origin,
      Optional<OriginAccessControl> accessControl,
      Parts parts) {
    this(site, behavior, policy, origin, accessControl, parts, null);
  }

  private Route(
      Site site,
      Behavior behavior,
      CachePolicy policy,
      Origin origin,
      Optional<OriginAccessControl> accessControl,
      Parts parts,
      @Nullable Route original) {
    this.site = site;
    this.behavior = behavior;
    this.policy = policy;
    this.origin = origin;
    this.accessControl = accessControl;
    this.parts = parts;
    this.original = original;
  }

  /** Makes a route that refers to no more than every one does. */
  public Route(
      Site site,
      Behavior behavior,
      CachePolicy policy,
      Origin origin,
      Optional<OriginAccessControl> accessControl) {
    this(site, behavior, policy, origin, accessControl, Parts.NONE);
  }

  /** Returns its distribution. */
  public Site site() {
    return site;
  }

  /** Returns the behavior. */
  public Behavior behavior() {
    return behavior;
  }

  /** Returns its cache policy or legacy settings. */
  public CachePolicy policy() {
    return policy;
  }

  /** Returns the origin it asks. */
  public Origin origin() {
    return origin;
  }

  /** Returns how requests to the origin are signed. */
  public Optional<OriginAccessControl> accessControl() {
    return accessControl;
  }

  /** Returns what goes to the origin beside what is in the cache key. */
  public Optional<OriginRequestPolicy> asking() {
    return parts.asking();
  }

  /** Returns what is put on its responses and taken off. */
  public Optional<ResponseHeadersPolicy> responseHeaders() {
    return parts.responseHeaders();
  }

  /** Returns who is asked if the origin fails; empty if it is no group's. */
  public Optional<Failover> failover() {
    return parts.failover();
  }

  /** Returns the name or address that is connected to, where that is not the origin's name. */
  public Optional<String> host() {
    return parts.host();
  }

  /** Returns what judges the signatures that its requests must have; empty if they need none. */
  public Optional<UrlVerifier> verifier() {
    return parts.verifier();
  }

  /** Returns what is shown to the origin if it asks who is there. */
  public Optional<Certificate> clientCertificate() {
    return parts.clientCertificate();
  }

  /** Returns this route with a certificate that is shown to the origin. */
  public Route showing(Certificate certificate) {
    return with(
        new Parts(
            parts.asking(),
            parts.responseHeaders(),
            parts.failover(),
            parts.host(),
            parts.verifier(),
            Optional.of(certificate),
            parts.encryption()));
  }

  /** Returns by whose keys fields of its forms are encrypted; empty if none are. */
  public Optional<Encryption> encryption() {
    return parts.encryption();
  }

  /**
   * Returns this route as one of a tenant of its distribution.
   *
   * @param own the tenant
   * @param filled gives an origin with the tenant's values
   */
  public Route forTenant(Site own, UnaryOperator<Origin> filled) {
    Optional<Failover> second =
        parts
            .failover()
            .map(other ->
                new Failover(
                    other.second().forTenant(own, filled),
                    other.statuses(),
                    other.scores().map(_ -> new MediaScores())));
    Parts others =
        second.isEmpty()
            ? parts
            : new Parts(
                parts.asking(),
                parts.responseHeaders(),
                second,
                parts.host(),
                parts.verifier(),
                parts.clientCertificate(),
                parts.encryption());
    return new Route(
        own, behavior, policy, filled.apply(origin), accessControl, others, original());
  }

  /** Returns the route that it is a tenant's of; itself if it is none's. */
  public Route original() {
    return original == null ? this : original;
  }

  /** Returns this route with a policy that says what else goes to the origin. */
  public Route asking(OriginRequestPolicy other) {
    return with(
        new Parts(
            Optional.of(other),
            parts.responseHeaders(),
            parts.failover(),
            parts.host(),
            parts.verifier(),
            parts.clientCertificate(),
            parts.encryption()));
  }

  /** Returns this route with a response headers policy. */
  public Route with(ResponseHeadersPolicy headers) {
    return with(
        new Parts(
            parts.asking(),
            Optional.of(headers),
            parts.failover(),
            parts.host(),
            parts.verifier(),
            parts.clientCertificate(),
            parts.encryption()));
  }

  /** Returns this route with requests that must be signed. */
  public Route signed(UrlVerifier by) {
    return with(
        new Parts(
            parts.asking(),
            parts.responseHeaders(),
            parts.failover(),
            parts.host(),
            Optional.of(by),
            parts.clientCertificate(),
            parts.encryption()));
  }

  private Route with(Parts other) {
    return new Route(site, behavior, policy, origin, accessControl, other);
  }

  /** Returns what the policy room compiled from it, or null. */
  public @Nullable Object plan() {
    return plan;
  }

  /** Keeps what the policy room compiled from it. */
  public void keepPlan(Object compiled) {
    plan = compiled;
  }

  @Override
  public String toString() {
    return "Route[%s %s]".formatted(site.distribution().id(), behavior.pathPattern());
  }
}
