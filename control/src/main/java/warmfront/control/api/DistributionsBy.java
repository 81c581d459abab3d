package warmfront.control.api;

import java.util.List;
import java.util.function.BiFunction;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudfront.model.Distribution;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import warmfront.control.api.wire.Facts;
import warmfront.control.api.wire.Members;
import warmfront.control.api.wire.Refused;
import warmfront.control.store.Store;
import warmfront.control.store.Transaction;
import warmfront.distribution.Kind;
import warmfront.distribution.Resource;

/**
 * The operations that list the distributions which refer to something, in the order of their ids.
 * Some list ids, some whole summaries.
 */
final class DistributionsBy {
  private final Store store;
  private final Site site;
  private final Facts facts;
  private final Quotas quotas;
  private final Operations<DistributionConfig, Distribution> distributions;

  DistributionsBy(
      Store store,
      Site site,
      Facts facts,
      Quotas quotas,
      Operations<DistributionConfig, Distribution> distributions) {
    this.store = store;
    this.site = site;
    this.facts = facts;
    this.quotas = quotas;
    this.distributions = distributions;
  }

  /** Adds the operation that lists the users of a family's resources, if it has one. */
  void register(Handlers handlers, Resources<?, ?> resources) {
    resources
        .family()
        .usersOperation()
        .ifPresent(operation -> {
          String label = facts.operation(operation).label();
          on(handlers, operation, (tx, asked) -> resources.users(tx, text(asked, label)));
        });
  }

  /** Adds the operations that ask by what no family of ours has. */
  void register(Handlers handlers) {
    on(
        handlers,
        "ListDistributionsByWebACLId",
        (tx, asked) -> {
          // CloudFront's word for those that have none.
          if (!text(asked, "WebACLId").equals("null")) {
            throw new Refused("InvalidWebACLId", WebAcls.missing(text(asked, "WebACLId")));
          }
          return all(tx);
        });
  }

  /** Adds the operation that finds a resource by its ARN. */
  void registerOwned(Handlers handlers, Resources<?, ?> vpcOrigins) {
    Arns arns = new Arns(site);
    on(
        handlers,
        "ListDistributionsByOwnedResource",
        (tx, asked) -> {
          String arn = text(asked, "ResourceArn");
          return arns.find(tx, arn, "ResourceArn")
              .filter(named -> named.type().equals(VpcOrigins.TYPE))
              .map(named -> resources(tx, vpcOrigins, named.id()))
              .orElseThrow(() ->
                  new Refused(
                      "EntityNotFound",
                      "There is no resource with the ARN %s that is shared.".formatted(arn)));
        });
  }

  private static List<String> resources(Transaction tx, Resources<?, ?> of, String id) {
    return of.users(tx, id);
  }

  /**
   * Adds an operation.
   *
   * @param users gives the ids of the distributions, sorted
   */
  void on(
      Handlers handlers, String operation, BiFunction<Transaction, SdkPojo, List<String>> users) {
    handlers.on(
        operation,
        (asked, said) -> {
          store.read(tx -> {
            list(tx, asked, said, users.apply(tx, asked));
            return said;
          });
        });
  }

  private List<String> all(Transaction tx) {
    return tx.latest(Kind.DISTRIBUTION).stream()
        .map(Resource::id)
        .filter(id -> tx.find(DistributionFamily.TYPE, id).isPresent())
        .sorted()
        .toList();
  }

  private void list(Transaction tx, SdkPojo asked, SdkPojo said, List<String> users) {
    Paging paging = Paging.of(asked, quotas);
    String member = member(said);
    SdkPojo list = Members.blank(said, member);
    Listing.of(users, paging, id -> id).map(id -> item(tx, list, id)).fill(list, paging);
    Members.set(said, member, Members.build(list));
  }

  private static String member(SdkPojo said) {
    return Members.has(said, "DistributionIdList") ? "DistributionIdList" : "DistributionList";
  }

  private Object item(Transaction tx, SdkPojo list, String id) {
    if (Members.itemsAreTexts(list, "Items")) {
      return id;
    }
    SdkPojo item = Members.blankItem(list, "Items");
    if (Members.has(item, "OwnerAccountId")) {
      Members.set(item, "DistributionId", id);
      Members.set(item, "OwnerAccountId", site.account());
      return Members.build(item);
    }
    return distributions.summary(list, distributions.all().get(tx, id));
  }

  private static String text(SdkPojo asked, String member) {
    return Members.text(asked, member).orElseThrow();
  }
}
