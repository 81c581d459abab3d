package warmfront.control.api;

import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudfront.model.MonitoringSubscription;
import warmfront.control.api.Ledger.Entry;
import warmfront.control.api.wire.Members;
import warmfront.control.api.wire.Refused;
import warmfront.control.store.Transaction;

/**
 * Whether a distribution's additional metrics are wanted. It is kept for those who ask: metrics of
 * the operator's port cost nothing more, so that they are always there.
 */
final class MonitoringSubscriptions {
  private static final String TYPE = "monitoring-subscription";

  private final Kit kit;
  private final Ledger<MonitoringSubscription> ledger;

  MonitoringSubscriptions(Kit kit) {
    this.kit = kit;
    this.ledger =
        new Ledger<>(
            new Ledger.Words(
                TYPE,
                "MonitoringSubscription",
                "NoSuchMonitoringSubscription",
                "InvalidArgument",
                Integer.MAX_VALUE),
            MonitoringSubscription::builder,
            kit);
  }

  void register(Handlers handlers) {
    handlers.on(
        "CreateMonitoringSubscription",
        (asked, said) -> {
          String id = distribution(asked);
          MonitoringSubscription value =
              (MonitoringSubscription) Members.value(asked, "MonitoringSubscription").orElseThrow();
          kit.store()
              .write(tx -> {
                require(tx, id);
                if (ledger.find(tx, id).isPresent()) {
                  throw new Refused(
                      "MonitoringSubscriptionAlreadyExists",
                      "The distribution %s has a monitoring subscription.".formatted(id));
                }
                return ledger.add(tx, id, "", value);
              });
          Members.set(said, "MonitoringSubscription", value);
        });
    handlers.on(
        "GetMonitoringSubscription",
        (asked, said) ->
            Members.set(
                said,
                "MonitoringSubscription",
                kit.store().read(tx -> find(tx, distribution(asked)).value())));
    handlers.on(
        "DeleteMonitoringSubscription",
        (asked, said) ->
            kit.store()
                .write(tx -> {
                  ledger.remove(tx, find(tx, distribution(asked)).id());
                  return said;
                }));
  }

  /** Forgets that of a distribution which is deleted. */
  static void forget(Transaction tx, String distribution) {
    if (tx.find(TYPE, distribution).isPresent()) {
      tx.delete(TYPE, distribution);
    }
  }

  private Entry<MonitoringSubscription> find(Transaction tx, String distribution) {
    require(tx, distribution);
    return ledger.get(tx, distribution);
  }

  private static void require(Transaction tx, String distribution) {
    if (tx.find(DistributionFamily.TYPE, distribution).isEmpty()) {
      throw new Refused(
          "NoSuchDistribution", "There is no distribution with the id %s.".formatted(distribution));
    }
  }

  private static String distribution(SdkPojo asked) {
    return Members.text(asked, "DistributionId").orElseThrow();
  }
}
