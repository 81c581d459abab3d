package warmfront.control.api;

import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import warmfront.control.api.wire.Refused;
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
  private final Function<String, Optional<String>> secretOf;
  private final Clock clock;

  Gate(String service, Function<String, Optional<String>> secretOf, Clock clock) {
    this(service, SigV4Verifier.Limits.DEFAULT, secretOf, clock);
  }

  Gate(
      String service,
      SigV4Verifier.Limits limits,
      Function<String, Optional<String>> secretOf,
      Clock clock) {
    this.verifier =
        new SigV4Verifier(Flavour.ORDINARY, service, Set.of(), SigV4Verifier.SKEW, limits);
    this.secretOf = secretOf;
    this.clock = clock;
  }

  /** Returns why a request may not pass, in the API's codes; empty if it may. */
  Optional<Refused> refusal(Message message) {
    return switch (verifier.verify(message, secretOf, clock.now())) {
      case Verdict.Accepted _ -> Optional.empty();
      case Verdict.Rejected(Verdict.Kind kind, String reason) ->
          Optional.of(new Refused(code(kind), sentence(kind, reason)));
    };
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
