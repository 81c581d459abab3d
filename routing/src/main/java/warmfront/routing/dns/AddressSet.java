package warmfront.routing.dns;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Addresses of one family as records carry them: ready to be copied. Immutable. */
public final class AddressSet {
  private final AddressFamily family;
  private final byte[] bytes;

  private AddressSet(AddressFamily family, byte[] bytes) {
    this.family = family;
    this.bytes = bytes;
  }

  /** Returns those of {@code addresses} that are of a family, in their order. */
  public static AddressSet of(AddressFamily family, List<InetAddress> addresses) {
    List<byte[]> own =
        addresses.stream()
            .map(InetAddress::getAddress)
            .filter(one -> one.length == family.bytes())
            .toList();
    byte[] all = new byte[own.size() * family.bytes()];
    for (int i = 0; i < own.size(); i++) {
      System.arraycopy(own.get(i), 0, all, i * family.bytes(), family.bytes());
    }
    return new AddressSet(family, all);
  }

  /** Returns the addresses' family. */
  public AddressFamily family() {
    return family;
  }

  /** Returns how many they are. */
  public int size() {
    return bytes.length / family.bytes();
  }

  /** Returns whether there is none. */
  public boolean isEmpty() {
    return bytes.length == 0;
  }

  /** Returns the addresses. */
  public List<InetAddress> addresses() {
    List<InetAddress> all = new ArrayList<>();
    for (int at = 0; at < bytes.length; at += family.bytes()) {
      try {
        all.add(InetAddress.getByAddress(Arrays.copyOfRange(bytes, at, at + family.bytes())));
      } catch (UnknownHostException impossible) {
        throw new IllegalStateException("4 or 16 bytes are an address", impossible);
      }
    }
    return all;
  }

  void copy(int index, byte[] to, int offset) {
    System.arraycopy(bytes, index * family.bytes(), to, offset, family.bytes());
  }

  @Override
  public String toString() {
    return addresses().toString();
  }
}
