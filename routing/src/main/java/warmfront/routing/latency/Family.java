package warmfront.routing.latency;

/** An address family, and the smallest range of it that gets an answer of its own. */
public enum Family {
  /** IPv4, answered by /24: what public resolvers send (RFC 7871, section 11.1). */
  IPV4(32, 24),
  /** IPv6, answered by /56: what public resolvers send (RFC 7871, section 11.1). */
  IPV6(128, 56);

  private final int addressBits;
  private final int unitLength;

  Family(int addressBits, int unitLength) {
    this.addressBits = addressBits;
    this.unitLength = unitLength;
  }

  /** Returns the length of an address, in bits. */
  public int addressBits() {
    return addressBits;
  }

  /** Returns the prefix length of a unit, in bits. */
  public int unitLength() {
    return unitLength;
  }

  /** Returns the number of the unit that holds an address of which these are the first 64 bits. */
  long unitOf(long bits) {
    return bits >>> (Long.SIZE - unitLength);
  }

  /** Returns the first 64 bits of a unit's first address. */
  long bitsOf(long unit) {
    return unit << (Long.SIZE - unitLength);
  }

  /** Returns how many units the family has. */
  long units() {
    return 1L << unitLength;
  }
}
