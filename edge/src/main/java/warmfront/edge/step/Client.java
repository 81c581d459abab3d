package warmfront.edge.step;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who a viewer said it is, in the handshake of a connection that was begun under a name of a
 * distribution that asks for that. It has the key of its certificate. Immutable but for what it
 * remembers of being judged; used by any thread.
 */
public final class Client {
  private final String distribution;
  private final List<X509Certificate> chain;
  private volatile ClientCheck passed;

  /**
   * Makes one whose certificates were found right.
   *
   * @param check by which they were judged
   * @param chain the viewer's own first; empty if it showed none
   */
  public Client(ClientCheck check, List<X509Certificate> chain) {
    this.distribution = check.distribution();
    this.passed = check;
    this.chain = List.copyOf(chain);
  }

  /** Returns the viewer's certificate; empty if it showed none. */
  public Optional<X509Certificate> leaf() {
    return chain.stream().findFirst();
  }

  /** Returns the certificates that came with the viewer's own, in the order they came in. */
  public List<X509Certificate> issuers() {
    return chain.isEmpty() ? List.of() : chain.subList(1, chain.size());
  }

  /**
   * Returns whether a request may come from it. A connection that was begun under another
   * distribution's name proves nothing; one that has lived on while the distribution changed what
   * it asks is judged again.
   */
  public boolean satisfies(ClientCheck check, Instant now) {
    @Nullable ClientCheck last = passed;
    if (check.equals(last)) {
      return true;
    }
    if (!check.distribution().equals(distribution) || check.objection(chain, now).isPresent()) {
      return false;
    }
    passed = check;
    return true;
  }
}
