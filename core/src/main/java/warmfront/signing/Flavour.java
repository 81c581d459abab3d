package warmfront.signing;

/** The two ways in which AWS services make a path canonical. */
public enum Flavour {
  /** Amazon S3: the path is encoded once and never normalised; the payload's hash is a field. */
  S3,
  /** All others: the path is normalised and encoded once more. */
  ORDINARY
}
