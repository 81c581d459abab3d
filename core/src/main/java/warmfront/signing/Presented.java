package warmfront.signing;

/**
 * What came with a URL or stream name to show that it may be asked for (CloudFront, "Using signed
 * URLs"). Nothing of it has been verified.
 */
public sealed interface Presented {
  /** Nothing came. */
  record Nothing() implements Presented {}

  /**
   * Something came that nobody signs.
   *
   * @param reason what is wrong with it
   */
  record Malformed(String reason) implements Presented {}

  /**
   * A canned policy: the one resource, until a time.
   *
   * @param seal who signed
   * @param expires seconds since 1970
   */
  record Canned(Seal seal, long expires) implements Presented {}

  /**
   * A policy of the signer's own.
   *
   * @param seal who signed
   * @param policy its JSON in Base64 as {@link Seal} has it
   */
  record Custom(Seal seal, String policy) implements Presented {}

  /**
   * A signature over a policy.
   *
   * @param keyId the Key-Pair-Id
   * @param hash the hash that was signed
   * @param signature in Base64, with {@code - _ ~} in the place of {@code + = /} or not
   */
  record Seal(String keyId, Hash hash, String signature) {}

  /** The hash that is signed. */
  enum Hash {
    SHA1,
    SHA256
  }
}
