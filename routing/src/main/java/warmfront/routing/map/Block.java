package warmfront.routing.map;

/**
 * An aligned run of units, and the locations that are good enough for all of it. Mutable: blocks
 * are used again and again. Owned by {@link Blocks}.
 */
final class Block {
  /** No system, or several. */
  static final int MIXED = -2;

  /** No rule. */
  static final int NO_RULE = -1;

  private static final int CHOICES_MAX = Prefixes.WIDTH + 1;

  /** What a block is. */
  enum Kind {
    /** Nothing is known of it that this map could say. */
    UNKNOWN,
    /** The operator alone decides. */
    RULED,
    /** No range of it was measured, but its system was: it goes along with its neighbours. */
    LEFT_OVER,
    /** A range of it was measured. */
    MEASURED
  }

  private Kind kind = Kind.UNKNOWN;
  private int rule = NO_RULE;
  private int system = MIXED;
  private int place;

  /** The range with the most viewers; negative if there is none. */
  private int heaviest = -1;

  private float heaviestTraffic;

  /** Measured ranges, by their place in the order of addresses: from, and up to. */
  private int from;

  private int until;
  private final int[] locations = new int[CHOICES_MAX];

  /** What each location costs all viewers. */
  private final double[] costs = new double[CHOICES_MAX];

  /** How many viewers each location has already. */
  private final double[] present = new double[CHOICES_MAX];

  private int count;
  private boolean curious;
  private long start;
  private int bits;

  /** Begins anew. */
  void begin(Kind newKind, int newRule, int newSystem, int newPlace) {
    kind = newKind;
    rule = newRule;
    system = newSystem;
    place = newPlace;
    heaviest = -1;
    heaviestTraffic = 0;
    from = 0;
    until = 0;
    count = 0;
    curious = false;
  }

  /** Says which measured range it is of. */
  void of(int row, float traffic, int order) {
    heaviest = row;
    heaviestTraffic = traffic;
    from = order;
    until = order + 1;
  }

  /** Says that it is explored for its own sake. */
  void wonder() {
    curious = true;
  }

  /** Adds a location that is good enough. */
  void add(int location, double cost, double viewers) {
    locations[count] = location;
    costs[count] = cost;
    present[count++] = viewers;
  }

  void copy(Block other) {
    begin(other.kind, other.rule, other.system, other.place);
    heaviest = other.heaviest;
    heaviestTraffic = other.heaviestTraffic;
    from = other.from;
    until = other.until;
    count = other.count;
    curious = other.curious;
    System.arraycopy(other.locations, 0, locations, 0, count);
    System.arraycopy(other.costs, 0, costs, 0, count);
    System.arraycopy(other.present, 0, present, 0, count);
  }

  /** Says where it lies: 2 to the power of {@code newBits} units. */
  void lie(long newStart, int newBits) {
    start = newStart;
    bits = newBits;
  }

  /** Becomes one with its right neighbour if a location is good enough for both. */
  boolean merge(Block right) {
    if (rule != right.rule) {
      return false;
    }
    if (kind == Kind.UNKNOWN || right.kind == Kind.UNKNOWN) {
      return kind == right.kind && grow(right);
    }
    if (kind == Kind.RULED || right.kind == Kind.RULED) {
      return kind == right.kind && grow(right);
    }
    boolean oneSystem = system == right.system && system != MIXED;
    if (oneSystem && right.kind == Kind.LEFT_OVER) {
      return grow(right);
    }
    if (oneSystem && kind == Kind.LEFT_OVER) {
      long ownStart = start;
      int ownBits = bits;
      copy(right);
      lie(ownStart, ownBits + 1);
      return true;
    }
    return (oneSystem || !isDistracting(right)) && intersect(right) && grow(right);
  }

  /**
   * Returns whether ranges of several systems would be explored as one: what is new to the smaller
   * one would not be seen, as a block is explored for its heaviest range.
   */
  private boolean isDistracting(Block right) {
    return (curious || right.curious) && kind == Kind.MEASURED && right.kind == Kind.MEASURED;
  }

  private boolean intersect(Block right) {
    int common = 0;
    for (int i = 0; i < count; i++) {
      common += right.indexOf(locations[i]) >= 0 ? 1 : 0;
    }
    if (common == 0) {
      return false;
    }
    int kept = 0;
    for (int i = 0; i < count; i++) {
      int other = right.indexOf(locations[i]);
      if (other >= 0) {
        locations[kept] = locations[i];
        costs[kept] = costs[i] + right.costs[other];
        present[kept++] = present[i] + right.present[other];
      }
    }
    count = kept;
    return true;
  }

  private boolean grow(Block right) {
    bits++;
    curious |= right.curious;
    system = system == right.system ? system : MIXED;
    if (right.kind == Kind.MEASURED) {
      kind = Kind.MEASURED;
      from = heaviest < 0 ? right.from : from;
      until = right.until;
      if (heaviest < 0 || right.heaviestTraffic > heaviestTraffic) {
        heaviest = right.heaviest;
        heaviestTraffic = right.heaviestTraffic;
      }
    }
    return true;
  }

  /** Returns whether a location is good enough. */
  boolean has(int location) {
    return indexOf(location) >= 0;
  }

  private int indexOf(int location) {
    for (int i = 0; i < count; i++) {
      if (locations[i] == location) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Returns the location that most viewers have already, of equal ones the one that costs least.
   */
  int chosen() {
    int best = 0;
    for (int i = 1; i < count; i++) {
      boolean more = present[i] > present[best];
      boolean cheaper = present[i] == present[best] && costs[i] < costs[best];
      best = more || cheaper ? i : best;
    }
    return locations[best];
  }

  Kind kind() {
    return kind;
  }

  int rule() {
    return rule;
  }

  int system() {
    return system;
  }

  int place() {
    return place;
  }

  int heaviest() {
    return heaviest;
  }

  int from() {
    return from;
  }

  int until() {
    return until;
  }

  long start() {
    return start;
  }

  int bits() {
    return bits;
  }
}
