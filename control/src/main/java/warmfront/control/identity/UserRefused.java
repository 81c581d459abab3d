package warmfront.control.identity;

/**
 * A change of users or keys that cannot be made. It is thrown, because that undoes the transaction
 * it stands in; it has no stack trace, for it is no bug.
 */
public final class UserRefused extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Makes a refusal; {@code reason} is for the operator. */
  UserRefused(String reason) {
    super(reason, null, false, false);
  }

  /** Returns why. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
