package warmfront.rtt;

/** An address family, and the smallest ranges of it that are answered and measured. */
public enum Family {
  /** IPv4, answered by /24: what public resolvers send (RFC 7871, section 11.1). */
  IPV4(32, 24, 24),
  /**
   * IPv6, answered by /56: what public resolvers send (RFC 7871, section 11.1). Measured by /48:
   * what a site is given (RFC 6177).
   */
  IPV6(128, 56, 48);

  private final int addressBits;
  private final int unitLength;
  private final int measuredLength;

  Family(int addressBits, int unitLength, int measuredLength) {
    this.addressBits = addressBits;
    this.unitLength = unitLength;
    this.measuredLength = measuredLength;
  }

  /** Returns the length of an address, in bits. */
  public int addressBits() {
    return addressBits;
  }

  /** Returns the prefix length of a unit, in bits. */
  public int unitLength() {
    return unitLength;
  }

  /** Returns the prefix length of the ranges whose round-trip times are measured, in bits. */
  public int measuredLength() {
    return measuredLength;
  }

  /** Returns the number of the unit that holds an address of which these are the first 64 bits. */
  public long unitOf(long bits) {
    return bits >>> (Long.SIZE - unitLength);
  }

  /** Returns the first 64 bits of a unit's first address. */
  public long bitsOf(long unit) {
    return unit << (Long.SIZE - unitLength);
  }

  /** Returns how many units the family has. */
  public long units() {
    return 1L << unitLength;
  }
}
