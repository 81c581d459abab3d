package warmfront.control.api.logs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import warmfront.control.api.wire.Asked;
import warmfront.control.api.wire.Refused;
import warmfront.control.store.Transaction;

/** Delivery sources: distributions whose access logs are to be delivered. Thread-safe. */
final class Sources {
  /** The only sort of logs that edges write. */
  static final String ACCESS_LOGS = "ACCESS_LOGS";

  /** One source for each distribution. */
  private static final String CLAIMS = "delivery-source";

  private final Shelf shelf;
  private final Pattern distribution;

  Sources(Shelf shelf) {
    this.shelf = shelf;
    this.distribution =
        Pattern.compile("arn:aws:cloudfront::%s:distribution/(\\w+)".formatted(shelf.account()));
  }

  Shelf shelf() {
    return shelf;
  }

  /** Makes one, or says again what it is. */
  Map<String, Object> put(Transaction tx, Asked asked) {
    String name = Names.required(asked, "name");
    String resource = Names.text(asked, "resourceArn");
    String logType = Names.text(asked, "logType");
    if (!logType.equals(ACCESS_LOGS)) {
      throw new Refused(
          "ValidationException",
          "logType is %s in this version, not '%s'.".formatted(ACCESS_LOGS, logType));
    }
    if (!asked.inner("deliverySourceConfiguration").names().isEmpty()) {
      throw new Refused("ValidationException", "Access logs have no deliverySourceConfiguration.");
    }
    requireDistribution(tx, resource);
    Optional<String> before = shelf.find(tx, name).map(kept -> kept.text("resource").orElseThrow());
    if (before.filter(other -> !other.equals(resource)).isPresent()) {
      throw new Refused(
          "ConflictException",
          "The delivery source '%s' is that of %s.".formatted(name, before.get()));
    }
    Optional<String> owner = tx.claim(CLAIMS, resource, name);
    if (owner.filter(other -> !other.equals(name)).isPresent()) {
      throw new Refused(
          "ConflictException",
          "%s has the delivery source '%s' already.".formatted(resource, owner.get()));
    }
    shelf.put(tx, name, Map.of("resource", resource, "logType", logType));
    Tags.add(tx, shelf.arn(name), Tags.of(asked));
    return said(tx, name);
  }

  private void requireDistribution(Transaction tx, String resource) {
    if (!distribution.matcher(resource).matches()) {
      throw new Refused(
          "ValidationException",
          "resourceArn is that of a distribution of the account %s, not '%s'."
              .formatted(shelf.account(), resource));
    }
    if (!isThere(tx, resource)) {
      throw new Refused(
          "ResourceNotFoundException", "There is no distribution %s.".formatted(resource));
    }
  }

  private static boolean isThere(Transaction tx, String resource) {
    return tx.find("distribution", id(resource)).isPresent();
  }

  private static String id(String resource) {
    return resource.substring(resource.lastIndexOf('/') + 1);
  }

  /** Returns the id of the distribution of a source that is there; empty if that is gone. */
  Optional<String> distribution(Transaction tx, String name) {
    return shelf
        .get(tx, name)
        .text("resource")
        .filter(resource -> isThere(tx, resource))
        .map(Sources::id);
  }

  void remove(Transaction tx, String name, List<Asked> deliveries) {
    shelf.get(tx, name);
    if (deliveries.stream().anyMatch(one -> one.text("source").equals(Optional.of(name)))) {
      throw new Refused(
          "ConflictException", "A delivery has the delivery source '%s'.".formatted(name));
    }
    shelf.remove(tx, name);
    tx.releaseAll(CLAIMS, name);
  }

  /** A source outlives its distribution, and then says so. */
  Map<String, Object> said(Transaction tx, String name) {
    Asked kept = shelf.get(tx, name);
    String resource = kept.text("resource").orElseThrow();
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("name", name);
    said.put("arn", shelf.arn(name));
    said.put("resourceArns", List.of(resource));
    said.put("service", "cloudfront");
    said.put("logType", kept.text("logType").orElseThrow());
    if (isThere(tx, resource)) {
      said.put("status", "ACTIVE");
    } else {
      said.put("status", "INACTIVE");
      said.put("statusReason", "RESOURCE_DELETED");
    }
    Tags.tell(tx, shelf.arn(name), said);
    return said;
  }
}
