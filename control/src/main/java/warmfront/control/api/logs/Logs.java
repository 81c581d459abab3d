package warmfront.control.api.logs;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.control.api.wire.Asked;
import warmfront.control.api.wire.Json;
import warmfront.control.api.wire.Operation;
import warmfront.control.api.wire.Refused;
import warmfront.control.identity.Caller;
import warmfront.control.identity.Deed;
import warmfront.control.store.Store;
import warmfront.control.store.StoreUnavailable;
import warmfront.control.store.Transaction;
import warmfront.time.Clock;

/** The operations on deliveries of access logs. Thread-safe. */
public final class Logs {
  /** The media type of requests and answers. */
  public static final String MEDIA_TYPE = "application/x-amz-json-1.1";

  private static final Logger LOG = LoggerFactory.getLogger(Logs.class);
  private static final String TARGET = "Logs_20140328.";

  private final Store store;
  private final Sources sources;
  private final Destinations destinations;
  private final Deliveries deliveries;

  /**
   * An answer.
   *
   * @param status of HTTP
   * @param body JSON
   */
  public record Answer(int status, String body) {}

  /**
   * Makes the operations.
   *
   * @param account twelve digits
   * @param max how many sources, destinations and deliveries there may be, of each
   * @param newId gives a random UUID
   */
  public Logs(Store store, String account, int max, Clock clock, Supplier<String> newId) {
    this.store = store;
    this.sources = new Sources(new Shelf("delivery-source", account, max, clock));
    this.destinations = new Destinations(new Shelf("delivery-destination", account, max, clock));
    this.deliveries =
        new Deliveries(
            new Shelf("delivery", account, max, clock),
            sources,
            destinations,
            () -> newId.get().replace("-", ""));
  }

  /** Returns whether a request with this X-Amz-Target is for this API. */
  public static boolean isMeant(String target) {
    return target.startsWith(TARGET);
  }

  /**
   * Answers a request whose signature is right.
   *
   * @param caller who signed it
   * @param target the X-Amz-Target
   * @param body JSON
   */
  public Answer answer(Caller caller, String target, byte[] body) {
    String operation = target.substring(TARGET.length());
    try {
      Asked asked = Asked.of(body);
      require(caller, operation, asked);
      return new Answer(200, Json.object(answer(operation, asked)));
    } catch (Refused refused) {
      int status = refused.code().equals("NotImplemented") ? 501 : 400;
      return refuse(status, refused.code(), refused.message());
    } catch (StoreUnavailable unavailable) {
      LOG.warn("{}: the store is not available", operation, unavailable);
      return refuse(503, "ServiceUnavailableException", "The store is not available; try again.");
    } catch (RuntimeException bug) {
      LOG.error("{} failed", operation, bug);
      return refuse(500, "InternalFailure", "The request failed; the log has the reason.");
    }
  }

  /** Returns an error. */
  public static Answer refuse(int status, String code, String message) {
    return new Answer(status, Json.object(Map.of("__type", code, "message", message)));
  }

  private void require(Caller caller, String operation, Asked asked) {
    caller
        .refusal(Deed.of("logs:" + operation, resource(operation, asked)))
        .ifPresent(why -> {
          throw new Refused("AccessDeniedException", why);
        });
    if (!Operation.isReading(operation) && caller.comesAgain()) {
      throw new Refused(
          "ServiceUnavailableException", "This very request was answered before; sign it anew.");
    }
  }

  /** Returns the ARN of what an operation is about; all of a kind for a list. */
  private String resource(String operation, Asked asked) {
    if (operation.contains("Tag")) {
      return asked.text("resourceArn").orElse("*");
    }
    if (operation.startsWith("Describe")) {
      return "*";
    }
    Shelf shelf =
        operation.contains("Source")
            ? sources.shelf()
            : operation.contains("Destination") ? destinations.shelf() : deliveries.shelf();
    return shelf.arn(
        Stream.of("name", "deliveryDestinationName", "id")
            .flatMap(name -> asked.text(name).stream())
            .findFirst()
            .orElse("*"));
  }

  private Map<String, ?> answer(String operation, Asked asked) {
    return switch (operation) {
      case "PutDeliverySource" -> change("deliverySource", tx -> sources.put(tx, asked));
      case "GetDeliverySource" ->
          tell("deliverySource", tx -> sources.said(tx, Names.required(asked, "name")));
      case "DescribeDeliverySources" ->
          list("deliverySources", sources.shelf(), asked, sources::said);
      case "DeleteDeliverySource" ->
          only(tx -> sources.remove(tx, Names.required(asked, "name"), deliveries.all(tx)));
      case "PutDeliveryDestination" ->
          change("deliveryDestination", tx -> moved(tx, destinations.put(tx, asked)));
      case "GetDeliveryDestination" ->
          tell("deliveryDestination", tx -> destinations.said(tx, Names.required(asked, "name")));
      case "DescribeDeliveryDestinations" ->
          list("deliveryDestinations", destinations.shelf(), asked, destinations::said);
      case "DeleteDeliveryDestination" ->
          only(tx -> destinations.remove(tx, Names.required(asked, "name"), deliveries.all(tx)));
      case "PutDeliveryDestinationPolicy" -> store.write(tx -> destinations.putPolicy(tx, asked));
      case "GetDeliveryDestinationPolicy" ->
          store.read(
              tx -> destinations.policy(tx, Names.required(asked, "deliveryDestinationName")));
      case "DeleteDeliveryDestinationPolicy" ->
          only(tx ->
              destinations.removePolicy(tx, Names.required(asked, "deliveryDestinationName")));
      case "CreateDelivery" -> change("delivery", tx -> deliveries.create(tx, asked));
      case "GetDelivery" -> tell("delivery", tx -> deliveries.said(tx, Deliveries.id(asked)));
      case "DescribeDeliveries" -> list("deliveries", deliveries.shelf(), asked, deliveries::said);
      case "UpdateDeliveryConfiguration" -> only(tx -> deliveries.update(tx, asked));
      case "DeleteDelivery" -> only(tx -> deliveries.remove(tx, Deliveries.id(asked)));
      case "DescribeConfigurationTemplates" -> Templates.list(asked);
      case "TagResource" -> only(tx -> Tags.add(tx, tagged(tx, asked), Tags.of(asked)));
      case "UntagResource" ->
          only(tx -> tx.untag(tagged(tx, asked), Set.copyOf(asked.texts("tagKeys"))));
      case "ListTagsForResource" -> store.read(tx -> Map.of("tags", tx.tags(tagged(tx, asked))));
      default ->
          throw new Refused(
              "NotImplemented",
              "The operation %s is not implemented by this version.".formatted(operation));
    };
  }

  private Map<String, Object> moved(Transaction tx, Map<String, Object> destination) {
    deliveries.moved(tx, String.valueOf(destination.get("name")));
    return destination;
  }

  private Map<String, ?> change(String member, Function<Transaction, Map<String, Object>> work) {
    return store.write(tx -> Map.of(member, work.apply(tx)));
  }

  private Map<String, ?> tell(String member, Function<Transaction, Map<String, Object>> work) {
    return store.read(tx -> Map.of(member, work.apply(tx)));
  }

  /** Does what is answered with nothing. */
  private Map<String, ?> only(Consumer<Transaction> work) {
    return store.write(tx -> {
      work.accept(tx);
      return Map.of();
    });
  }

  private Map<String, ?> list(
      String member,
      Shelf shelf,
      Asked asked,
      BiFunction<Transaction, String, Map<String, Object>> said) {
    return store.read(tx -> {
      Shelf.Page page = shelf.page(tx, asked);
      Map<String, Object> list = new LinkedHashMap<>();
      list.put(member, page.ids().stream().map(id -> said.apply(tx, id)).toList());
      page.next().ifPresent(next -> list.put("nextToken", next));
      return list;
    });
  }

  /** Returns the ARN that tags are of, once what it names is there. */
  private String tagged(Transaction tx, Asked asked) {
    String arn = Names.text(asked, "resourceArn");
    return Stream.of(sources.shelf(), destinations.shelf(), deliveries.shelf())
        .filter(shelf -> shelf.idOf(arn).filter(id -> shelf.find(tx, id).isPresent()).isPresent())
        .findFirst()
        .map(_ -> arn)
        .orElseThrow(() ->
            new Refused("ResourceNotFoundException", "There is no resource %s.".formatted(arn)));
  }
}
