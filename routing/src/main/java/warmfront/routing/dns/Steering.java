package warmfront.routing.dns;

/** Chooses addresses for a viewer. Thread-safe, quick, and without waiting. */
@FunctionalInterface
public interface Steering {
  /**
   * Chooses the addresses of a tailored name.
   *
   * @param site which name: the number that {@link Names} was given with it, 0 and up
   * @param viewer for whom
   * @param family of which family
   */
  Choice choose(int site, Viewer viewer, AddressFamily family);
}
