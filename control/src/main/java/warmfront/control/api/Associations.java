package warmfront.control.api;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import warmfront.control.api.wire.Refused;
import warmfront.control.store.Row;
import warmfront.control.store.Transaction;
import warmfront.distribution.Behavior;
import warmfront.distribution.Distribution;
import warmfront.distribution.Kind;
import warmfront.distribution.Origin;

/**
 * How many distributions may use one policy, key group or the like (CloudFront's quotas). What
 * comes with the product is not counted: it is there for all.
 */
final class Associations {
  private final Quotas quotas;

  Associations(Quotas quotas) {
    this.quotas = quotas;
  }

  /** What is counted. */
  private enum Sort {
    CACHE_POLICY(CachePolicyFamily.TYPE, "CachePolicy", Quota.DISTRIBUTIONS_OF_POLICY),
    ORIGIN_REQUEST_POLICY(
        OriginRequestPolicyFamily.TYPE, "OriginRequestPolicy", Quota.DISTRIBUTIONS_OF_POLICY),
    RESPONSE_HEADERS_POLICY(
        ResponseHeadersPolicyFamily.TYPE, "ResponseHeadersPolicy", Quota.DISTRIBUTIONS_OF_POLICY),
    KEY_GROUP(KeyGroups.TYPE, "KeyGroup", Quota.DISTRIBUTIONS_OF_KEY_GROUP),
    ORIGIN_ACCESS_CONTROL(
        OriginAccessControls.TYPE,
        "OriginAccessControl",
        Quota.DISTRIBUTIONS_OF_ORIGIN_ACCESS_CONTROL),
    ENCRYPTION_CONFIG(
        EncryptionConfigs.TYPE,
        "FieldLevelEncryptionConfig",
        Quota.DISTRIBUTIONS_OF_ENCRYPTION_CONFIG),
    VPC_ORIGIN(VpcOrigins.TYPE, Quota.DISTRIBUTIONS_OF_VPC_ORIGIN),
    ANYCAST_IP_LIST(AnycastLists.TYPE, Quota.DISTRIBUTIONS_OF_ANYCAST_IP_LIST);

    private final String type;
    private final Quota quota;
    private final String code;

    Sort(String type, String noun, Quota quota) {
      this.type = type;
      this.quota = quota;
      this.code = "TooManyDistributionsAssociatedTo" + noun;
    }

    /** Of what came later the API has no error of its own. */
    Sort(String type, Quota quota) {
      this.type = type;
      this.quota = quota;
      this.code = "EntityLimitExceeded";
    }
  }

  private record Used(Sort sort, String id) {
    /** Returns the scope of the claims of those that use it, by their ids. */
    String scope() {
      return "uses " + sort.type + " " + id;
    }
  }

  /**
   * Notes what a distribution that is to be uses: nobody has to look at all of them to count.
   *
   * @param id its id
   * @param next what edges are to obey
   * @throws Refused if something that it did not use before is used by too many already
   */
  void note(Transaction tx, String id, Distribution next) {
    Set<Used> before = used(tx, id);
    Set<Used> after = used(next);
    before.stream().filter(one -> !after.contains(one)).forEach(one -> tx.release(one.scope(), id));
    for (Used one : after) {
      if (before.contains(one) || !isCounted(tx, one)) {
        continue;
      }
      long others = tx.claims(one.scope());
      int most = quotas.of(one.sort().quota);
      if (others >= most) {
        throw new Refused(
            one.sort().code,
            "The %s %s is used by %d distributions; %d are allowed."
                .formatted(one.sort().type.replace('-', ' '), one.id(), others, most));
      }
      tx.claim(one.scope(), id, id);
    }
  }

  /** Notes that a distribution uses nothing any more; it may still be on its way off the edges. */
  static void forget(Transaction tx, String id) {
    used(tx, id).forEach(one -> tx.release(one.scope(), id));
  }

  private static Set<Used> used(Transaction tx, String id) {
    return tx.latest(Kind.DISTRIBUTION, id)
        .map(found -> used((Distribution) found))
        .orElseGet(Set::of);
  }

  private static boolean isCounted(Transaction tx, Used one) {
    return tx.find(one.sort().type, one.id())
        .map(Row::parent)
        .filter(parent -> !parent.equals(Family.MANAGED))
        .isPresent();
  }

  private static Set<Used> used(Distribution distribution) {
    Set<Used> used = new HashSet<>();
    Stream.concat(Stream.of(distribution.defaultBehavior()), distribution.behaviors().stream())
        .forEach(behavior -> add(behavior, used));
    for (Origin origin : distribution.origins()) {
      Optional<String> control =
          switch (origin.type()) {
            case Origin.S3(Optional<String> id, _) -> id;
            case Origin.Custom _ -> origin.reach().accessControl();
          };
      control.ifPresent(id -> used.add(new Used(Sort.ORIGIN_ACCESS_CONTROL, id)));
      origin.reach().vpcOrigin().ifPresent(id -> used.add(new Used(Sort.VPC_ORIGIN, id)));
    }
    distribution
        .entrance()
        .anycast()
        .ifPresent(list -> used.add(new Used(Sort.ANYCAST_IP_LIST, list.listId())));
    return used;
  }

  private static void add(Behavior behavior, Set<Used> used) {
    Behavior.Options options = behavior.options();
    behavior.cachePolicyId().ifPresent(id -> used.add(new Used(Sort.CACHE_POLICY, id)));
    options
        .originRequestPolicyId()
        .ifPresent(id -> used.add(new Used(Sort.ORIGIN_REQUEST_POLICY, id)));
    options
        .responseHeadersPolicyId()
        .ifPresent(id -> used.add(new Used(Sort.RESPONSE_HEADERS_POLICY, id)));
    options.signers().keyGroups().forEach(id -> used.add(new Used(Sort.KEY_GROUP, id)));
    options.encryptionId().ifPresent(id -> used.add(new Used(Sort.ENCRYPTION_CONFIG, id)));
  }
}
