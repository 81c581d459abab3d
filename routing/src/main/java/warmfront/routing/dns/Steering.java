package warmfront.routing.dns;

/** Chooses addresses for a viewer. Thread-safe, quick, and without waiting or making garbage. */
@FunctionalInterface
public interface Steering {
  /**
   * Chooses the addresses of a tailored name.
   *
   * @param site which name: the number that {@link Names} was given with it, 0 and up
   * @param viewer for whom
   * @param family of which family
   * @param choice is told what came of it; what it held before is forgotten
   */
  void choose(int site, Viewer viewer, AddressFamily family, Choice choice);
}
