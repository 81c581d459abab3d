package warmfront.control.api;

import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import warmfront.control.api.wire.Refused;
import warmfront.control.identity.Caller;
import warmfront.control.identity.Identity;
import warmfront.control.store.Store;
import warmfront.control.store.StoreUnavailable;
import warmfront.signing.Flavour;
import warmfront.signing.Message;
import warmfront.signing.SigV4Verifier;
import warmfront.signing.Verdict;
import warmfront.time.Clock;

/**
 * Lets requests pass that an issued key signed for one service (SigV4). Any region will do:
 * CloudFront's own endpoint makes clients sign for us-east-1, but with an endpoint of their own
 * they sign for the region they are set to.
 */
final class Gate {
  private final SigV4Verifier verifier;
  private final Keys keys;

  /**
   * Whose keys are let in.
   *
   * @param identities says who a key stands for; empty if it may not be used
   * @param account twelve digits
   * @param store remembers requests that may come once
   */
  record Keys(
      Function<String, Optional<Identity>> identities, String account, Store store, Clock clock) {}

  Gate(String service, Keys keys) {
    this(service, SigV4Verifier.Limits.DEFAULT, keys);
  }

  Gate(String service, SigV4Verifier.Limits limits, Keys keys) {
    this.verifier =
        new SigV4Verifier(Flavour.ORDINARY, service, Set.of(), SigV4Verifier.SKEW, limits);
    this.keys = keys;
  }

  /**
   * Returns who signed a request.
   *
   * @throws Refused if it may not pass, in the API's codes
   */
  Caller admit(Message message) {
    try {
      return switch (verifier.verify(message, this::secret, keys.clock().now())) {
        case Verdict.Accepted accepted -> caller(accepted);
        case Verdict.Rejected(Verdict.Kind kind, String reason) ->
            throw new Refused(code(kind), sentence(kind, reason));
      };
    } catch (StoreUnavailable unavailable) {
      throw new Refused("ServiceUnavailable", "The store is not available; try again.");
    }
  }

  private Optional<String> secret(String accessKeyId) {
    return keys.identities().apply(accessKeyId).map(Identity::secretAccessKey);
  }

  private Caller caller(Verdict.Accepted accepted) {
    Identity identity =
        keys.identities()
            .apply(accepted.accessKeyId())
            .orElseThrow(() ->
                new Refused(
                    code(Verdict.Kind.UNKNOWN_KEY), "The access key was removed meanwhile."));
    return new Caller(
        identity.principal(),
        keys.account(),
        new Caller.Signed(accepted.mark(), accepted.until()),
        keys.store(),
        keys.clock());
  }

  private static String code(Verdict.Kind kind) {
    return switch (kind) {
      case MISSING -> "MissingAuthenticationToken";
      case MALFORMED -> "IncompleteSignature";
      case UNKNOWN_KEY -> "InvalidClientTokenId";
      case EXPIRED -> "RequestExpired";
      case SCOPE, SKEW, SIGNATURE -> "SignatureDoesNotMatch";
    };
  }

  private static String sentence(Verdict.Kind kind, String reason) {
    return switch (kind) {
      case SKEW -> "Signature expired or not yet current: " + reason + ".";
      case MISSING, MALFORMED, UNKNOWN_KEY, EXPIRED, SCOPE, SIGNATURE ->
          Character.toUpperCase(reason.charAt(0)) + reason.substring(1) + ".";
    };
  }
}
