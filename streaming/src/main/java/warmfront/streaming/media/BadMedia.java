package warmfront.streaming.media;

/** Bytes that are not what the container's format says. Never leaves this room. */
final class BadMedia extends Exception {
  private static final long serialVersionUID = 1;

  BadMedia(String what) {
    super(what);
  }

  /** Returns what was wrong. */
  String what() {
    return String.valueOf(getMessage());
  }
}
