package warmfront.edge.policy;

import org.jspecify.annotations.Nullable;
import warmfront.edge.step.Request;
import warmfront.edge.step.Response;
import warmfront.edge.step.ResultType;
import warmfront.edge.step.Stamp;

/**
 * Server-Timing: how a response came about and how long that took, for browsers' tools (CloudFront,
 * "Server-Timing header"; W3C Server Timing).
 */
final class ServerTiming {
  static final String NAME = "Server-Timing";

  private static final int MILLION = 1_000_000;
  private static final long MILLI = 1_000_000;

  private ServerTiming() {}

  /**
   * Returns whether a response has it. Chance is in the request's id, which is random.
   *
   * @param ofMillion how many of a million responses
   */
  static boolean isDue(Request request, int ofMillion) {
    @Nullable String pragma = request.fields().value("Pragma");
    if (pragma != null && pragma.strip().equalsIgnoreCase("server-timing")) {
      return true;
    }
    long mixed = request.id().hashCode() * 0x9E3779B97F4A7C15L; // Knuth's multiplicative hash
    return (mixed >>> 32) % MILLION < ofMillion;
  }

  /**
   * Returns its value.
   *
   * @param response the response as it is without it
   */
  static String of(Request request, Response response, Finish.Facts facts) {
    Stamp stamp = response.stamp();
    boolean hit = stamp.ageSeconds() >= 0 && stamp.result() != ResultType.REFRESH_HIT;
    @Nullable String origins = hit ? null : response.head().fields().joined(NAME);
    StringBuilder value = new StringBuilder(origins == null ? "" : origins + ", ");
    if (facts.originNanos() >= 0) {
      long name = facts.approach().nameNanos();
      long connect = facts.approach().connectNanos();
      long answer = Math.max(facts.originNanos() - name - connect, 0);
      value.append("cdn-upstream-layer;desc=\"EDGE\", cdn-upstream-dns;dur=");
      value.append(name / MILLI).append(", cdn-upstream-connect;dur=");
      value.append(connect / MILLI).append(", cdn-upstream-fbl;dur=");
      value.append(answer / MILLI).append(", ");
    }
    value.append(
        stamp.result() == ResultType.REFRESH_HIT
            ? "cdn-cache-refresh"
            : hit ? "cdn-cache-hit" : "cdn-cache-miss");
    value.append(", cdn-pop;desc=\"").append(request.place().location().pop()).append('"');
    value.append(", cdn-rid;desc=\"").append(request.id()).append('"');
    if (hit) {
      value.append(", cdn-hit-layer;desc=\"EDGE\"");
    }
    return value
        .append(", cdn-downstream-fbl;dur=")
        .append(Math.max(facts.now() - request.startNanos(), 0) / MILLI)
        .toString();
  }
}
