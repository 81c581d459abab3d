package warmfront.edge.policy;

import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.ResponseHeadersPolicy;
import warmfront.edge.step.Head;
import warmfront.edge.step.Request;
import warmfront.http.Fields;

/**
 * A response headers policy, compiled: what is taken off a head and put on it. Made once per head
 * and Origin, since nothing else of a request counts but for a preflight's. Immutable.
 */
final class Attire {
  private static final String SERVER = "Server";

  private final Set<String> removed;
  private final @Nullable Cors cors;
  private final ResponseHeadersPolicy policy;

  Attire(ResponseHeadersPolicy policy) {
    this.policy = policy;
    removed =
        policy.removed().stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
    cors = policy.cors().map(Cors::new).orElse(null);
  }

  /** Returns of a million responses how many have Server-Timing; empty if none may. */
  OptionalInt serverTiming() {
    return policy.serverTiming();
  }

  /** Returns a head with the policy's headers for a request. */
  Head on(Head bare, Request request) {
    if (cors == null) {
      return kept(bare, Cors.NONE, request);
    }
    return Cors.isPreflight(request)
        ? made(bare, request)
        : kept(bare, cors.allowed(request), request);
  }

  private Head kept(Head bare, String matter, Request request) {
    @Nullable Head kept = bare.variant(matter);
    if (kept == null) {
      kept = made(bare, request);
      bare.keepVariant(matter, kept);
    }
    return kept;
  }

  /** CloudFront's order: removed, CORS, security, custom. */
  private Head made(Head bare, Request request) {
    Fields fields = bare.fields().without(name -> removed.contains(name.toLowerCase(Locale.ROOT)));
    if (cors != null) {
      fields = cors.on(fields, request);
    }
    Fields.Builder all = fields.edit();
    for (ResponseHeadersPolicy.Header header : policy.headers()) {
      if (header.override()) {
        all.set(header.name(), header.value());
      } else if (!fields.has(header.name())) {
        all.add(header.name(), header.value());
      }
    }
    Fields whole = all.build();
    if (removed.contains("server") && !whole.has(SERVER)) {
      whole = whole.with(SERVER, "Warmfront"); // CloudFront: its own, in the place of the origin's
    }
    if (serverTiming().isPresent()) {
      whole =
          whole.without(ServerTiming.NAME::equalsIgnoreCase); // of another request, if it is kept
    }
    return new Head(bare.status(), whole, bare.contentLength());
  }
}
