package warmfront.control.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.cloudfront.model.Aliases;
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
import warmfront.distribution.Kind;
import warmfront.distribution.StreamingDistribution;

/** How an alternate domain name goes from one distribution to another: in one transaction. */
final class AliasMoves {
  private static final int PAGE = 100;
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
      change(tx, from, left);
    }
    List<String> all = new ArrayList<>(to.resource().distributionConfig().aliases().items());
    all.add(alias);
    try {
      change(tx, to, all);
    } catch (Refused refused) {
      // The operation has no error for a certificate.
      throw refused.code().equals("InvalidViewerCertificate")
          ? new Refused("InvalidArgument", refused.message())
          : refused;
    }
  }

  private void change(Transaction tx, Kept<Distribution> kept, List<String> names) {
    Aliases.Builder aliases = Aliases.builder().quantity(names.size());
    if (!names.isEmpty()) {
      aliases.items(names);
    }
    distributions.update(
        tx,
        kept.row().id(),
        Optional.of(kept.etag()),
        kept.resource().distributionConfig().toBuilder().aliases(aliases.build()).build());
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

  /**
   * Returns the aliases of others that are the same name, or stand for it, or for which it does.
   */
  private Stream<ConflictingAlias> conflicting(Transaction tx, String alias, String id) {
    Stream<ConflictingAlias> web =
        tx.latest(Kind.DISTRIBUTION).stream()
            .map(warmfront.distribution.Distribution.class::cast)
            .filter(one -> !one.id().equals(id))
            .flatMap(one -> one.aliases().stream().map(name -> shown(name, one.id())));
    Stream<ConflictingAlias> streaming =
        tx.latest(Kind.STREAMING_DISTRIBUTION).stream()
            .map(StreamingDistribution.class::cast)
            .flatMap(one -> one.aliases().stream().map(name -> shown(name, one.id())));
    return Stream.concat(web, streaming)
        .filter(one ->
            AliasRules.standsFor(one.alias(), alias) || AliasRules.standsFor(alias, one.alias()));
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
