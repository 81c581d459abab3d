package warmfront.routing.dns;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which names exist in the zone and what kind each is. Immutable; a look-up makes no garbage. */
public final class Names {
  /** What a name is. */
  sealed interface Node {
    /** The zone itself: SOA, NS, CAA, and perhaps addresses and texts. */
    record Apex(AddressSet a, AddressSet aaaa, List<byte[]> texts) implements Node {}

    /** A name server of the zone. */
    record Fixed(AddressSet a, AddressSet aaaa) implements Node {}

    /** A name whose addresses depend on the viewer. */
    record Tailored(int site) implements Node {}

    /** A name whose addresses are chosen, and which has nothing else. */
    record Homed(int site) implements Node {}

    /** Another name of a tailored one. */
    record Alias(RelativeName target, int site) implements Node {}

    /** A name that has texts and nothing else. */
    record Text(List<byte[]> texts) implements Node {}

    /** Nothing itself, but there are names beneath (RFC 8020). */
    record Between() implements Node {}
  }

  /**
   * The names beside the zone's own.
   *
   * @param tailored names whose addresses depend on the viewer, each with the number that {@link
   *     Steering} knows it by
   * @param places codes of three letters, in ascending order: a tailored name {@code d1.ZONE} has
   *     one at each place, {@code d1-fra.ZONE}, without being listed
   * @param homes names that have chosen addresses and nothing else, each with its number
   * @param aliases further names of tailored ones, in the zone
   * @param wildcards names beneath which all that do not exist are aliases (RFC 4592)
   * @param texts names with TXT records
   */
  public record Content(
      Map<WireName, Integer> tailored,
      List<String> places,
      Map<WireName, Integer> homes,
      Map<WireName, WireName> aliases,
      Map<WireName, WireName> wildcards,
      TextRecords texts) {
    public Content {
      tailored = Map.copyOf(tailored);
      places = List.copyOf(places);
      if (!places.equals(places.stream().sorted().toList())) {
        throw new IllegalArgumentException("codes of places are to be in order: " + places);
      }
      homes = Map.copyOf(homes);
      aliases = Map.copyOf(aliases);
      wildcards = Map.copyOf(wildcards);
    }

    /** Returns these tailored names and no others. */
    public static Content of(Map<WireName, Integer> tailored) {
      return new Content(tailored, List.of(), Map.of(), Map.of(), Map.of(), TextRecords.NONE);
    }
  }

  private static final int SAMPLES_MAX = 64;

  /** A dash and a place's code. */
  private static final int PLACE_BYTES = 4;

  private final WireName zone;
  private final NameTable<Node> nodes;
  private final NameTable<Node> wildcards;
  private final int[] places;
  private final int labelsMax;
  private final List<WireName> samples;

  private Names(
      WireName zone, Map<WireName, Node> all, Map<WireName, Node> wildcards, List<String> places) {
    this.zone = zone;
    this.nodes = new NameTable<>(all);
    this.wildcards = new NameTable<>(wildcards);
    this.places = places.stream().mapToInt(Names::place).toArray();
    this.samples = all.keySet().stream().limit(SAMPLES_MAX).toList();
    this.labelsMax = all.keySet().stream().mapToInt(WireName::labels).max().orElse(0);
  }

  /**
   * Makes the table of a zone.
   *
   * @param config gives the zone's own names
   * @throws IllegalArgumentException if a name is not in the zone, two of them are the same, or an
   *     alias is of no tailored name
   */
  public static Names of(ZoneConfig config, Content content) {
    WireName zone = WireName.of(config.name());
    Map<WireName, Node> all = new HashMap<>();
    List<byte[]> texts = texts(content, zone);
    all.put(zone, new Node.Apex(ipv4(config.apex()), ipv6(config.apex()), texts));
    for (ZoneConfig.NameServer server : config.nameServers()) {
      WireName name = WireName.of(server.name());
      if (name.isIn(zone) && !name.equals(zone)) {
        all.put(name, new Node.Fixed(ipv4(server.addresses()), ipv6(server.addresses())));
      }
    }
    content.tailored().forEach((name, site) -> add(name, new Node.Tailored(site), zone, all));
    content.homes().forEach((name, site) -> add(name, new Node.Homed(site), zone, all));
    content.aliases().forEach((name, target) -> add(name, alias(target, content, zone), zone, all));
    content
        .texts()
        .values()
        .forEach((name, values) -> {
          if (!name.equals(zone)) {
            requireUnderscore(name);
            add(name, new Node.Text(TextRecords.data(values)), zone, all);
          }
        });
    Map<WireName, Node> wildcards = new HashMap<>();
    content
        .wildcards()
        .forEach((above, target) -> {
          add(above, alias(target, content, zone), zone, wildcards);
          addUpTo(zone, above, all);
        });
    for (WireName name : Set.copyOf(all.keySet())) {
      addUpTo(zone, name, all);
    }
    return new Names(zone, all, wildcards, content.places());
  }

  private static List<byte[]> texts(Content content, WireName name) {
    return TextRecords.data(content.texts().values().getOrDefault(name, List.of()));
  }

  private static void requireUnderscore(WireName name) {
    if (!name.isUnderscored()) {
      throw new IllegalArgumentException("a name with texts begins with an underscore: " + name);
    }
  }

  private static void add(WireName name, Node node, WireName zone, Map<WireName, Node> all) {
    if (!name.isIn(zone) || all.putIfAbsent(name, node) != null) {
      throw new IllegalArgumentException("%s is not free in %s".formatted(name, zone));
    }
  }

  private static Node alias(WireName target, Content content, WireName zone) {
    Integer site = content.tailored().get(target);
    if (site == null) {
      throw new IllegalArgumentException("an alias is of a tailored name, not of " + target);
    }
    return new Node.Alias(RelativeName.of(target, zone), site);
  }

  private static void addUpTo(WireName zone, WireName name, Map<WireName, Node> all) {
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

  /** Returns a place's code as a number: the order of numbers is that of codes. */
  private static int place(String code) {
    byte[] label = code.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
    return place(label, 0);
  }

  private static int place(byte[] code, int at) {
    return code[at] << 16 | code[at + 1] << 8 | code[at + 2];
  }

  /** Returns whether a name is there: names merely between others do not count. */
  public boolean has(WireName name) {
    byte[] wire = new byte[WireName.BYTES_MAX];
    int length = name.copy(wire, 0);
    @Nullable Node node = nodes.find(wire, 0, length);
    boolean listed = node != null && !(node instanceof Node.Between);
    return listed || findAtPlace(wire, length, new byte[WireName.BYTES_MAX]) != null;
  }

  /** Returns a few of the names. */
  List<WireName> samples() {
    return samples;
  }

  /** Returns the zone's name. */
  public WireName zone() {
    return zone;
  }

  /**
   * Returns what a lower-case name of the zone is, of those that were listed; null if nothing.
   *
   * @param name begins with the name
   * @param length the name's length, in bytes
   */
  @Nullable Node find(byte[] name, int length) {
    return nodes.find(name, 0, length);
  }

  /**
   * Returns the tailored name that has this lower-case name at one place; null if none has.
   *
   * @param own takes that name: as long as the longest
   */
  Node.@Nullable Tailored findAtPlace(byte[] name, int length, byte[] own) {
    int label = name[0] - PLACE_BYTES;
    if (label <= 0 || name[1 + label] != '-' || !isCode(name, label + 2)) {
      return null;
    }
    own[0] = (byte) label;
    System.arraycopy(name, 1, own, 1, label);
    int rest = 1 + name[0];
    System.arraycopy(name, rest, own, 1 + label, length - rest);
    return nodes.find(own, 0, length - PLACE_BYTES) instanceof Node.Tailored there ? there : null;
  }

  private static boolean isCode(byte[] name, int at) {
    return isLetter(name[at]) && isLetter(name[at + 1]) && isLetter(name[at + 2]);
  }

  private static boolean isLetter(byte one) {
    return one >= 'a' && one <= 'z';
  }

  /**
   * Returns the number of the place at which a tailored name has this one; {@link
   * Steering#ANYWHERE} if there is no such place any more, or not yet.
   */
  int place(byte[] name) {
    int found = Arrays.binarySearch(places, place(name, name[0] - PLACE_BYTES + 2));
    return found < 0 ? Steering.ANYWHERE : found;
  }

  /**
   * Returns what a lower-case name of the zone that does not exist is, because of a wildcard: the
   * closest name above that exists speaks for it (RFC 4592, section 3.3.1). Null if nothing.
   *
   * @param labels the number of its labels
   */
  @Nullable Node findWildcard(byte[] name, int length, int labels) {
    if (wildcards.isEmpty()) {
      return null;
    }
    int at = 0;
    int left = labels;
    do {
      at += 1 + name[at];
      left--;
      // No name as long as that exists: however many labels a stranger sends, few are tried.
      if (left <= labelsMax && nodes.find(name, at, length) != null) {
        return wildcards.find(name, at, length);
      }
    } while (at < length - 1);
    return null;
  }
}
