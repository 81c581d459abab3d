package warmfront.app;

import java.io.Serial;

/** The process cannot start; the message tells the operator why, without a stack trace. */
public final class StartException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  /** Says why. */
  public StartException(String message) {
    super(message);
  }

  /** Says why, and what was behind it. */
  public StartException(String message, Throwable cause) {
    super(message, cause);
  }
}
