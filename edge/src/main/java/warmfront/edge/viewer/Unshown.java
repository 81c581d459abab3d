package warmfront.edge.viewer;

/** A certificate that cannot be shown: it is not there, or it or its key cannot be read. */
public final class Unshown extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final String owner;

  /**
   * Makes one.
   *
   * @param owner whose it is: the id of a distribution, a tenant or a certificate of the zone
   * @param message what is wrong, for the operator
   */
  public Unshown(String owner, String message) {
    super(message);
    this.owner = owner;
  }

  /** Returns whose it is. */
  public String owner() {
    return owner;
  }
}
