package warmfront.routing.dns;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a tailored name is answered with, in the making: of the addresses offered it keeps the few
 * with the highest scores. Used again and again; owned by one thread, and kept by no {@link
 * Steering}.
 */
public final class Choice {
  /** What came of choosing. */
  public enum Outcome {
    /** There are addresses. */
    CHOSEN,
    /** The name has no address of the family, for any viewer. */
    NO_SUCH_FAMILY,
    /** The name should have an address, and no server has one to give. */
    NO_SERVER
  }

  /** As CloudFront: up to four addresses to an answer. */
  public static final int ADDRESSES_MAX = 4;

  private final byte[] bytes = new byte[ADDRESSES_MAX * AddressFamily.IPV6.bytes()];
  private final double[] scores = new double[ADDRESSES_MAX];
  private Outcome outcome = Outcome.NO_SERVER;
  private AddressFamily family = AddressFamily.IPV4;
  private int scope;
  private int ttlMax;
  private int size;

  /** Says that the name has no address of the family. */
  public void noSuchFamily() {
    fail(Outcome.NO_SUCH_FAMILY);
  }

  /** Says that no server has an address to give. */
  public void noServer() {
    fail(Outcome.NO_SERVER);
  }

  private void fail(Outcome how) {
    outcome = how;
    scope = 0;
    size = 0;
  }

  /**
   * Says that addresses follow, one at least.
   *
   * @param of their family
   * @param prefixLength for how wide a range of viewers around this one the answer is the same (RFC
   *     7871, section 7.2.1)
   */
  public void begin(AddressFamily of, int prefixLength) {
    outcome = Outcome.CHOSEN;
    family = of;
    scope = prefixLength;
    ttlMax = Integer.MAX_VALUE;
    size = 0;
  }

  /** Says that the answer is good for so long at most, in seconds. */
  public void expireWithin(int seconds) {
    ttlMax = seconds;
  }

  /** Returns for how long the answer is good, in seconds, where others are for {@code usual}. */
  int ttl(int usual) {
    return Math.min(usual, ttlMax);
  }

  /** Offers an address of a set; of equal scores the one offered first stands first. */
  public void offer(AddressSet set, int index, double score) {
    int rank = size;
    while (rank > 0 && scores[rank - 1] < score) {
      rank--;
    }
    if (rank == ADDRESSES_MAX) {
      return;
    }
    int width = family.bytes();
    int last = Math.min(size, ADDRESSES_MAX - 1);
    System.arraycopy(scores, rank, scores, rank + 1, last - rank);
    System.arraycopy(bytes, rank * width, bytes, (rank + 1) * width, (last - rank) * width);
    scores[rank] = score;
    set.copy(index, bytes, rank * width);
    size = last + 1;
  }

  /** Forgets all addresses but the best. */
  public void keepBest() {
    size = Math.min(size, 1);
  }

  /** Returns what came of choosing. */
  public Outcome outcome() {
    return outcome;
  }

  /** Returns the scope, a prefix length; 0 without addresses. */
  public int scope() {
    return scope;
  }

  /** Returns the addresses, the best first. */
  public List<InetAddress> addresses() {
    List<InetAddress> all = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      int at = i * family.bytes();
      try {
        all.add(InetAddress.getByAddress(Arrays.copyOfRange(bytes, at, at + family.bytes())));
      } catch (UnknownHostException impossible) {
        throw new IllegalStateException("4 or 16 bytes are an address", impossible);
      }
    }
    return all;
  }

  AddressFamily family() {
    return family;
  }

  int size() {
    return size;
  }

  void copy(int index, byte[] to, int offset) {
    System.arraycopy(bytes, index * family.bytes(), to, offset, family.bytes());
  }
}
