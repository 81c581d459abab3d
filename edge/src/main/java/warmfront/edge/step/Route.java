package warmfront.edge.step;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.Behavior;
import warmfront.distribution.CachePolicy;
import warmfront.distribution.Origin;
import warmfront.distribution.OriginAccessControl;
import warmfront.distribution.OriginRequestPolicy;
import warmfront.distribution.ResponseHeadersPolicy;

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
  private final Optional<OriginRequestPolicy> asking;
  private final Optional<ResponseHeadersPolicy> responseHeaders;
  private final Optional<Failover> failover;
  private final Optional<String> host;
  private volatile @Nullable Object plan;

  /**
   * Makes a route whose responses stay as they are.
   *
   * @param site its distribution
   * @param behavior the behavior
   * @param policy its cache policy or legacy settings
   * @param origin the origin it asks
   * @param accessControl how requests to the origin are signed
   */
  public Route(
      Site site,
      Behavior behavior,
      CachePolicy policy,
      Origin origin,
      Optional<OriginAccessControl> accessControl) {
    this(
        site,
        behavior,
        policy,
        origin,
        accessControl,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private Route(
      Site site,
      Behavior behavior,
      CachePolicy policy,
      Origin origin,
      Optional<OriginAccessControl> accessControl,
      Optional<OriginRequestPolicy> asking,
      Optional<ResponseHeadersPolicy> responseHeaders,
      Optional<Failover> failover,
      Optional<String> host) {
    this.site = site;
    this.behavior = behavior;
    this.policy = policy;
    this.origin = origin;
    this.accessControl = accessControl;
    this.asking = asking;
    this.responseHeaders = responseHeaders;
    this.failover = failover;
    this.host = host;
  }

  /** Returns this route with a policy that says what else goes to the origin. */
  public Route asking(OriginRequestPolicy other) {
    return new Route(
        site,
        behavior,
        policy,
        origin,
        accessControl,
        Optional.of(other),
        responseHeaders,
        failover,
        host);
  }

  /** Returns this route with a response headers policy. */
  public Route with(ResponseHeadersPolicy headers) {
    return new Route(
        site,
        behavior,
        policy,
        origin,
        accessControl,
        asking,
        Optional.of(headers),
        failover,
        host);
  }

  /** Returns this route with another one's origin behind its own. */
  public Route failingOverTo(Failover behind) {
    return new Route(
        site,
        behavior,
        policy,
        origin,
        accessControl,
        asking,
        responseHeaders,
        Optional.of(behind),
        host);
  }

  /** Returns this route with its origin connected to at another name or address. */
  public Route reachedAt(String other) {
    return new Route(
        site,
        behavior,
        policy,
        origin,
        accessControl,
        asking,
        responseHeaders,
        failover,
        Optional.of(other));
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
    return asking;
  }

  /** Returns what is put on its responses and taken off. */
  public Optional<ResponseHeadersPolicy> responseHeaders() {
    return responseHeaders;
  }

  /** Returns who is asked if the origin fails; empty if it is no group's. */
  public Optional<Failover> failover() {
    return failover;
  }

  /** Returns the name or address that is connected to, where that is not the origin's name. */
  public Optional<String> host() {
    return host;
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
