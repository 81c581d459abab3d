package warmfront.routing.health;

/** What is thought of a server. */
public enum Judgement {
  /** It says that it serves. */
  SERVING,
  /** It was not heard yet, and this process started so lately that it may be fine. */
  HOPED_FOR,
  /** It serves and wants no new viewers. */
  DRAINING,
  /** It says that it does not serve. */
  NOT_SERVING,
  /** It was heard, and then no more. */
  SILENT,
  /** It was never heard. */
  NEVER_HEARD;

  /** Returns whether viewers may be sent there now. */
  public boolean mayServe() {
    return this == SERVING || this == HOPED_FOR;
  }

  /** Returns whether it is held for dead. */
  public boolean isDead() {
    return this == NOT_SERVING || this == SILENT || this == NEVER_HEARD;
  }
}
