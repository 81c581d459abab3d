package warmfront.control.api;

import java.util.HashSet;
import java.util.List;
import software.amazon.awssdk.services.cloudfront.model.ActiveTrustedKeyGroups;
import software.amazon.awssdk.services.cloudfront.model.ActiveTrustedSigners;
import software.amazon.awssdk.services.cloudfront.model.CacheBehavior;
import software.amazon.awssdk.services.cloudfront.model.KGKeyPairIds;
import software.amazon.awssdk.services.cloudfront.model.KeyPairIds;
import software.amazon.awssdk.services.cloudfront.model.Signer;
import software.amazon.awssdk.services.cloudfront.model.TrustedKeyGroups;
import software.amazon.awssdk.services.cloudfront.model.TrustedSigners;
import warmfront.control.api.wire.Refused;
import warmfront.control.store.Transaction;
import warmfront.distribution.Behavior.Signers;
import warmfront.distribution.KeyGroup;
import warmfront.distribution.Kind;
import warmfront.distribution.Resource;

/** Who may sign requests and stream names: the rules, and what callers are shown of it. */
final class SignerRules {
  private static final String SELF = "self";

  /** CloudFront allows five AWS accounts for each distribution, and four key groups. */
  private static final int SIGNERS_MAX = 5;

  private static final int GROUPS_MAX = 4;

  private SignerRules() {}

  /**
   * Checks accounts that may sign. The one account that there is signs for itself, with any of its
   * public keys.
   *
   * @param path where they stand
   */
  static void check(TrustedSigners signers, Site site, String path) {
    require(signers.enabled(), signers.items(), path);
    if (signers.items().size() > SIGNERS_MAX) {
      throw new Refused(
          "TooManyTrustedSigners",
          "%d signers; %d are allowed.".formatted(signers.items().size(), SIGNERS_MAX));
    }
    for (String signer : signers.items()) {
      if (!signer.equals(SELF) && !signer.equals(site.account())) {
        throw new Refused(
            "TrustedSignerDoesNotExist",
            "There is no account %s here; the one that there is is named %s."
                .formatted(signer, SELF));
      }
    }
  }

  /**
   * Checks key groups that may sign, but not whether they are there.
   *
   * @param path where they stand
   */
  static void check(TrustedKeyGroups groups, String path) {
    require(groups.enabled(), groups.items(), path);
    if (groups.items().size() > GROUPS_MAX) {
      throw new Refused(
          "TooManyKeyGroupsAssociatedToDistribution",
          "%d key groups in %s; %d are allowed."
              .formatted(groups.items().size(), path, GROUPS_MAX));
    }
    if (new HashSet<>(groups.items()).size() < groups.items().size()) {
      throw invalid(path, "names a key group twice");
    }
  }

  private static void require(boolean enabled, List<String> items, String path) {
    if (enabled == items.isEmpty()) {
      throw invalid(path, "names signers if it is enabled, and none if it is not enabled");
    }
  }

  private static Refused invalid(String path, String what) {
    return new Refused("InvalidArgument", "The parameter %s %s.".formatted(path, what));
  }

  /** Checks that key groups are there. */
  static void refer(Transaction tx, TrustedKeyGroups groups) {
    for (String id : groups.items()) {
      if (tx.find(KeyGroups.TYPE, id).isEmpty()) {
        throw new Refused(
            "TrustedKeyGroupDoesNotExist", "There is no key group with the id %s.".formatted(id));
      }
    }
  }

  /** Returns who must have signed the requests of a behavior. */
  static Signers compile(CacheBehavior behavior) {
    return new Signers(behavior.trustedSigners().enabled(), behavior.trustedKeyGroups().items());
  }

  /** Returns the accounts that may sign, with the keys that they have now. */
  static ActiveTrustedSigners accounts(Transaction tx, boolean enabled) {
    if (!enabled) {
      return ActiveTrustedSigners.builder().enabled(false).quantity(0).build();
    }
    List<String> keys = tx.latest(Kind.PUBLIC_KEY).stream().map(Resource::id).toList();
    Signer self = Signer.builder().awsAccountNumber(SELF).keyPairIds(ids(keys)).build();
    return ActiveTrustedSigners.builder().enabled(true).quantity(1).items(self).build();
  }

  /** Returns the key groups that may sign, with the keys that are in them now. */
  static ActiveTrustedKeyGroups groups(Transaction tx, List<String> groups) {
    if (groups.isEmpty()) {
      return ActiveTrustedKeyGroups.builder().enabled(false).quantity(0).build();
    }
    List<KGKeyPairIds> shown =
        groups.stream()
            .flatMap(id -> tx.latest(Kind.KEY_GROUP, id).stream())
            .map(KeyGroup.class::cast)
            .map(group ->
                KGKeyPairIds.builder()
                    .keyGroupId(group.id())
                    .keyPairIds(ids(group.keyIds()))
                    .build())
            .toList();
    return ActiveTrustedKeyGroups.builder()
        .enabled(true)
        .quantity(shown.size())
        .items(shown)
        .build();
  }

  private static KeyPairIds ids(List<String> keys) {
    KeyPairIds.Builder ids = KeyPairIds.builder().quantity(keys.size());
    return (keys.isEmpty() ? ids : ids.items(keys)).build();
  }
}
