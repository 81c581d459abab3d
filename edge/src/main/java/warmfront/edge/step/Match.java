package warmfront.edge.step;

/** Step 2, match: which distribution and behavior a request is for. */
public sealed interface Match {
  /** The distribution of the Host, and its first behavior whose pattern matches the path. */
  record Found(Route route) implements Match {}

  /** No distribution has this name: 403. */
  record Unknown(String host) implements Match {}
}
