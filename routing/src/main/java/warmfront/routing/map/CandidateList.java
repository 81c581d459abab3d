package warmfront.routing.map;

import java.util.Arrays;
import warmfront.distribution.Rendezvous;

/**
 * Locations for a range of viewers, best first, and what to know of them. Immutable; equal if it
 * says the same.
 */
public final class CandidateList {
  /** Estimates are kept in steps of a fifth: of logarithms of milliseconds, from a tenth upward. */
  private static final double STEPS_PER_LOG = 5;

  private static final double FIRST_LOG = Math.log(0.1);

  /** The logarithm of a millisecond in microseconds. */
  private static final double MILLI_LOG = Math.log(1000);

  /** Estimates may stray so many steps before a list is written anew. */
  private static final int STEPS_NEAR = 1;

  /** The step of a location of which there is no estimate. */
  static final int STEP_MAX = 255;

  /** Most locations of a list. */
  static final int SIZE_MAX = 255;

  private static final int EXPLORED = 1;
  private static final int MEASURED = 2;
  private static final int AVOIDED = 4;
  private static final int FLAGS = 7;

  /** What the operator said of the range. */
  public enum Word {
    /** Nothing. */
    NONE(0),
    /** {@link Rules.Action#PIN}: locations that are not named are avoided, too. */
    PIN(1),
    /** {@link Rules.Action#PREFER}. */
    PREFER(2),
    /** {@link Rules.Action#FORBID}. */
    FORBID(3);

    private final int code;

    Word(int code) {
      this.code = code;
    }

    /** Returns how it is written. */
    int code() {
      return code;
    }
  }

  private final Word word;
  private final int sharePerMille;
  private final int[] packed;
  private final int hash;

  /** A list without a location. */
  static final CandidateList EMPTY = new Maker().made(Word.NONE, 0);

  private CandidateList(Word word, int sharePerMille, int[] packed, int hash) {
    this.word = word;
    this.sharePerMille = sharePerMille;
    this.packed = packed;
    this.hash = hash;
  }

  /** Returns what the operator said of the range. */
  public Word word() {
    return word;
  }

  /** Returns the share of slots in which a location is explored, in thousandths. */
  public int sharePerMille() {
    return sharePerMille;
  }

  /** Returns how many locations it names. */
  public int size() {
    return packed.length;
  }

  /** Returns the location at a rank, as an index into the map's locations. */
  public int location(int rank) {
    return packed[rank] >>> 16;
  }

  /**
   * Returns the estimated round-trip time at a rank in milliseconds, to a tenth of itself, up or
   * down.
   */
  public double millis(int rank) {
    return Math.exp(FIRST_LOG + step(rank) / STEPS_PER_LOG);
  }

  /** Returns whether there is an estimate at a rank: none is for what only the operator named. */
  public boolean isKnown(int rank) {
    return step(rank) < STEP_MAX;
  }

  /** Reads a word of what it lies in, see {@link Ahead}. */
  int touch() {
    return packed.length == 0 ? 0 : packed[0] + packed[packed.length - 1];
  }

  int step(int rank) {
    return packed[rank] >>> 8 & 0xff;
  }

  int flags(int rank) {
    return packed[rank] & 0xff;
  }

  /** Returns whether viewers are sent to the location at a rank now and then to measure it. */
  public boolean isExplored(int rank) {
    return (packed[rank] & EXPLORED) != 0;
  }

  /** Returns whether it was measured from the range or its system, not guessed. */
  public boolean isMeasured(int rank) {
    return (packed[rank] & MEASURED) != 0;
  }

  /** Returns whether the location at a rank is tried only when no other has an address. */
  public boolean isAvoided(int rank) {
    return (packed[rank] & AVOIDED) != 0;
  }

  /**
   * Returns the rank of the location that is explored in a slot of time, the same at every DNS
   * server; 0 in most slots: none is. One of so many slots in a row is, at a place of its own in
   * each such row, and locations take turns, so that none is left out by chance.
   *
   * @param range first bits of the range that the answer is for
   * @param slot the number of the slot
   */
  public int explored(long range, long slot) {
    if (sharePerMille == 0) {
      return 0;
    }
    int length = 1000 / sharePerMille;
    long turn = Math.floorDiv(slot, length);
    long chance = Rendezvous.mix(range ^ Rendezvous.mix(turn));
    if (Long.remainderUnsigned(chance, length) != Math.floorMod(slot, length)) {
      return 0;
    }
    int worthIt = 0;
    for (int rank = 1; rank < packed.length; rank++) {
      worthIt += isExplored(rank) ? 1 : 0;
    }
    int which = worthIt == 0 ? 0 : Math.floorMod(turn, worthIt);
    for (int rank = 1; rank < packed.length; rank++) {
      if (isExplored(rank) && which-- == 0) {
        return rank;
      }
    }
    return 0;
  }

  /** Returns the rank of a location; negative if it is not named. */
  int rank(int location) {
    for (int rank = 0; rank < packed.length; rank++) {
      if (location(rank) == location) {
        return rank;
      }
    }
    return -1;
  }

  /** Returns the step of an estimate, a logarithm of microseconds. */
  static int stepOf(double logMicros) {
    double steps = (logMicros - MILLI_LOG - FIRST_LOG) * STEPS_PER_LOG;
    return Math.clamp(Math.round(steps), 0, STEP_MAX - 1);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CandidateList that
        && hash == that.hash
        && word == that.word
        && sharePerMille == that.sharePerMille
        && Arrays.equals(packed, that.packed);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** Takes locations, best first. Owned by one thread. */
  static final class Maker {
    /** An odd number of many bits (Knuth, The Art of Computer Programming, volume 2, 3.3.4). */
    private static final long FACTOR = 6364136223846793005L;

    private int[] packed = new int[16];
    private int size;
    private Word word = Word.NONE;
    private int sharePerMille;

    /** Begins another list. */
    void begin() {
      size = 0;
    }

    void add(int location, int step, boolean explored, boolean measured, boolean avoided) {
      int flags = (explored ? EXPLORED : 0) | (measured ? MEASURED : 0) | (avoided ? AVOIDED : 0);
      add(location, step, flags);
    }

    void add(int location, int step, int flags) {
      if (size == packed.length) {
        packed = Arrays.copyOf(packed, size * 2);
      }
      packed[size++] = location << 16 | step << 8 | (flags & FLAGS);
    }

    boolean has(int location) {
      for (int i = 0; i < size; i++) {
        if (packed[i] >>> 16 == location) {
          return true;
        }
      }
      return false;
    }

    int size() {
      return size;
    }

    /** Says what is of the whole list, after its locations. */
    void end(Word newWord, int newSharePerMille) {
      word = newWord;
      sharePerMille = newSharePerMille;
      size = Math.min(size, SIZE_MAX);
    }

    /**
     * Returns whether an older list still says the same: the same first location, the same others,
     * each about as far.
     */
    boolean isNear(CandidateList old) {
      if (old.size() != size
          || size == 0
          || old.word != word
          || old.sharePerMille != sharePerMille
          || old.packed[0] >>> 16 != packed[0] >>> 16) {
        return false;
      }
      for (int rank = 0; rank < size; rank++) {
        int at = packed[rank] >>> 16 == old.packed[rank] >>> 16 ? rank : rank(old.packed[rank]);
        if (at < 0 || !isNear(packed[at], old.packed[rank])) {
          return false;
        }
      }
      return true;
    }

    private int rank(int like) {
      for (int rank = 0; rank < size; rank++) {
        if (packed[rank] >>> 16 == like >>> 16) {
          return rank;
        }
      }
      return -1;
    }

    private static boolean isNear(int one, int other) {
      int apart = (one >>> 8 & 0xff) - (other >>> 8 & 0xff);
      return (one & 0xff) == (other & 0xff) && Math.abs(apart) <= STEPS_NEAR;
    }

    /** Returns the hash of the list as it is. */
    int hash() {
      long sum = (long) word.code() << Integer.SIZE | sharePerMille;
      for (int i = 0; i < size; i++) {
        sum = sum * FACTOR + packed[i];
      }
      return (int) Rendezvous.mix(sum);
    }

    /** Returns whether a list says the same. */
    boolean isSame(CandidateList list) {
      return list.word == word
          && list.sharePerMille == sharePerMille
          && Arrays.equals(list.packed, 0, list.packed.length, packed, 0, size);
    }

    /** Returns the list as it is. */
    CandidateList made() {
      return new CandidateList(word, sharePerMille, Arrays.copyOf(packed, size), hash());
    }

    /** Returns the list, and begins another. */
    CandidateList made(Word newWord, int newSharePerMille) {
      end(newWord, newSharePerMille);
      CandidateList list = made();
      begin();
      return list;
    }
  }
}
