package warmfront.control.identity;

import java.time.Instant;
import java.util.Optional;
import warmfront.control.store.Store;
import warmfront.time.Clock;

/** Who signed one request, and what that allows. Thread-safe. */
public final class Caller {
  private final Principal principal;
  private final String account;
  private final Signed signed;
  private final Store store;
  private final Clock clock;

  /**
   * The request.
   *
   * @param mark what it has alone
   * @param until when its signature ceases to be taken
   */
  public record Signed(String mark, Instant until) {}

  /**
   * Makes the caller of a request.
   *
   * @param account twelve digits
   * @param store remembers requests that may come once
   */
  public Caller(Principal principal, String account, Signed signed, Store store, Clock clock) {
    this.principal = principal;
    this.account = account;
    this.signed = signed;
    this.store = store;
    this.clock = clock;
  }

  /** Returns its ARN. */
  public String arn() {
    return principal.arn(account);
  }

  /** Returns its id. */
  public String id() {
    return principal.id(account);
  }

  /** Returns whether it is the account itself. */
  public boolean isRoot() {
    return principal instanceof Principal.Root;
  }

  /** Returns why it may not do something, in IAM's words; empty if it may. */
  public Optional<String> refusal(Deed deed) {
    return switch (principal) {
      case Principal.Root _ -> Optional.empty();
      case Principal.User user -> {
        Policy.Word word = Policy.Word.SILENT;
        for (Policy policy : user.policies()) {
          Policy.Word said = policy.judge(deed);
          if (said == Policy.Word.DENIED) {
            yield refused(deed, "with an explicit deny in an identity-based policy");
          }
          word = said == Policy.Word.ALLOWED ? said : word;
        }
        yield word == Policy.Word.ALLOWED
            ? Optional.empty()
            : refused(
                deed,
                "because no identity-based policy allows the %s action".formatted(deed.action()));
      }
    };
  }

  private Optional<String> refused(Deed deed, String why) {
    String on = deed.resource().equals("*") ? "" : " on resource: " + deed.resource();
    return Optional.of(
        "User: %s is not authorized to perform: %s%s %s".formatted(arn(), deed.action(), on, why));
  }

  /**
   * Returns whether this request came before, and has it remembered for as long as its signature is
   * taken, by all processes on the store. To be asked where doing the same again does harm: where
   * neither a version nor a name that is taken keeps it from being done.
   */
  public boolean comesAgain() {
    return !store.write(
        transaction -> transaction.marks().add(signed.mark(), clock.now(), signed.until()));
  }
}
