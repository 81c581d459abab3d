package warmfront.control.api;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkBytes;
import warmfront.control.api.account.CallerIdentity;
import warmfront.control.api.account.TaggedResources;
import warmfront.control.api.acm.Acm;
import warmfront.control.api.iam.Iam;
import warmfront.control.api.keyvalue.KeyValueApi;
import warmfront.control.api.logs.Logs;
import warmfront.control.api.wire.Refused;
import warmfront.control.api.wire.Routes;
import warmfront.control.store.Store;
import warmfront.distribution.Tenant;
import warmfront.http.Fields;
import warmfront.signing.Message;
import warmfront.signing.SigV4Verifier;
import warmfront.time.Clock;

/**
 * The APIs of other services of AWS that are served on the port, each behind signatures for itself.
 * Thread-safe.
 */
final class Neighbours {
  private final Api api;
  private final Acm acm;
  private final Gate acmGate;
  private final KeyValueApi keyValues;
  private final Gate keyValueGate;
  private final Iam iam;
  private final Gate iamGate;
  private final TaggedResources tagged;
  private final Gate taggedGate;
  private final Logs logs;
  private final Gate logsGate;
  private final CallerIdentity identity;
  private final Gate identityGate;

  Neighbours(
      ApiServer.Options options, Store store, Api api, Acm acm, Gate.Keys keys, Clock clock) {
    Site site = options.site();
    Quotas quotas = options.quotas();
    this.api = api;
    this.acm = acm;
    this.acmGate = new Gate("acm", keys);
    this.keyValues =
        new KeyValueApi(
            store,
            id -> site.arn(KeyValueStores.TYPE, id),
            clock,
            api::newVersion,
            quotas.of(Quota.STORE_BYTES));
    this.keyValueGate = new Gate("cloudfront-keyvaluestore", SigV4Verifier.Limits.WITH_ECDSA, keys);
    this.iam = new Iam(store, site.account(), clock, api::newId);
    this.iamGate = new Gate("iam", keys);
    this.tagged = new TaggedResources(store);
    this.taggedGate = new Gate("tagging", keys);
    this.logs = new Logs(store, site.account(), quotas.of(Quota.LOG_DELIVERIES), clock, api::newId);
    this.logsGate = new Gate("logs", keys);
    this.identity = new CallerIdentity(site.account(), api::newId);
    this.identityGate = new Gate("sts", keys);
  }

  /** Makes the certificate manager, which CloudFront's API has certificates of, too. */
  static Acm acm(ApiServer.Options options, Store store, Ids ids, Clock clock) {
    Site site = options.site();
    return new Acm(
        store,
        new Acm.Owner(
            site.account(),
            site.zone(),
            user ->
                user instanceof Tenant
                    ? site.tenantArn(user.id())
                    : site.distributionArn(user.id()),
            options.quotas().of(Quota.CERTIFICATES),
            options.quotas().of(Quota.CERTIFICATE_NAMES)),
        options.issuers(),
        Neighbours::alias,
        clock,
        ids::uuid);
  }

  /** Issues requested certificates anew that are near their end; returns how many. */
  int renewCertificates() {
    return acm.renew();
  }

  /** Asks a public authority for what was requested of it. */
  void advanceCertificates() throws InterruptedException {
    acm.advance();
  }

  private static Optional<String> alias(String name) {
    return new SystemPointers("dns:").of(name) instanceof DomainPointers.Alias(String target)
        ? Optional.of(target)
        : Optional.empty();
  }

  /** Answers a request that is for one of them. */
  Optional<Api.Answer> answer(Message message, Fields fields, byte[] body) {
    String target = fields.first("X-Amz-Target").orElse("");
    if (Acm.isMeant(target)) {
      return Optional.of(acm(message, target, body));
    }
    if (TaggedResources.isMeant(target)) {
      return Optional.of(tagged(message, target, body));
    }
    if (Logs.isMeant(target)) {
      return Optional.of(logs(message, target, body));
    }
    if (message.path().startsWith(KeyValueApi.PREFIX)) {
      return Optional.of(keyValue(message, fields, body));
    }
    if (!message.path().equals("/")) {
      return Optional.empty();
    }
    String type = fields.first("Content-Type").orElse("");
    if (Iam.isMeant(type, body)) {
      return Optional.of(iam(message, body));
    }
    return type.startsWith(CallerIdentity.FORM)
        ? Optional.of(identity(message, body))
        : Optional.empty();
  }

  private Api.Answer acm(Message message, String target, byte[] body) {
    Acm.Answer said;
    try {
      said = acm.answer(acmGate.admit(message), target, body);
    } catch (Refused refused) {
      said = Acm.refuse(api.status(refused.code()), refused.code(), refused.message());
    }
    return api.beside(new Annex.Answer(said.status(), Acm.MEDIA_TYPE, said.body()));
  }

  private Api.Answer iam(Message message, byte[] body) {
    Iam.Answer said;
    try {
      said = iam.answer(iamGate.admit(message), body);
    } catch (Refused refused) {
      said = iam.refuse(api.status(refused.code()), refused.code(), refused.message());
    }
    return api.beside(new Annex.Answer(said.status(), Iam.MEDIA_TYPE, said.body()));
  }

  private Api.Answer tagged(Message message, String target, byte[] body) {
    TaggedResources.Answer said;
    try {
      said = tagged.answer(taggedGate.admit(message), target, body);
    } catch (Refused refused) {
      said = TaggedResources.refuse(api.status(refused.code()), refused.code(), refused.message());
    }
    return api.beside(new Annex.Answer(said.status(), TaggedResources.MEDIA_TYPE, said.body()));
  }

  private Api.Answer logs(Message message, String target, byte[] body) {
    Logs.Answer said;
    try {
      said = logs.answer(logsGate.admit(message), target, body);
    } catch (Refused refused) {
      said = Logs.refuse(api.status(refused.code()), refused.code(), refused.message());
    }
    return api.beside(new Annex.Answer(said.status(), Logs.MEDIA_TYPE, said.body()));
  }

  private Api.Answer keyValue(Message message, Fields fields, byte[] body) {
    KeyValueApi.Answer said;
    try {
      said =
          keyValues.answer(
              keyValueGate.admit(message),
              new KeyValueApi.Request(
                  message.method(),
                  message.path(),
                  Routes.query(message.query()),
                  fields.first("If-Match"),
                  SdkBytes.fromByteArrayUnsafe(body)));
    } catch (Refused refused) {
      said = KeyValueApi.refuse(api.status(refused.code()) >= 500, refused.message());
    }
    return api.beside(
        new Annex.Answer(said.status(), KeyValueApi.MEDIA_TYPE, said.body()), said.headers());
  }

  private Api.Answer identity(Message message, byte[] body) {
    CallerIdentity.Answer said;
    try {
      said = identity.answer(identityGate.admit(message), form(body));
    } catch (Refused refused) {
      said = identity.refuse(api.status(refused.code()), refused.code(), refused.message());
    }
    return api.beside(new Annex.Answer(said.status(), CallerIdentity.MEDIA_TYPE, said.body()));
  }

  /** A form has spaces as plus signs, as a query has. */
  private static Map<String, String> form(byte[] body) {
    return Routes.query(new String(body, StandardCharsets.US_ASCII));
  }
}
