package warmfront.routing.dns;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which names exist in the zone and what kind each is: one flat table with open addressing, asked
 * with the name's bytes. Immutable; a look-up makes no garbage.
 */
public final class Names {
  /** What a name is. */
  sealed interface Node {
    /** The zone itself: SOA, NS and perhaps addresses. */
    record Apex(AddressSet a, AddressSet aaaa) implements Node {}

    /** A name server of the zone. */
    record Fixed(AddressSet a, AddressSet aaaa) implements Node {}

    /** A name whose addresses depend on the viewer. */
    record Tailored(int site) implements Node {}

    /** Nothing itself, but there are names beneath (RFC 8020). */
    record Between() implements Node {}
  }

  private final WireName zone;
  private final @Nullable WireName[] keys;
  private final @Nullable Node[] nodes;
  private final int mask;

  private Names(WireName zone, Map<WireName, Node> all) {
    this.zone = zone;
    // At most half full, so that a probe is short and always ends.
    int slots = Integer.highestOneBit(Math.max(4, all.size())) * 4;
    this.keys = new @Nullable WireName[slots];
    this.nodes = new @Nullable Node[slots];
    this.mask = slots - 1;
    all.forEach(this::put);
  }

  private void put(WireName name, Node node) {
    int slot = name.hashCode() & mask;
    while (keys[slot] != null) {
      slot = (slot + 1) & mask;
    }
    keys[slot] = name;
    nodes[slot] = node;
  }

  /**
   * Makes the table of a zone.
   *
   * @param config gives the zone's own names
   * @param tailored the other names, each with the number that {@link Steering} knows it by
   * @throws IllegalArgumentException if a name is not in the zone or is one of the zone's own
   */
  public static Names of(ZoneConfig config, Map<WireName, Integer> tailored) {
    WireName zone = WireName.of(config.name());
    Map<WireName, Node> all = new HashMap<>();
    all.put(zone, new Node.Apex(ipv4(config.apex()), ipv6(config.apex())));
    for (ZoneConfig.NameServer server : config.nameServers()) {
      WireName name = WireName.of(server.name());
      if (name.isIn(zone) && !name.equals(zone)) {
        all.put(name, new Node.Fixed(ipv4(server.addresses()), ipv6(server.addresses())));
      }
    }
    tailored.forEach((name, site) -> {
      if (!name.isIn(zone) || all.putIfAbsent(name, new Node.Tailored(site)) != null) {
        throw new IllegalArgumentException("%s is not free in %s".formatted(name, zone));
      }
    });
    for (WireName name : List.copyOf(all.keySet())) {
      addBetween(name, zone, all);
    }
    return new Names(zone, all);
  }

  private static void addBetween(WireName name, WireName zone, Map<WireName, Node> all) {
    for (WireName up = name; !up.equals(zone); up = up.parent()) {
      all.putIfAbsent(up, new Node.Between());
    }
  }

  private static AddressSet ipv4(List<InetAddress> addresses) {
    return AddressSet.of(AddressFamily.IPV4, addresses);
  }

  private static AddressSet ipv6(List<InetAddress> addresses) {
    return AddressSet.of(AddressFamily.IPV6, addresses);
  }

  /** Returns whether a name is there: names merely between others do not count. */
  public boolean has(WireName name) {
    byte[] wire = new byte[WireName.BYTES_MAX];
    @Nullable Node node = find(wire, name.copy(wire, 0));
    return node != null && !(node instanceof Node.Between);
  }

  /** Returns the zone's name. */
  WireName zone() {
    return zone;
  }

  /** Returns what the lower-case name in the first bytes of {@code name} is; null if nothing. */
  @Nullable Node find(byte[] name, int length) {
    int slot = WireName.hash(name, length) & mask;
    for (@Nullable WireName key = keys[slot]; key != null; key = keys[slot]) {
      if (key.equalsWire(name, length)) {
        return nodes[slot];
      }
      slot = (slot + 1) & mask;
    }
    return null;
  }
}
