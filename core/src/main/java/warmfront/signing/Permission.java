package warmfront.signing;

/** What came of checking what a viewer presented. */
public sealed interface Permission {
  /**
   * The viewer may have it.
   *
   * @param keyId whose signature says so
   */
  record Granted(String keyId) implements Permission {}

  /**
   * The viewer may not.
   *
   * @param reason why
   * @param message one sentence for logs, without secrets
   */
  record Refused(Reason reason, String message) implements Permission {}

  /** Why a viewer may not. */
  enum Reason {
    /** There is no signature. */
    MISSING,
    /** What came cannot be read. */
    MALFORMED,
    /** No key of this id may sign. */
    UNKNOWN_KEY,
    /** The signature is not the key's over this policy; a canned one may be another resource's. */
    SIGNATURE,
    /** The policy is of another resource. */
    RESOURCE,
    /** It is not valid yet. */
    NOT_YET,
    /** It is not valid any more. */
    EXPIRED,
    /** It is not valid from this address. */
    ADDRESS
  }
}
