package warmfront.edge.behavior;

import warmfront.distribution.Kind;

/**
 * Something that another resource refers to.
 *
 * @param id its id, or {@link #EVERY}
 */
public record Reference(Kind kind, String id) {
  /** In the place of an id: every one of the kind. */
  public static final String EVERY = "*";

  /** Returns every one of a kind. */
  public static Reference every(Kind kind) {
    return new Reference(kind, EVERY);
  }
}
