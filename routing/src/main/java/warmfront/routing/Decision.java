package warmfront.routing;

/**
 * Where to send a viewer, in one number, so that a query makes no object: what the choice rests on,
 * the location's index or -1 if none has an address, which of its addresses are meant, and the
 * scope of the answer.
 */
final class Decision {
  private static final Basis[] BASES = Basis.values();
  private static final Standing.Tier[] TIERS = Standing.Tier.values();
  private static final int LOCATION_SHIFT = 32;
  private static final int BASIS_SHIFT = 16;
  private static final int TIER_SHIFT = 8;
  private static final int BYTE = 0xff;

  private Decision() {}

  /** Returns the decision for a location, by its index. */
  @SuppressWarnings("EnumOrdinal") // the number lives no longer than the query
  static long of(Basis basis, int location, Standing.Tier tier, int scope) {
    int rest = basis.ordinal() << BASIS_SHIFT | tier.ordinal() << TIER_SHIFT | scope;
    return (long) location << LOCATION_SHIFT | rest;
  }

  /** Returns the decision that no location has an address. */
  static long none(Basis basis, int scope) {
    return of(basis, -1, Standing.Tier.ANY, scope);
  }

  /** Returns the location's index; negative if none has an address. */
  static int location(long decision) {
    return (int) (decision >> LOCATION_SHIFT);
  }

  static Basis basis(long decision) {
    return BASES[(int) decision >>> BASIS_SHIFT];
  }

  static Standing.Tier tier(long decision) {
    return TIERS[(int) decision >>> TIER_SHIFT & BYTE];
  }

  /** Returns the scope of the answer, a prefix length. */
  static int scope(long decision) {
    return (int) decision & BYTE;
  }
}
