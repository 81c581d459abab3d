package warmfront.edge.policy;

import java.time.Instant;
import java.util.Optional;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.ContinuousDeploymentPolicy.Split.ByHeader;
import warmfront.distribution.ContinuousDeploymentPolicy.Split.ByWeight;
import warmfront.distribution.ContinuousDeploymentPolicy.Split.Nobody;
import warmfront.distribution.ContinuousDeploymentPolicy.Stickiness;
import warmfront.edge.step.Match;
import warmfront.edge.step.Request;
import warmfront.edge.step.Route;

/**
 * Between steps 2 and 3: which of two configurations a viewer gets (CloudFront, "Using continuous
 * deployment to safely test CDN configuration changes").
 */
public final class Trials {
  /** The cookie by which a viewer stays where it was. Origins do not see it. */
  static final String COOKIE = "Warmfront-Deployment";

  private static final String STAGED = "s";
  private static final String PRIMARY = "p";
  private static final int MILLION = 1_000_000;

  /** As many digits as seconds and revisions have, for long. */
  private static final int DIGITS_MAX = 18;

  private Trials() {}

  /**
   * What was chosen.
   *
   * @param route the behavior that serves the request
   * @param request the request, without the cookie that was read here
   * @param cookie the Set-Cookie that keeps the viewer there
   */
  public record Choice(Route route, Request request, Optional<String> cookie) {}

  /**
   * Chooses.
   *
   * @param now the time, as cookies have it
   */
  public static Choice choose(Match.Split split, Request request, Instant now) {
    return switch (split.policy().split()) {
      case Nobody() -> new Choice(split.primary(), request, Optional.empty());
      case ByHeader(String name, String value) ->
          chosen(split, request, value.equals(request.fields().value(name)), Optional.empty());
      case ByWeight(int perMillion, Optional<Stickiness> stays) ->
          stays.isEmpty()
              ? chosen(split, request, isDrawn(request, perMillion), Optional.empty())
              : staying(split, request, perMillion, stays.get(), now.getEpochSecond());
    };
  }

  private static Choice chosen(
      Match.Split split, Request request, boolean staged, Optional<String> cookie) {
    return new Choice(staged ? split.staged() : split.primary(), request, cookie);
  }

  private static Choice staying(
      Match.Split split, Request request, int perMillion, Stickiness stays, long now) {
    Session session =
        Session.of(request)
            .filter(one -> one.isOf(split.revision(), stays, now))
            .orElseGet(() -> new Session(isDrawn(request, perMillion), now, now, split.revision()));
    return chosen(
        split,
        withoutCookie(request),
        session.staged,
        Optional.of(session.cookie(request, stays, now)));
  }

  /** A request's id is made by chance, here. */
  private static boolean isDrawn(Request request, int perMillion) {
    int mixed = request.id().hashCode() * 0x9E3779B9;
    return Integer.remainderUnsigned(mixed ^ mixed >>> 16, MILLION) < perMillion;
  }

  private static Request withoutCookie(Request request) {
    if (request.fields().all("Cookie").stream().noneMatch(line -> line.contains(COOKIE))) {
      return request;
    }
    StringJoiner kept = new StringJoiner("; ");
    for (String line : request.fields().all("Cookie")) {
      for (String pair : line.split(";", -1)) {
        if (!pair.strip().startsWith(COOKIE + "=")) {
          kept.add(pair.strip());
        }
      }
    }
    return request.withFields(
        kept.length() == 0
            ? request.fields().without("Cookie"::equalsIgnoreCase)
            : request.fields().edit().set("Cookie", kept.toString()).build());
  }

  /**
   * Where a viewer is, and since when.
   *
   * @param staged whether it gets what is staged
   * @param first when it came, in seconds since 1970
   * @param last when it was here last
   * @param revision the policy's when it came
   */
  private record Session(boolean staged, long first, long last, long revision) {
    static Optional<Session> of(Request request) {
      for (String line : request.fields().all("Cookie")) {
        for (String pair : line.split(";", -1)) {
          if (pair.strip().startsWith(COOKIE + "=")) {
            return Optional.ofNullable(parse(pair.strip().substring(COOKIE.length() + 1)));
          }
        }
      }
      return Optional.empty();
    }

    private static @Nullable Session parse(String value) {
      String[] parts = value.split("\\.", -1);
      if (parts.length != 4
          || !(parts[0].equals(STAGED) || parts[0].equals(PRIMARY))
          || !isNumber(parts[1])
          || !isNumber(parts[2])
          || !isNumber(parts[3])) {
        return null;
      }
      return new Session(
          parts[0].equals(STAGED),
          Long.parseLong(parts[1]),
          Long.parseLong(parts[2]),
          Long.parseLong(parts[3]));
    }

    private static boolean isNumber(String text) {
      return !text.isEmpty()
          && text.length() <= DIGITS_MAX
          && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    boolean isOf(long current, Stickiness stays, long now) {
      return revision == current
          && first <= last
          && last <= now
          && now - last <= stays.idle().toSeconds()
          && now - first < stays.longest().toSeconds();
    }

    String cookie(Request request, Stickiness stays, long now) {
      long left = Math.min(stays.idle().toSeconds(), first + stays.longest().toSeconds() - now);
      return "%s=%s.%d.%d.%d; Max-Age=%d; Path=/; HttpOnly%s"
          .formatted(
              COOKIE,
              staged ? STAGED : PRIMARY,
              first,
              now,
              revision,
              left,
              request.place().secure() ? "; Secure" : "");
    }
  }
}
