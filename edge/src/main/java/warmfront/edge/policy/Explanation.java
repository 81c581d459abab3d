package warmfront.edge.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import warmfront.edge.step.Internal;
import warmfront.edge.step.Request;
import warmfront.edge.step.Response;
import warmfront.edge.step.Route;
import warmfront.edge.step.Stamp;

/**
 * Says in plain words how a response came about, where a distribution asks for it by tag: which
 * behavior and origin, what is in the cache key, and why the cache did what it did. Of cookies and
 * headers the names alone are said.
 */
final class Explanation {
  static final String NAME = Internal.PREFIX + "Explain";

  /** By which rule a stored object lives; made once with its head. */
  static final String LIFETIME = Internal.PREFIX + "Lifetime";

  private static final int CHARS_MAX = 2_048;
  private static final String DETAIL = "detail=";

  private Explanation() {}

  /** By which rule everything lives in a cache that has only one. */
  static final String STANDARD = "RFC 9111, by what the origin says";

  static String of(Request request, Response response, Finish.Facts facts) {
    Route route = facts.matched();
    String text =
        "behavior %s of %s; origin %s at %s; key: %s; %s: %s"
            .formatted(
                route.behavior().pathPattern(),
                route.site().owner(),
                route.origin().id(),
                route.origin().domainName(),
                key(Plan.of(route), request),
                response.stamp().result().logName(),
                why(response, facts));
    return visible(text);
  }

  private static String key(Plan plan, Request request) {
    List<String> parts = new ArrayList<>();
    parts.add("path " + request.path());
    add(parts, "query", plan.query(request));
    add(parts, "Accept-Encoding", plan.encoding(request));
    add(parts, "cookies", cookies(plan.cookies(request)));
    List<String> headers =
        plan.headers().stream().filter(name -> request.fields().has(name)).toList();
    add(parts, "headers", headers.isEmpty() ? null : String.join(" ", headers));
    return String.join(", ", parts);
  }

  private static void add(List<String> parts, String name, @Nullable String value) {
    if (value != null) {
      parts.add(name + " " + value);
    }
  }

  private static @Nullable String cookies(@Nullable String pairs) {
    if (pairs == null) {
      return null;
    }
    var names = new TreeSet<String>();
    for (String pair : pairs.split(";", -1)) {
      int equal = pair.indexOf('=');
      names.add((equal < 0 ? pair : pair.substring(0, equal)).strip());
    }
    return String.join(" ", names);
  }

  private static String why(Response response, Finish.Facts facts) {
    Stamp stamp = response.stamp();
    if (facts.reason() != null) {
      return "the edge made it, because of "
          + facts.reason().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
    String status = Objects.requireNonNullElse(stamp.cacheStatus(), "");
    int at = status.indexOf(DETAIL);
    String detail = at < 0 ? "" : status.substring(at + DETAIL.length()).replaceFirst(";.*", "");
    return switch (stamp.result()) {
      case HIT ->
          switch (detail) {
            case "stale-if-error" -> "the cache had it, stale, and the origin fails";
            case "stale-while-revalidate" -> "the cache had it, stale, and it is being renewed";
            default ->
                status.contains("collapsed")
                    ? "another request was fetching it"
                    : "the cache had it, fresh";
          };
      case REFRESH_HIT -> "the cache had it, stale, and the origin confirmed it";
      case MISS -> missed(status, detail);
      case REDIRECT -> "the edge sends the viewer elsewhere";
      case ERROR ->
          status.startsWith("hit")
              ? "the origin said so before, and errors are kept"
              : "the origin said so";
      default -> "there is no room for it";
    };
  }

  private static String missed(String status, String detail) {
    if (status.startsWith("fwd=method")) {
      return "responses to this method are not cached";
    }
    if (status.contains("stored")) {
      return status.startsWith("fwd=stale")
          ? "the cache had it, stale, and the origin sent another"
          : "the cache did not have it, and has it now";
    }
    return switch (detail) {
      case "caching-disabled" -> "the cache policy disables caching";
      case "cache-control" -> "the origin's Cache-Control keeps it out of the cache";
      case "no-store" -> "the request says no-store";
      case "hit-for-miss" -> "a moment ago it was not to be kept";
      case "not-collapsed" -> "another request was fetching it, which could not be shared";
      case "" -> "the cache did not have it";
      default -> "the cache did not have it, and does not keep it: " + detail;
    };
  }

  /** Visible US-ASCII and spaces, of a bounded length. */
  private static String visible(String text) {
    String cut = text.length() > CHARS_MAX ? text.substring(0, CHARS_MAX) : text;
    return cut.replaceAll("[^ -~]", "?");
  }
}
