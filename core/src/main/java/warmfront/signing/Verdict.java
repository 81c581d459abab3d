package warmfront.signing;

import java.time.Instant;

/** What came of checking a signature. */
public sealed interface Verdict {
  /**
   * It is right; the request is this key's.
   *
   * @param accessKeyId the key
   * @param mark what this very request has alone: SHA-256 of what was signed, in hex. Whoever sends
   *     it again sends the same mark, and nobody can give it another one without the secret
   * @param until when the signature ceases to be taken
   */
  record Accepted(String accessKeyId, String mark, Instant until) implements Verdict {}

  /**
   * It is not.
   *
   * @param kind why, for the error code
   * @param message one sentence for the caller, without secrets
   */
  record Rejected(Kind kind, String message) implements Verdict {}

  /** Why a signature is not accepted. */
  enum Kind {
    /** There is no signature at all. */
    MISSING,
    /** It cannot be read. */
    MALFORMED,
    /** No such access key. */
    UNKNOWN_KEY,
    /** It names another service, region or day. */
    SCOPE,
    /** The request's clock is too far from ours. */
    SKEW,
    /** A presigned request was used too late. */
    EXPIRED,
    /** The signature or the payload's hash is not what it should be. */
    SIGNATURE
  }
}
