package warmfront.routing.dns;

/** Chooses addresses for a viewer. Thread-safe, quick, and without waiting or making garbage. */
@FunctionalInterface
public interface Steering {
  /** The place of a name that is at none. */
  int ANYWHERE = -1;

  /**
   * Chooses the addresses of a tailored name.
   *
   * @param site what the name stands for
   * @param place at which of the places that {@link Names} was given, or {@link #ANYWHERE}
   * @param viewer for whom
   * @param family of which family
   * @param choice is told what came of it; what it held before is forgotten
   */
  void choose(Site site, int place, Viewer viewer, AddressFamily family, Choice choice);
}
