package warmfront.control.api.wire;

/**
 * A request that is answered with an error of the API's. It is thrown, not returned, because
 * throwing is what undoes the transaction it may stand in; it has no stack trace, for it is no bug.
 */
public final class Refused extends RuntimeException {
  private final String code;

  /**
   * Makes a refusal.
   *
   * @param code the API's error code, one of the table of facts
   * @param message what was wrong, the field, the value, the allowed range; never a secret
   */
  public Refused(String code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  /** Returns the API's error code. */
  public String code() {
    return code;
  }

  /** Returns what was wrong. */
  public String message() {
    return String.valueOf(getMessage());
  }
}
