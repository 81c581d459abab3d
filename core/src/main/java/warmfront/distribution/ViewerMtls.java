package warmfront.distribution;

import java.util.Optional;

/**
 * What a distribution asks of viewers' own certificates (CloudFront, "Mutual TLS authentication
 * with CloudFront").
 *
 * @param mode whether there has to be one, and who judges it
 * @param trustStore the id of a {@link TrustStore}, which must be able to vouch for it; empty
 *     exactly where edges do not judge it
 * @param namesAuthorities whether the handshake names the authorities that are trusted
 * @param ignoresExpiry whether a certificate that has ended counts as one that has not
 */
public record ViewerMtls(
    Mode mode, Optional<String> trustStore, boolean namesAuthorities, boolean ignoresExpiry) {
  /** Whether viewers need a certificate, and who judges it. */
  public enum Mode {
    /** Nobody comes in without. */
    REQUIRED,
    /** Who shows one must show a right one. */
    OPTIONAL,
    /** The origin judges. */
    PASSTHROUGH
  }

  public ViewerMtls {
    if (trustStore.isPresent() == (mode == Mode.PASSTHROUGH)) {
      throw new IllegalArgumentException(
          "a trust store is there exactly where edges judge certificates: %s, %s"
              .formatted(mode, trustStore));
    }
  }
}
