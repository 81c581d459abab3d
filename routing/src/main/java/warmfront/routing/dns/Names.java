package warmfront.routing.dns;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which names exist in the zone and what kind each is. Immutable; a look-up makes no garbage, and
 * names that follow others share with them all that did not change.
 *
 * <p>A name may be claimed by several: it is the zone's own before it is a distribution's, a
 * channel's, an alias or one with texts, and of equals it is that of the least id. The others have
 * it when it becomes free.
 */
public final class Names {
  /** What a name is. */
  sealed interface Node {
    /** The zone itself: SOA, NS, CAA, and perhaps addresses. */
    record Apex(AddressSet a, AddressSet aaaa) implements Node {}

    /** A name server of the zone. */
    record Fixed(AddressSet a, AddressSet aaaa) implements Node {}

    /** A name whose addresses depend on the viewer. */
    record Tailored(Site site) implements Node {}

    /** A name whose addresses are chosen, and which has nothing else. */
    record Homed(Site site) implements Node {}

    /** Another name of a tailored one, which may be yet to come. */
    record Alias(RelativeName written, WireName target) implements Node {}

    /** A name that has texts and nothing else. */
    record Text(List<byte[]> texts) implements Node {}

    /** Nothing itself, but there are names beneath (RFC 8020). */
    record Between() implements Node {}
  }

  private record Claim(String owner, Node node) {
    private static final Comparator<Claim> BY_RIGHT =
        Comparator.comparingInt(Claim::rank).thenComparing(Claim::owner);

    private int rank() {
      return switch (node) {
        case Node.Apex _, Node.Fixed _ -> 0;
        case Node.Tailored _ -> 1;
        case Node.Homed _ -> 2;
        case Node.Alias _ -> 3;
        case Node.Text _ -> 4;
        case Node.Between _ -> 5;
      };
    }

    static List<Claim> with(List<Claim> others, Claim one) {
      List<Claim> all = new ArrayList<>(others);
      all.add(one);
      all.sort(BY_RIGHT);
      return List.copyOf(all);
    }

    static List<Claim> without(List<Claim> all, String owner) {
      return all.stream().filter(claim -> !claim.owner.equals(owner)).toList();
    }
  }

  /**
   * All that is known of a name that exists.
   *
   * @param claims to the name, the best first
   * @param wildcards claims to what does not exist beneath it (RFC 4592), the best first
   * @param beneath how many names exist directly beneath it
   */
  private record Entry(List<Claim> claims, List<Claim> wildcards, int beneath) {
    static final Entry NONE = new Entry(List.of(), List.of(), 0);

    boolean exists() {
      return beneath > 0 || !claims.isEmpty() || !wildcards.isEmpty();
    }

    Node node() {
      return claims.isEmpty() ? BETWEEN : claims.getFirst().node();
    }
  }

  private static final Node BETWEEN = new Node.Between();
  private static final int SAMPLES_MAX = 64;

  /** A dash and a place's code. */
  private static final int PLACE_BYTES = 4;

  private final WireName zone;
  private final NameTable<Entry> entries;
  private final List<String> codes;
  private final int[] places;
  private final int tailored;
  private final int wildcards;
  private final int labelsMax;

  private Names(Edit made) {
    this.zone = made.zone;
    this.entries = made.entries.build();
    this.codes = made.codes;
    this.places = codes.stream().mapToInt(Names::place).toArray();
    this.tailored = made.tailored;
    this.wildcards = made.wildcards;
    this.labelsMax = made.labelsMax;
  }

  /** Returns the zone's own names. */
  public static Names of(ZoneConfig config) {
    WireName zone = WireName.of(config.name());
    Edit own = new Edit(zone);
    own.claim(zone, "", new Node.Apex(ipv4(config.apex()), ipv6(config.apex())));
    for (ZoneConfig.NameServer server : config.nameServers()) {
      WireName name = WireName.of(server.name());
      if (!name.equals(zone)) {
        own.claim(name, "", new Node.Fixed(ipv4(server.addresses()), ipv6(server.addresses())));
      }
    }
    return own.build();
  }

  private static AddressSet ipv4(List<InetAddress> addresses) {
    return AddressSet.of(AddressFamily.IPV4, addresses);
  }

  private static AddressSet ipv6(List<InetAddress> addresses) {
    return AddressSet.of(AddressFamily.IPV6, addresses);
  }

  /** Returns an editor that starts with these names. */
  public Edit edit() {
    return new Edit(this);
  }

  /**
   * Collects changes to names. Names that are not in the zone are nobody's, whoever claims them.
   * Used by one thread, once.
   */
  public static final class Edit {
    private final WireName zone;
    private final NameTable.Edit<Entry> entries;
    private List<String> codes;
    private int tailored;
    private int wildcards;
    private int labelsMax;

    private Edit(WireName zone) {
      this.zone = zone;
      this.entries = NameTable.<Entry>empty().edit();
      this.codes = List.of();
    }

    private Edit(Names from) {
      this.zone = from.zone;
      this.entries = from.entries.edit();
      this.codes = from.codes;
      this.tailored = from.tailored;
      this.wildcards = from.wildcards;
      this.labelsMax = from.labelsMax;
    }

    /**
     * Sets the places at which each tailored name {@code d1.ZONE} has another, {@code d1-fra.ZONE}.
     *
     * @param inOrder codes of three letters, in ascending order
     * @throws IllegalArgumentException if they are not in order
     */
    public void places(List<String> inOrder) {
      if (!inOrder.equals(inOrder.stream().sorted().toList())) {
        throw new IllegalArgumentException("codes of places are to be in order: " + inOrder);
      }
      codes = List.copyOf(inOrder);
    }

    /** Returns the codes of the places. */
    public List<String> places() {
      return codes;
    }

    /** Ends what an owner claims of a name and of what is beneath it. */
    public void remove(WireName name, String owner) {
      if (name.isIn(zone)) {
        Entry before = entry(name);
        List<Claim> claims = Claim.without(before.claims(), owner);
        List<Claim> wild = Claim.without(before.wildcards(), owner);
        tailored -= tailored(before.claims()) - tailored(claims);
        wildcards -= before.wildcards().size() - wild.size();
        set(name, new Entry(claims, wild, before.beneath()));
      }
    }

    private static int tailored(List<Claim> claims) {
      return (int) claims.stream().filter(one -> one.node() instanceof Node.Tailored).count();
    }

    /**
     * Claims a name whose addresses depend on the viewer.
     *
     * @return whether it is in the zone and neither the zone's own nor another site's; if not,
     *     nothing is claimed
     */
    public boolean tailor(WireName name, Site site) {
      Node node = new Node.Tailored(site);
      List<Claim> others = entry(name).claims();
      int rank = new Claim(site.id(), node).rank();
      boolean free = name.isIn(zone) && (others.isEmpty() || others.getFirst().rank() > rank);
      if (free) {
        tailored++;
        claim(name, site.id(), node);
      }
      return free;
    }

    /** Claims a name that has chosen addresses and nothing else. */
    public void home(WireName name, Site site) {
      claim(name, site.id(), new Node.Homed(site));
    }

    /** Claims a further name of a tailored one. */
    public void alias(WireName name, String owner, WireName target) {
      claim(name, owner, new Node.Alias(RelativeName.of(target, zone), target));
    }

    /** Claims all that does not exist beneath a name as further names of a tailored one. */
    public void wildcard(WireName above, String owner, WireName target) {
      if (above.isIn(zone)) {
        wildcards++;
        Claim one = new Claim(owner, new Node.Alias(RelativeName.of(target, zone), target));
        Entry before = entry(above);
        List<Claim> wild = Claim.with(before.wildcards(), one);
        set(above, new Entry(before.claims(), wild, before.beneath()));
      }
    }

    /** Claims a name with TXT records, one for each text of at most 255 bytes. */
    public void text(WireName name, String owner, List<String> texts) {
      claim(name, owner, new Node.Text(texts.stream().map(Edit::characters).toList()));
    }

    /** Returns a text as a record's data has it (RFC 1035, section 3.3). */
    private static byte[] characters(String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      byte[] data = new byte[1 + bytes.length];
      data[0] = (byte) bytes.length;
      System.arraycopy(bytes, 0, data, 1, bytes.length);
      return data;
    }

    private void claim(WireName name, String owner, Node node) {
      if (name.isIn(zone)) {
        Entry before = entry(name);
        List<Claim> claims = Claim.with(before.claims(), new Claim(owner, node));
        set(name, new Entry(claims, before.wildcards(), before.beneath()));
      }
    }

    private Entry entry(WireName name) {
      @Nullable Entry found = entries.get(name);
      return found == null ? Entry.NONE : found;
    }

    /** A name that comes to exist, or ceases to, is one more or one less beneath another. */
    private void set(WireName name, Entry after) {
      boolean existed = entry(name).exists();
      entries.set(name, after.exists() ? after : null);
      labelsMax = Math.max(labelsMax, name.labels());
      if (existed != after.exists() && !name.equals(zone)) {
        Entry above = entry(name.parent());
        int beneath = above.beneath() + (existed ? -1 : 1);
        set(name.parent(), new Entry(above.claims(), above.wildcards(), beneath));
      }
    }

    /** Returns the names as edited. */
    public Names build() {
      return new Names(this);
    }
  }

  /** Returns a place's code as a number: the order of numbers is that of codes. */
  private static int place(String code) {
    byte[] label = code.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
    return place(label, 0);
  }

  private static int place(byte[] code, int at) {
    return code[at] << 16 | code[at + 1] << 8 | code[at + 2];
  }

  /** Returns a few of the names. */
  List<WireName> samples() {
    return entries.some(SAMPLES_MAX);
  }

  /** Returns the zone's name. */
  WireName zone() {
    return zone;
  }

  /** Returns how many names there are whose addresses depend on the viewer. */
  public int tailored() {
    return tailored;
  }

  /**
   * Returns what a lower-case name of the zone is, of those that were listed; null if nothing.
   *
   * @param name begins with the name
   * @param length the name's length, in bytes
   */
  @Nullable Node find(byte[] name, int length) {
    @Nullable Entry found = entries.find(name, 0, length);
    return found == null ? null : found.node();
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
    return find(own, length - PLACE_BYTES) instanceof Node.Tailored there ? there : null;
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
    if (wildcards == 0) {
      return null;
    }
    int at = 0;
    int left = labels;
    do {
      at += 1 + name[at];
      left--;
      // No name as long as that ever existed: however many labels a stranger sends, few are tried.
      @Nullable Entry above = left <= labelsMax ? entries.find(name, at, length) : null;
      if (above != null) {
        return above.wildcards().isEmpty() ? null : above.wildcards().getFirst().node();
      }
    } while (at < length - 1);
    return null;
  }
}
