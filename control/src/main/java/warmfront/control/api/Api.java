package warmfront.control.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import warmfront.control.api.acm.ManagedCertificates;
import warmfront.control.api.wire.Codec;
import warmfront.control.api.wire.Constraints;
import warmfront.control.api.wire.Facts;
import warmfront.control.api.wire.Operation;
import warmfront.control.api.wire.Refused;
import warmfront.control.api.wire.Routes;
import warmfront.control.api.wire.XmlLimits;
import warmfront.control.identity.Caller;
import warmfront.control.identity.Deed;
import warmfront.control.store.Store;
import warmfront.control.store.StoreUnavailable;
import warmfront.control.store.Transaction;
import warmfront.time.Clock;

/** The API without its server: requests whose signature is right, answered. Thread-safe. */
final class Api {
  private static final Logger LOG = LoggerFactory.getLogger(Api.class);

  private final Facts facts = Facts.load();
  private final Routes routes = new Routes(facts);
  private final Constraints constraints = new Constraints(facts);
  private final Codec codec = new Codec(XmlLimits.DEFAULT);
  private final Handlers handlers = new Handlers();
  private final Families families;
  private final Deeds deeds;
  private final Invalidations invalidations;
  private final TenantCertificates tenantCertificates;
  private final Ids ids;

  /**
   * A response.
   *
   * @param status its status
   * @param requestId the request's id
   * @param content its headers and body
   */
  record Answer(int status, String requestId, Codec.Outgoing content) {}

  /**
   * Makes it.
   *
   * @param objects reads what callers have put into buckets
   * @param certificates are requested for tenants
   */
  Api(
      Store store,
      Site site,
      Quotas quotas,
      Clock clock,
      Ids ids,
      ObjectReader objects,
      ManagedCertificates certificates) {
    this.ids = ids;
    this.deeds = new Deeds(site);
    this.families = new Families(store, codec, ids, clock, facts, quotas, handlers);
    tenantCertificates = families.register(site, objects, certificates);
    invalidations = new Invalidations(store, codec, ids, clock, quotas);
    invalidations.register(handlers);
    new Tagging(store, site, quotas).register(handlers);
  }

  /** Invalidates what viewers wrote to. */
  void invalidate(String distribution, List<String> paths) {
    invalidations.written(distribution, paths);
  }

  /** Has tenants show the certificates that were issued for them meanwhile. */
  void advanceCertificates() {
    tenantCertificates.advance();
  }

  /** Writes what comes with the product, if it is not there yet. */
  void seed(Transaction tx) {
    families.seed(tx);
  }

  /** Returns the names of the operations that are there. */
  Set<String> operations() {
    return handlers.names();
  }

  /** Returns the HTTP status that goes with an error code of this API. */
  int status(String code) {
    return facts.status(code);
  }

  /** Returns a new version. */
  String newVersion() {
    return ids.entity();
  }

  /** Returns a random UUID. */
  String newId() {
    return ids.uuid();
  }

  /** Answers a request whose signature is right. */
  Answer answer(Caller caller, Incoming incoming) {
    String requestId = ids.uuid();
    try {
      return answer(caller, incoming, requestId);
    } catch (Refused refused) {
      return refuse(refused, requestId);
    } catch (StoreUnavailable unavailable) {
      return refuse(unavailable);
    } catch (RuntimeException bug) {
      LOG.error("request {} failed", requestId, bug);
      return refuse(
          new Refused("InternalError", "The request failed; the log has the reason."), requestId);
    }
  }

  /** Answers a request that got no further. */
  Answer refuse(Refused refused) {
    return refuse(refused, ids.uuid());
  }

  /** Answers a request for which the database was needed. */
  Answer refuse(StoreUnavailable unavailable) {
    String requestId = ids.uuid();
    LOG.warn("request {}: the store is not available", requestId, unavailable);
    return refuse(
        new Refused("ServiceUnavailable", "The store is not available; try again."), requestId);
  }

  /** Returns what the annex said as a response. */
  Answer beside(Annex.Answer said) {
    return beside(said, Map.of());
  }

  /** Returns what is said beside this API, with headers, as a response. */
  Answer beside(Annex.Answer said, Map<String, String> headers) {
    return new Answer(
        said.status(),
        ids.uuid(),
        new Codec.Outgoing(headers, said.type(), SdkBytes.fromUtf8String(said.body())));
  }

  /**
   * A request.
   *
   * @param method its method
   * @param path its path as it came
   * @param query its query as it came
   * @param headers gives a header's value
   * @param body its body
   */
  record Incoming(
      String method,
      String path,
      String query,
      Function<String, Optional<String>> headers,
      SdkBytes body) {}

  private Answer answer(Caller caller, Incoming incoming, String requestId) {
    Map<String, String> query = Routes.query(incoming.query());
    Routes.Found found =
        routes
            .find(incoming.method(), incoming.path(), query)
            .orElseThrow(() ->
                new Refused(
                    "UnknownOperationException",
                    "No operation is %s %s.".formatted(incoming.method(), incoming.path())));
    deeds.of(found, query).forEach(deed -> require(caller, deed));
    Handlers.Handler handler =
        handlers
            .find(found.operation().name())
            .orElseThrow(() ->
                new Refused(
                    "NotImplemented",
                    "The operation %s is not implemented by this version."
                        .formatted(found.operation().name())));
    if (isUnguarded(found.operation(), incoming) && caller.comesAgain()) {
      throw new Refused(
          "ServiceUnavailable", "This very request was answered before; sign it anew.");
    }
    Codec.Incoming message =
        new Codec.Incoming(
            found.operation(), found.labels(), query, incoming.headers(), incoming.body());
    SdkPojo request = codec.read(message, handler.blank().get());
    constraints.check(found.operation(), request);
    deeds.beside(request).forEach(deed -> require(caller, deed));
    SdkPojo response = handler.answer().apply(request);
    Codec.Outgoing outgoing = codec.write(found.operation(), response);
    return new Answer(found.operation().status(), requestId, outgoing);
  }

  private static void require(Caller caller, Deed deed) {
    caller
        .refusal(deed)
        .ifPresent(why -> {
          throw new Refused("AccessDenied", why);
        });
  }

  /**
   * Returns whether nothing keeps a request from being obeyed twice. What is made has a name or a
   * reference that is taken then; what is changed has another version then, unless it is published.
   */
  private static boolean isUnguarded(Operation operation, Incoming incoming) {
    String name = operation.name();
    boolean versioned =
        incoming.headers().apply("If-Match").filter(one -> !one.isEmpty()).isPresent()
            && !name.startsWith("Publish");
    return !operation.isReading() && !name.startsWith("Create") && !versioned;
  }

  private Answer refuse(Refused refused, String requestId) {
    int status = facts.status(refused.code());
    return new Answer(
        status, requestId, codec.write(status, refused.code(), refused.message(), requestId));
  }
}
