package warmfront.edge.origin;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import warmfront.edge.step.Fetched;
import warmfront.edge.step.Reason;

/** Where peers are: their addresses that may be asked. Thread-safe. */
final class Whereabouts {
  private final Resolver resolver;
  private final OriginRules rules;

  Whereabouts(Resolver resolver, OriginRules rules) {
    this.resolver = resolver;
    this.rules = rules;
  }

  /** What is known of a peer. */
  sealed interface Found {
    /** At least one. */
    record Addresses(List<InetAddress> allowed) implements Found {}

    /** None that may be asked, and what a fetch ends with because of that. */
    record Nowhere(Fetched.Failed failed) implements Found {}
  }

  /** Finds the peer of a request, waiting at most so long. */
  Found of(Ask ask, Duration patience) throws InterruptedException {
    Peer peer = ask.peer();
    return switch (resolver.resolve(peer.host(), patience)) {
      case Resolver.Resolved.Unresolved(String why) -> nowhere(Reason.ORIGIN_DNS, why);
      case Resolver.Resolved.Addresses(List<InetAddress> all) -> {
        List<InetAddress> asked = Families.asked(all, peer.family());
        List<InetAddress> allowed =
            asked.stream().filter(address -> ask.trusted() || rules.allows(address)).toList();
        if (asked.isEmpty()) {
          yield nowhere(Reason.ORIGIN_DNS, peer.host() + " has " + Families.missing(peer.family()));
        }
        yield allowed.isEmpty()
            ? nowhere(
                Reason.ORIGIN_NOT_ALLOWED,
                "%s has only addresses that are not allowed: %s".formatted(peer.host(), asked))
            : new Found.Addresses(allowed);
      }
    };
  }

  private static Found nowhere(Reason reason, String why) {
    return new Found.Nowhere(new Fetched.Failed(502, reason, why));
  }
}
