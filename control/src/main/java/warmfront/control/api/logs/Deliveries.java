package warmfront.control.api.logs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import warmfront.control.api.wire.Asked;
import warmfront.control.api.wire.Refused;
import warmfront.control.store.Transaction;
import warmfront.distribution.Kind;
import warmfront.distribution.LogDeliveries;
import warmfront.distribution.Resource;

/** Deliveries: which source goes to which destination, and with what in a record. Thread-safe. */
final class Deliveries {
  private static final Pattern ID = Pattern.compile("[0-9A-Za-z]{1,64}");

  private final Shelf shelf;
  private final Sources sources;
  private final Destinations destinations;
  private final Supplier<String> newId;

  /**
   * Makes them.
   *
   * @param newId gives an id that nobody has
   */
  Deliveries(Shelf shelf, Sources sources, Destinations destinations, Supplier<String> newId) {
    this.shelf = shelf;
    this.sources = sources;
    this.destinations = destinations;
    this.newId = newId;
  }

  Shelf shelf() {
    return shelf;
  }

  Map<String, Object> create(Transaction tx, Asked asked) {
    String source = Names.required(asked, "deliverySourceName");
    sources.shelf().get(tx, source);
    String arn = Names.text(asked, "deliveryDestinationArn");
    String destination =
        destinations
            .shelf()
            .idOf(arn)
            .orElseThrow(() ->
                new Refused(
                    "ValidationException",
                    "deliveryDestinationArn is not that of a delivery destination: '%s'."
                        .formatted(arn)));
    String format = destinations.format(tx, destination);
    for (Asked other : shelf.all(tx)) {
      if (other.text("source").equals(Optional.of(source))
          && other.text("destination").equals(Optional.of(destination))) {
        throw new Refused(
            "ConflictException",
            "The delivery source '%s' is delivered to '%s' already."
                .formatted(source, destination));
      }
    }
    Records records = Records.of(asked, format, Records.standard(format));
    String id = newId.get();
    keep(tx, id, source, destination, records);
    Tags.add(tx, shelf.arn(id), Tags.of(asked));
    tell(tx, source);
    return said(tx, id);
  }

  /** Changes what is in a record; what is left out stays. */
  void update(Transaction tx, Asked asked) {
    String id = id(asked);
    Asked kept = shelf.get(tx, id);
    String source = kept.text("source").orElseThrow();
    String destination = kept.text("destination").orElseThrow();
    String format = destinations.format(tx, destination);
    keep(tx, id, source, destination, Records.of(asked, format, Records.kept(kept)));
    tell(tx, source);
  }

  /** Tells edges that what a destination says has changed. */
  void moved(Transaction tx, String destination) {
    shelf.all(tx).stream()
        .filter(one -> one.text("destination").equals(Optional.of(destination)))
        .map(one -> one.text("source").orElseThrow())
        .distinct()
        .forEach(source -> tell(tx, source));
  }

  /** Tells edges what there is of a source; nobody if its distribution is gone. */
  private void tell(Transaction tx, String source) {
    Optional<String> distribution = sources.distribution(tx, source);
    if (distribution.isEmpty()) {
      return;
    }
    String id = distribution.get();
    List<LogDeliveries.Delivery> all =
        shelf.all(tx).stream()
            .filter(one -> one.text("source").equals(Optional.of(source)))
            .map(one -> {
              String destination = one.text("destination").orElseThrow();
              return destinations.delivery(tx, destination, id, Records.kept(one));
            })
            .toList();
    if (all.isEmpty()) {
      tx.retract(Kind.LOG_DELIVERIES, id);
      return;
    }
    Optional<Resource> told = Optional.of(new LogDeliveries(id, all));
    if (!tx.latest(Kind.LOG_DELIVERIES, id).equals(told)) {
      tx.append(Kind.LOG_DELIVERIES, id, told);
    }
  }

  private void keep(Transaction tx, String id, String source, String destination, Records records) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("source", source);
    members.put("destination", destination);
    members.putAll(records.said());
    shelf.put(tx, id, members);
  }

  static String id(Asked asked) {
    String id = Names.text(asked, "id");
    if (!ID.matcher(id).matches()) {
      throw new Refused(
          "ValidationException", "id has 1 to 64 letters and digits, not '%s'.".formatted(id));
    }
    return id;
  }

  void remove(Transaction tx, String id) {
    String source = shelf.get(tx, id).text("source").orElseThrow();
    shelf.remove(tx, id);
    tell(tx, source);
  }

  Map<String, Object> said(Transaction tx, String id) {
    Asked kept = shelf.get(tx, id);
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("id", id);
    said.put("arn", shelf.arn(id));
    said.put("deliverySourceName", kept.text("source").orElseThrow());
    said.put(
        "deliveryDestinationArn", destinations.shelf().arn(kept.text("destination").orElseThrow()));
    said.put("deliveryDestinationType", Destinations.TYPE);
    said.putAll(Records.kept(kept).said());
    Tags.tell(tx, shelf.arn(id), said);
    return said;
  }

  /** Returns what is kept of all of them. */
  List<Asked> all(Transaction tx) {
    return shelf.all(tx);
  }
}
