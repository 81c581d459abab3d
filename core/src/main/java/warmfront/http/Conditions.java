package warmfront.http;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The conditions of a request, evaluated against a response (RFC 9110, section 13). */
public final class Conditions {
  /** What the conditions make of a request (RFC 9110, section 13.2.2). */
  public enum Outcome {
    /** The response is sent. */
    PROCEED,
    /** The viewer has it already: 304. */
    NOT_MODIFIED,
    /** The viewer wanted another: 412. */
    FAILED
  }

  private Conditions() {}

  /** Returns whether a request has a condition or a Range at all; costs one pass over its names. */
  public static boolean arePresent(Fields request) {
    for (int i = 0; i < request.size(); i++) {
      String name = request.nameAt(i);
      if (name.regionMatches(true, 0, "If-", 0, 3) || name.equalsIgnoreCase("Range")) {
        return true;
      }
    }
    return false;
  }

  /**
   * Evaluates all conditions but If-Range, in the order of RFC 9110, section 13.2.2. Dates that
   * cannot be read are no conditions.
   *
   * @param response fields of the selected representation, with status 200
   */
  public static Outcome evaluate(Method method, Fields request, Fields response) {
    @Nullable String etag = response.value("ETag");
    @Nullable String match = request.joined("If-Match");
    if (match != null) {
      if (!isListed(match, etag, true)) {
        return Outcome.FAILED;
      }
    } else if (isModifiedSince(request.value("If-Unmodified-Since"), response).orElse(false)) {
      return Outcome.FAILED;
    }
    @Nullable String noneMatch = request.joined("If-None-Match");
    if (noneMatch != null) {
      if (!isListed(noneMatch, etag, false)) {
        return Outcome.PROCEED;
      }
      return method.isRead() ? Outcome.NOT_MODIFIED : Outcome.FAILED;
    }
    boolean unchanged =
        method.isRead()
            && !isModifiedSince(request.value("If-Modified-Since"), response).orElse(true);
    return unchanged ? Outcome.NOT_MODIFIED : Outcome.PROCEED;
  }

  /**
   * Returns whether the Range field is to be obeyed: there is no If-Range, or it names this
   * response by a strong validator (RFC 9110, section 13.1.5).
   */
  public static boolean rangeApplies(Fields request, Fields response) {
    @Nullable String ifRange = request.value("If-Range");
    if (ifRange == null) {
      return true;
    }
    if (ifRange.startsWith("\"") || ifRange.startsWith("W/")) {
      return isListed(ifRange, response.value("ETag"), true);
    }
    Optional<Instant> asked = HttpDate.parse(ifRange);
    Optional<Instant> modified = response.first("Last-Modified").flatMap(HttpDate::parse);
    return asked.isPresent() && asked.equals(modified) && isStrong(modified.get(), response);
  }

  /** A date is strong if it is at least a second older than the answer (RFC 9110, 8.8.2.2). */
  private static boolean isStrong(Instant modified, Fields response) {
    return response
        .first("Date")
        .flatMap(HttpDate::parse)
        .map(date -> modified.plusSeconds(1).compareTo(date) <= 0)
        .orElse(false);
  }

  /** Returns whether it was modified after a date; empty if one of the two is not known. */
  private static Optional<Boolean> isModifiedSince(@Nullable String date, Fields response) {
    if (date == null) {
      return Optional.empty();
    }
    Optional<Instant> modified = response.first("Last-Modified").flatMap(HttpDate::parse);
    return HttpDate.parse(date).flatMap(since -> modified.map(at -> at.isAfter(since)));
  }

  /**
   * Returns whether an entity tag is in a list. The strong comparison wants both to be strong (RFC
   * 9110, section 8.8.3.2).
   */
  private static boolean isListed(String list, @Nullable String etag, boolean strong) {
    if (list.strip().equals("*")) {
      return true;
    }
    if (etag == null || (strong && etag.startsWith("W/"))) {
      return false;
    }
    String opaque = etag.startsWith("W/") ? etag.substring(2) : etag;
    int at = 0;
    while (at < list.length()) {
      int quote = list.indexOf('"', at);
      int end = quote < 0 ? -1 : list.indexOf('"', quote + 1);
      if (end < 0) {
        return false;
      }
      boolean weak = quote >= 2 && list.startsWith("W/", quote - 2);
      boolean same = opaque.length() == end + 1 - quote && list.startsWith(opaque, quote);
      if (same && !(strong && weak)) {
        return true;
      }
      at = end + 1;
    }
    return false;
  }
}
