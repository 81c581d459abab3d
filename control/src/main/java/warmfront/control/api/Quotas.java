package warmfront.control.api;

import java.util.EnumMap;
import java.util.Map;

/** How many an account may have of each {@link Quota}. Immutable. */
public final class Quotas {
  /** CloudFront's own numbers. */
  public static final Quotas DEFAULT = new Quotas(new EnumMap<>(Quota.class));

  private final Map<Quota, Integer> others;

  private Quotas(Map<Quota, Integer> others) {
    this.others = others;
  }

  /**
   * Returns the same but for one number.
   *
   * @throws IllegalArgumentException if it is below 1: a page of a list has at least one item, and
   *     what is not to be had at all is no quota's business
   */
  public Quotas with(Quota quota, int number) {
    if (number < 1) {
      throw new IllegalArgumentException(quota + " is at least 1: " + number);
    }
    Map<Quota, Integer> changed = new EnumMap<>(Quota.class);
    changed.putAll(others);
    changed.put(quota, number);
    return new Quotas(changed);
  }

  /** Returns how many there may be. */
  public int of(Quota quota) {
    return others.getOrDefault(quota, quota.standard());
  }
}
