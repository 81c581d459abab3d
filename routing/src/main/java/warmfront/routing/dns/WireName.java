package warmfront.routing.dns;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * A domain name in lower case as messages carry it: labels with their lengths, and the root's empty
 * one (RFC 1035, section 3.1). Immutable.
 */
public final class WireName {
  /** Longest name, in bytes. */
  static final int BYTES_MAX = 255;

  /** Longest label, in bytes. */
  static final int LABEL_BYTES_MAX = 63;

  private final byte[] wire;

  private WireName(byte[] wire) {
    this.wire = wire;
  }

  /**
   * Reads a name that is known to be one, with or without a final dot.
   *
   * @throws IllegalArgumentException if it is not a name of letters, digits, dashes and underscores
   */
  public static WireName of(String text) {
    return parse(text)
        .orElseThrow(() -> new IllegalArgumentException("not a domain name: " + text));
  }

  /** Reads a name; empty if it is not one of letters, digits, dashes and underscores. */
  public static Optional<WireName> parse(String text) {
    String bare = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    ByteBuffer wire = ByteBuffer.allocate(bare.length() + 2);
    for (String label : bare.toLowerCase(Locale.ROOT).split("\\.", -1)) {
      if (!label.matches("[a-z0-9_-]{1,63}")) {
        return Optional.empty();
      }
      wire.put((byte) label.length()).put(label.getBytes(StandardCharsets.US_ASCII));
    }
    wire.put((byte) 0);
    return wire.position() > BYTES_MAX
        ? Optional.empty()
        : Optional.of(new WireName(Arrays.copyOf(wire.array(), wire.position())));
  }

  /** Returns its length as messages carry it, in bytes. */
  int length() {
    return wire.length;
  }

  /** Returns the name without its first label. */
  WireName parent() {
    return new WireName(Arrays.copyOfRange(wire, 1 + wire[0], wire.length));
  }

  /** Returns whether this is {@code zone} or a name beneath it. */
  public boolean isIn(WireName zone) {
    return zone.endsIn(wire, wire.length);
  }

  /** Returns whether the lower-case name in the first bytes of {@code name} is this or beneath. */
  boolean endsIn(byte[] name, int length) {
    int at = 0;
    while (length - at > wire.length) {
      at += 1 + name[at];
    }
    return length - at == wire.length && Arrays.equals(name, at, length, wire, 0, wire.length);
  }

  /** Returns the number of its labels, the root's not counted. */
  int labels() {
    int labels = 0;
    for (int at = 0; wire[at] != 0; at += 1 + wire[at]) {
      labels++;
    }
    return labels;
  }

  /** Returns whether its first label begins with an underscore (RFC 8552). */
  boolean isUnderscored() {
    return wire.length > 1 && wire[1] == '_';
  }

  boolean equalsWire(byte[] name, int from, int to) {
    return Arrays.equals(name, from, to, wire, 0, wire.length);
  }

  int copy(byte[] to, int offset) {
    System.arraycopy(wire, 0, to, offset, wire.length);
    return offset + wire.length;
  }

  /** Copies its first {@code bytes} bytes. */
  void copyFirst(int bytes, byte[] to) {
    System.arraycopy(wire, 0, to, 0, bytes);
  }

  /** Returns a hash of the lower-case name between two offsets (FNV-1a). */
  static int hash(byte[] name, int from, int to) {
    int hash = 0x811c9dc5;
    for (int i = from; i < to; i++) {
      hash = (hash ^ name[i]) * 0x01000193;
    }
    return hash ^ (hash >>> 15);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WireName name && Arrays.equals(wire, name.wire);
  }

  @Override
  public int hashCode() {
    return hash(wire, 0, wire.length);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int at = 0; wire[at] != 0; at += 1 + wire[at]) {
      text.append(new String(wire, at + 1, wire[at], StandardCharsets.US_ASCII)).append('.');
    }
    return text.toString();
  }
}
