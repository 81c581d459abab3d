package warmfront.streaming.recording;

import java.io.IOException;
import java.io.Serial;

/** A bucket did not do what it was asked for; the message says which, and why. */
public final class BucketException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  private final Trouble trouble;

  /** What kind of no it was. */
  public enum Trouble {
    /** It was not reached, or is busy: later it may. */
    AWAY,
    /** It does not want to: no such bucket, no leave. Later it may, if somebody changes that. */
    REFUSED,
    /** It does not know of the upload: what was sent of it is gone. */
    LOST
  }

  public BucketException(Trouble trouble, String message) {
    super(message);
    this.trouble = trouble;
  }

  /** Says that a call did not come through. */
  public BucketException(Trouble trouble, String message, Throwable cause) {
    super(message, cause);
    this.trouble = trouble;
  }

  /** Returns what kind of no it was. */
  public Trouble trouble() {
    return trouble;
  }
}
