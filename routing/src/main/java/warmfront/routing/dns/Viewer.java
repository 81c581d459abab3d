package warmfront.routing.dns;

import java.net.InetAddress;

/**
 * For whom an answer is: a client subnet, or the resolver that asks. Set anew for each query, so
 * that none is made; owned by one thread, and kept by no {@link Steering}.
 */
public final class Viewer {
  /** How a viewer is known. */
  public enum Origin {
    /** By a client-subnet option (RFC 7871). */
    CLIENT_SUBNET,
    /** By the resolver's address. */
    RESOLVER,
    /** Not at all: a client-subnet option of length 0 asks not to look. */
    WITHHELD
  }

  private Origin origin;
  private AddressFamily family;
  private long bits;

  /**
   * Makes a viewer.
   *
   * @param origin how it is known
   * @param family its address's family
   * @param bits the first 64 bits of its address, unknown ones 0; IPv4 stands in the upper 32
   */
  public Viewer(Origin origin, AddressFamily family, long bits) {
    this.origin = origin;
    this.family = family;
    this.bits = bits;
  }

  /** Returns the viewer that stands for a resolver. */
  public static Viewer resolver(InetAddress address) {
    Client client = new Client();
    client.set(address);
    return new Viewer(Origin.RESOLVER, client.family(), client.high());
  }

  void set(Origin newOrigin, AddressFamily newFamily, long newBits) {
    origin = newOrigin;
    family = newFamily;
    bits = newBits;
  }

  /** Returns how it is known. */
  public Origin origin() {
    return origin;
  }

  /** Returns its address's family. */
  public AddressFamily family() {
    return family;
  }

  /** Returns the first 64 bits of its address; IPv4 stands in the upper 32. */
  public long bits() {
    return bits;
  }
}
