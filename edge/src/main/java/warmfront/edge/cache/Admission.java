package warmfront.edge.cache;

/**
 * Which objects are worth writing to a disk. While it has room, all are. Once writing one would
 * push another out, only those that were asked for twice: again while in memory, or again not long
 * after they were first fetched. Most objects never are, and writing them would wear the disk and
 * push out better ones. Thread-safe.
 */
final class Admission {
  private final Ghosts seen;

  /**
   * Has seen nothing yet.
   *
   * @param rememberedBytes how many bytes of objects that were fetched once and not written may
   *     pass until one of them is forgotten; as many as the disk holds is a good choice
   */
  Admission(long rememberedBytes) {
    seen = new Ghosts(rememberedBytes);
  }

  /**
   * Returns whether an object that was just fetched is to be written now, and remembers it if not.
   *
   * @param id a hash of its key
   * @param bytes its length
   * @param full whether writing it would push out another
   */
  synchronized boolean onFetched(long id, long bytes, boolean full) {
    if (!full) {
      return true;
    }
    if (seen.remove(id)) {
      return true;
    }
    seen.add(id, bytes);
    return false;
  }

  /**
   * Returns whether an object that is only in memory is to be written before it leaves there.
   *
   * @param uses how often it was asked for while it was there
   * @param full whether writing it would push out another
   */
  static boolean onLeaving(int uses, boolean full) {
    return !full || uses > 0;
  }
}
