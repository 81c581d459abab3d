package warmfront.edge.policy;

import java.time.Instant;
import warmfront.edge.step.Admission;
import warmfront.edge.step.Admission.Allowed;
import warmfront.edge.step.Admission.Refused;
import warmfront.edge.step.Reason;
import warmfront.edge.step.Request;
import warmfront.http.Fields;
import warmfront.signing.Permission;
import warmfront.signing.Presented;
import warmfront.signing.SignedCookies;
import warmfront.signing.SignedQuery;
import warmfront.signing.SignedResource;
import warmfront.signing.UrlVerifier;

/**
 * A request for what is only given to those who show a signature, in the URL or in cookies
 * (CloudFront, "Serving private content with signed URLs and signed cookies"). It is for an event
 * loop if the same signature was verified before, or is by RSA.
 */
final class SignedRequest {
  private static final String COOKIE = "Cookie";

  private final UrlVerifier verifier;
  private final Request request;
  private final SignedQuery query;
  private final SignedCookies cookies;

  SignedRequest(UrlVerifier verifier, Request request) {
    this.verifier = verifier;
    this.request = request;
    query = SignedQuery.of(request.query() == null ? "" : request.query());
    cookies = SignedCookies.of(request.fields().all(COOKIE));
  }

  /** Returns whether to judge it takes longer than an event loop has time. */
  boolean takesLong() {
    return verifier.takesLong(presented(), asked());
  }

  /**
   * Judges it. If it is allowed, nothing of the signature is left in it: parameters and cookies
   * that every viewer has of its own must not reach the cache key or the origin.
   */
  Admission judge(Instant now) {
    return switch (verifier.verify(presented(), asked(), request.viewer().getAddress(), now)) {
      case Permission.Granted _ -> new Allowed(bare());
      case Permission.Refused(Permission.Reason reason, _) ->
          new Refused(403, Reason.NOT_SIGNED, sentence(reason));
    };
  }

  /** CloudFront: where there are both, the URL alone decides. */
  private Presented presented() {
    return query.presented() instanceof Presented.Nothing ? cookies.presented() : query.presented();
  }

  private SignedResource asked() {
    return new SignedResource.Url(
        request.place().secure() ? "https" : "http",
        request.fields().first("Host").orElse(request.host()),
        request.path(),
        query.rest());
  }

  private Request bare() {
    Request bare = request;
    if (!(query.presented() instanceof Presented.Nothing)) {
      bare = bare.withQuery(query.rest().isEmpty() ? null : query.rest());
    }
    if (!(cookies.presented() instanceof Presented.Nothing)) {
      Fields.Builder fields = bare.fields().edit().removeIf(COOKIE::equalsIgnoreCase);
      cookies.rest().forEach(line -> fields.add(COOKIE, line));
      bare = bare.withFields(fields.build());
    }
    return bare;
  }

  private static String sentence(Permission.Reason reason) {
    return switch (reason) {
      case MISSING -> "This content is given to those who show a signature.";
      case MALFORMED -> "The signature cannot be read, or something of it is missing.";
      case UNKNOWN_KEY -> "The signature is of a key that is not trusted here.";
      case SIGNATURE, RESOURCE -> "The signature is not one for this request.";
      case NOT_YET -> "The signature is not valid yet.";
      case EXPIRED -> "The signature is not valid any more.";
      case ADDRESS -> "The signature is not valid from this address.";
    };
  }
}
