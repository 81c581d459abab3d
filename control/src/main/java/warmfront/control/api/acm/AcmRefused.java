package warmfront.control.api.acm;

/**
 * A request that is answered with an error. It is thrown, because that undoes the transaction it
 * may stand in; it has no stack trace, for it is no bug.
 */
final class AcmRefused extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final String code;

  /**
   * Makes a refusal.
   *
   * @param status of HTTP
   * @param code the API's
   * @param message what was wrong; never a secret
   */
  AcmRefused(int status, String code, String message) {
    super(message, null, false, false);
    this.status = status;
    this.code = code;
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }

  String message() {
    return String.valueOf(getMessage());
  }
}
