package warmfront.control.api;

/** Where domains point, as DNS says. May wait for some seconds; called on any thread. */
@FunctionalInterface
interface DomainPointers {
  /** Returns where a domain points. */
  Pointer of(String domain);

  /** What DNS says of a domain. */
  sealed interface Pointer {}

  /**
   * It is an alias (CNAME).
   *
   * @param target of this name: lower case, without a dot at its end
   */
  record Alias(String target) implements Pointer {}

  /** It is no alias, or is not there. */
  record None() implements Pointer {}

  /**
   * DNS does not answer.
   *
   * @param why in what way
   */
  record Unknown(String why) implements Pointer {}
}
