package warmfront.control.api.keyvalue;

/**
 * A request that is answered with an error. It is thrown, because that undoes the transaction it
 * may stand in; it has no stack trace, for it is no bug.
 */
final class KeyValueRefused extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Kind kind;

  /** The API's errors. */
  enum Kind {
    VALIDATION(400, "ValidationException"),
    QUOTA(402, "ServiceQuotaExceededException"),
    DENIED(403, "AccessDeniedException"),
    MISSING(404, "ResourceNotFoundException"),
    CONFLICT(409, "ConflictException"),
    INTERNAL(500, "InternalServerException");

    private final int status;
    private final String code;

    Kind(int status, String code) {
      this.status = status;
      this.code = code;
    }

    int status() {
      return status;
    }

    String code() {
      return code;
    }
  }

  /**
   * Makes a refusal.
   *
   * @param message what was wrong; never a value
   */
  KeyValueRefused(Kind kind, String message) {
    super(message, null, false, false);
    this.kind = kind;
  }

  Kind kind() {
    return kind;
  }

  String message() {
    return String.valueOf(getMessage());
  }
}
