package warmfront.routing.dns;

/**
 * A name as records carry it in messages about its zone: what is its own, then a pointer to where
 * the question has the zone's name (RFC 1035, section 4.1.4). Immutable.
 */
final class RelativeName {
  private static final int POINTER_BYTES = 2;

  private final byte[] own;
  private final boolean inZone;

  private RelativeName(byte[] own, boolean inZone) {
    this.own = own;
    this.inZone = inZone;
  }

  /** Returns how messages about {@code zone} carry a name. */
  static RelativeName of(WireName name, WireName zone) {
    boolean inZone = name.isIn(zone);
    byte[] own = new byte[inZone ? name.length() - zone.length() : name.length()];
    name.copyFirst(own.length, own);
    return new RelativeName(own, inZone);
  }

  /** Returns its length in a message, in bytes. */
  int length() {
    return own.length + (inZone ? POINTER_BYTES : 0);
  }

  /** Writes it; {@code zonePointer} points to the zone's name. Returns where it ends. */
  int copy(int zonePointer, byte[] to, int offset) {
    System.arraycopy(own, 0, to, offset, own.length);
    int at = offset + own.length;
    if (inZone) {
      to[at++] = (byte) (zonePointer >> 8);
      to[at++] = (byte) zonePointer;
    }
    return at;
  }
}
