package warmfront.control.api.iam;

/** A request is refused, in the API's words. */
final class IamRefused extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final String code;

  IamRefused(int status, String code, String message) {
    super(message);
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
