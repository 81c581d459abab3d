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

  /** Returns the refusal of a member that is not there. */
  static AcmRefused required(String member) {
    return invalid(member + " is required");
  }

  /** Returns the refusal of a request that is wrong in itself. */
  static AcmRefused invalid(String what) {
    return new AcmRefused(400, "ValidationException", sentence(what));
  }

  /** Returns the refusal of something that ACM has and this version has not. */
  static AcmRefused unsupported(String what) {
    return new AcmRefused(400, "InvalidParameterException", sentence(what));
  }

  private static String sentence(String what) {
    return Character.toUpperCase(what.charAt(0)) + what.substring(1) + ".";
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
