package warmfront.signing;

/** How requests are signed. */
public enum Algorithm {
  /** Signature Version 4: by HMAC, for one region. */
  HMAC("AWS4-HMAC-SHA256"),

  /** Signature Version 4A: by ECDSA on P-256, for a set of regions. */
  ECDSA("AWS4-ECDSA-P256-SHA256");

  private final String label;

  Algorithm(String label) {
    this.label = label;
  }

  /** Returns its name in requests. */
  String label() {
    return label;
  }
}
