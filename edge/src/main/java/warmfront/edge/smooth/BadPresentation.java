package warmfront.edge.smooth;

/** What is stored is not a presentation of Smooth Streaming; the message says what is wrong. */
public final class BadPresentation extends Exception {
  private static final long serialVersionUID = 1L;

  /** Makes one. */
  public BadPresentation(String message) {
    super(message);
  }
}
