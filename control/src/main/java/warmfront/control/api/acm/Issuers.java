package warmfront.control.api.acm;

import java.util.Optional;
import java.util.function.LongPredicate;
import warmfront.control.certificate.AcmeAuthority;
import warmfront.control.certificate.SiteCertificates;

/**
 * Who issues what is requested.
 *
 * @param fleet the fleet's own authority
 * @param world a public one; what is requested is requested of it, if it is there
 * @param answered whether all DNS servers that can be asked answer by a revision of the log
 */
public record Issuers(
    SiteCertificates fleet, Optional<AcmeAuthority> world, LongPredicate answered) {
  /** Makes one where there is the fleet's authority alone. */
  public Issuers(SiteCertificates fleet) {
    this(fleet, Optional.empty(), _ -> true);
  }
}
