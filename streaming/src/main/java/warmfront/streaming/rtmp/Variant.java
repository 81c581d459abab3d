package warmfront.streaming.rtmp;

/** How RTMP is carried. */
public enum Variant {
  RTMP(false, false, false),
  RTMPE(false, true, false),
  RTMPT(true, false, false),
  RTMPTE(true, true, false),
  RTMPS(false, false, true),
  RTMPTS(true, false, true);

  private final boolean tunnelled;
  private final boolean encrypted;
  private final boolean secure;

  Variant(boolean tunnelled, boolean encrypted, boolean secure) {
    this.tunnelled = tunnelled;
    this.encrypted = encrypted;
    this.secure = secure;
  }

  /** Returns whether it goes through HTTP. */
  public boolean tunnelled() {
    return tunnelled;
  }

  /** Returns whether it is enciphered as RTMPE is, which protects from nobody determined. */
  public boolean encrypted() {
    return encrypted;
  }

  /** Returns whether it is within TLS. */
  public boolean secure() {
    return secure;
  }
}
