package warmfront.edge.behavior;

import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.PMap;
import org.pcollections.PSet;

/**
 * Who refers to what, so that a change finds those whom it reaches and looks at nobody else.
 * Immutable; one that follows another shares with it what is the same.
 */
public final class Referrers {
  private static final Referrers NONE = new Referrers(HashTreePMap.empty());

  private final PMap<Reference, PSet<String>> ids;

  private Referrers(PMap<Reference, PSet<String>> ids) {
    this.ids = ids;
  }

  /** Returns those of nothing. */
  public static Referrers none() {
    return NONE;
  }

  /** Returns the ids of those who refer to something. */
  public Set<String> of(Reference what) {
    @Nullable PSet<String> found = ids.get(what);
    return found == null ? Set.of() : found;
  }

  /** Returns these, and one who refers to all of this. */
  public Referrers with(String id, Collection<Reference> whats) {
    PMap<Reference, PSet<String>> next = ids;
    for (Reference what : whats) {
      @Nullable PSet<String> others = next.get(what);
      next = next.plus(what, (others == null ? HashTreePSet.<String>empty() : others).plus(id));
    }
    return new Referrers(next);
  }

  /** Returns these without one who refers to all of this. */
  public Referrers without(String id, Collection<Reference> whats) {
    PMap<Reference, PSet<String>> next = ids;
    for (Reference what : whats) {
      @Nullable PSet<String> others = next.get(what);
      if (others != null) {
        PSet<String> left = others.minus(id);
        next = left.isEmpty() ? next.minus(what) : next.plus(what, left);
      }
    }
    return new Referrers(next);
  }
}
