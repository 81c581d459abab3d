package warmfront.routing.dns;

/** Which addresses are asked for. */
public enum AddressFamily {
  /** IPv4, by records of type A. */
  IPV4(4),
  /** IPv6, by records of type AAAA. */
  IPV6(16);

  private final int bytes;

  AddressFamily(int bytes) {
    this.bytes = bytes;
  }

  /** Returns the length of an address, in bytes. */
  public int bytes() {
    return bytes;
  }
}
