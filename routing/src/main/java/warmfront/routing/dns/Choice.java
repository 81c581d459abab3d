package warmfront.routing.dns;

/** What a tailored name is answered with. */
public sealed interface Choice {
  /**
   * These addresses.
   *
   * @param set at least one, of the family asked for
   * @param scope for how wide a range of viewers around this one the answer is the same, as a
   *     prefix length (RFC 7871, section 7.2.1)
   */
  record Chosen(AddressSet set, int scope) implements Choice {
    public Chosen {
      if (set.isEmpty() || scope < 0 || scope > 128) {
        throw new IllegalArgumentException("not an answer: " + set + "/" + scope);
      }
    }
  }

  /** The name has no address of the family, for any viewer. */
  record NoSuchFamily() implements Choice {}

  /** The name should have an address, and no server has one to give. */
  record NoServer() implements Choice {}
}
