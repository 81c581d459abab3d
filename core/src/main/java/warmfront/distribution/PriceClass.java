package warmfront.distribution;

/** Which edge locations answer for a distribution; each class contains the ones before it. */
public enum PriceClass {
  PRICE_CLASS_100,
  PRICE_CLASS_200,
  PRICE_CLASS_ALL;

  /** Returns whether a distribution of this class is served by a location of {@code location}. */
  public boolean includes(PriceClass location) {
    return location.compareTo(this) <= 0;
  }
}
