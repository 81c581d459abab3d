package warmfront.control.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.cloudfront.model.AssociateAliasRequest;
import software.amazon.awssdk.services.cloudfront.model.AssociateAliasResponse;
import software.amazon.awssdk.services.cloudfront.model.ConflictingAlias;
import software.amazon.awssdk.services.cloudfront.model.ConflictingAliasesList;
import software.amazon.awssdk.services.cloudfront.model.Distribution;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.ListConflictingAliasesRequest;
import software.amazon.awssdk.services.cloudfront.model.ListConflictingAliasesResponse;
import warmfront.control.api.Family.Kept;
import warmfront.control.api.wire.Refused;
import warmfront.control.store.Store;
import warmfront.control.store.Transaction;

/** How an alternate domain name goes from one distribution to another: in one transaction. */
final class AliasMoves {
  /** Items of one page, where the caller gives no number. */
  static final int PAGE = 100;

  private static final int SHOWN_CHARS = 7;

  private final Store store;
  private final Site site;
  private final Resources<DistributionConfig, Distribution> distributions;

  AliasMoves(Store store, Site site, Resources<DistributionConfig, Distribution> distributions) {
    this.store = store;
    this.site = site;
    this.distributions = distributions;
  }

  void register(Handlers handlers) {
    handlers.on(
        "AssociateAlias",
        AssociateAliasRequest.class,
        AssociateAliasRequest::builder,
        asked -> {
          store.write(tx -> {
            move(tx, AliasRules.lower(asked.alias()), asked.targetDistributionId());
            return asked;
          });
          return AssociateAliasResponse.builder().build();
        });
    handlers.on(
        "ListConflictingAliases",
        ListConflictingAliasesRequest.class,
        ListConflictingAliasesRequest::builder,
        this::list);
  }

  private void move(Transaction tx, String alias, String target) {
    Kept<Distribution> to = distributions.get(tx, target);
    Optional<String> owner = tx.owner(AliasRules.SCOPE, alias);
    if (owner.equals(Optional.of(target))) {
      return;
    }
    if (owner.isPresent()) {
      if (tx.find(DistributionFamily.TYPE, owner.get()).isEmpty()) {
        throw new Refused(
            "IllegalUpdate",
            "The alias %s is that of %s, which is no web distribution: take it off there first."
                .formatted(alias, owner.get()));
      }
      Kept<Distribution> from = distributions.get(tx, owner.get());
      List<String> left =
          from.resource().distributionConfig().aliases().items().stream()
              .filter(name -> !AliasRules.lower(name).equals(alias))
              .toList();
      Domains.change(tx, distributions, from, left);
    }
    List<String> all = new ArrayList<>(to.resource().distributionConfig().aliases().items());
    all.add(alias);
    try {
      Domains.change(tx, distributions, to, all);
    } catch (Refused refused) {
      // The operation has no error for a certificate.
      throw refused.code().equals("InvalidViewerCertificate")
          ? new Refused("InvalidArgument", refused.message())
          : refused;
    }
  }

  private ListConflictingAliasesResponse list(ListConflictingAliasesRequest asked) {
    String alias = AliasRules.lower(asked.alias());
    int max = asked.maxItems() == null ? PAGE : asked.maxItems();
    if (max < 1) {
      throw new Refused("InvalidArgument", "The parameter MaxItems is 1 to %d.".formatted(PAGE));
    }
    List<ConflictingAlias> found =
        store.read(tx -> {
          distributions.get(tx, asked.distributionId());
          return conflicting(tx, alias, asked.distributionId())
              .filter(one -> asked.marker() == null || one.alias().compareTo(asked.marker()) > 0)
              .sorted((one, other) -> one.alias().compareTo(other.alias()))
              .limit(max + 1L)
              .toList();
        });
    boolean more = found.size() > max;
    List<ConflictingAlias> page = more ? found.subList(0, max) : found;
    ConflictingAliasesList.Builder list =
        ConflictingAliasesList.builder().maxItems(max).quantity(page.size());
    if (more) {
      list.nextMarker(page.getLast().alias());
    }
    if (!page.isEmpty()) {
      list.items(page);
    }
    return ListConflictingAliasesResponse.builder().conflictingAliasesList(list.build()).build();
  }

  private Stream<ConflictingAlias> conflicting(Transaction tx, String alias, String id) {
    return AliasRules.overlapping(tx, alias)
        .filter(one -> !one.owner().equals(id))
        .map(one -> shown(one.domain(), one.owner()));
  }

  private ConflictingAlias shown(String alias, String id) {
    return ConflictingAlias.builder()
        .alias(alias)
        .distributionId(masked(id))
        .accountId(masked(site.account()))
        .build();
  }

  /** As CloudFront shows what may be another's: one knows one's own by its end. */
  private static String masked(String id) {
    int hidden = Math.max(0, id.length() - SHOWN_CHARS);
    return "*".repeat(hidden) + id.substring(hidden);
  }
}
