package warmfront.edge;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import warmfront.edge.cache.StandardCache;
import warmfront.edge.policy.Keys;
import warmfront.edge.step.Fetched;
import warmfront.edge.step.Inquiry;
import warmfront.edge.step.Lookup;
import warmfront.edge.step.OriginRequest;
import warmfront.edge.step.Request;
import warmfront.edge.step.Route;
import warmfront.edge.step.Stamp;
import warmfront.http.Method;

/** What is different where the cache goes by RFC 9111. */
final class ByStandard {
  private static final Method TRACE = Method.of("TRACE");

  /** RFC 9110, section 9.2.1. */
  private static final Set<Method> SAFE = Set.of(Method.GET, Method.HEAD, Method.OPTIONS, TRACE);

  /** Fields that name what else was changed (RFC 9111, section 4.4). */
  private static final List<String> ALSO = List.of("Location", "Content-Location");

  private ByStandard() {}

  /** Step 5. */
  static Lookup lookUp(Rooms rooms, Route found, Request allowed, long now) {
    Inquiry inquiry = rooms.keys().inquiry(found, allowed);
    return rooms.cache().standard().look(inquiry, rooms.mustConfirm(found), now);
  }

  /**
   * Takes note of an answer that passed the cache by: a write outdates what is stored, and an
   * answer to HEAD updates it.
   */
  static void heard(Rooms rooms, Route found, Request allowed, Fetched.Answered answered) {
    if (allowed.method().equals(Method.HEAD)) {
      if (answered.status() == 200) {
        rooms.cache().standard().headed(rooms.keys().inquiry(found, allowed), answered);
      }
    } else if (!SAFE.contains(allowed.method()) && answered.status() < 400) {
      outdate(rooms, found, allowed);
      for (String name : ALSO) {
        answered
            .fields()
            .first(name)
            .flatMap(named -> same(allowed, named))
            .ifPresent(other -> outdate(rooms, found, other));
      }
    }
  }

  /** The viewer gets what the origin says before it answers (RFC 9110, section 15.2). */
  static OriginRequest hearing(Route found, OriginRequest ask, Sending sending) {
    return Keys.isStandard(found) ? ask.heardBy(sending::interim) : ask;
  }

  /** What came out of another cache says how old it was (RFC 9111, section 5.1). */
  static Stamp aged(Route found, Stamp stamp, Fetched fetched) {
    if (!Keys.isStandard(found)
        || !(fetched instanceof Fetched.Answered answered)
        || !answered.fields().has("Age")) {
      return stamp;
    }
    long seconds = StandardCache.saidAge(answered.fields());
    return new Stamp(stamp.requestId(), stamp.result(), seconds, stamp.cacheStatus());
  }

  private static void outdate(Rooms rooms, Route found, Request written) {
    Optional<Route> route = rooms.sites().get().within(found, written.path());
    if (route.isPresent()) {
      rooms.cache().standard().outdate(rooms.keys().key(route.get(), written));
    }
  }

  /** Returns the request for what a reference names, if that is of the same origin (RFC 6454). */
  private static Optional<Request> same(Request written, String reference) {
    try {
      String host = written.fields().first("Host").orElse(written.host());
      String origin = (written.place().secure() ? "https://" : "http://") + host;
      URI base = URI.create(origin + written.target());
      URI named = base.resolve(reference.strip());
      @Nullable String path = named.getRawPath();
      boolean sameOrigin =
          origin
              .toLowerCase(Locale.ROOT)
              .equals(
                  (named.getScheme() + "://" + named.getRawAuthority()).toLowerCase(Locale.ROOT));
      return sameOrigin && path != null && path.startsWith("/")
          ? Optional.of(written.withPath(path).withQuery(named.getRawQuery()))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // not a reference, or the target has characters that URIs have not
    }
  }
}
