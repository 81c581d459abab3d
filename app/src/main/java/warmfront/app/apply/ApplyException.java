package warmfront.app.apply;

/** A template, or what is to be done with it, is wrong; the message names where and what. */
public class ApplyException extends Exception {
  private static final long serialVersionUID = 1L;

  ApplyException(String message) {
    super(message);
  }

  ApplyException(String message, Throwable cause) {
    super(message, cause);
  }
}
