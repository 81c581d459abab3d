package warmfront.control.api;

import io.helidon.common.socket.SocketOptions;
import io.helidon.common.tls.Tls;
import io.helidon.http.DirectHandler;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509KeyManager;
import software.amazon.awssdk.core.SdkBytes;
import warmfront.control.api.acm.Acm;
import warmfront.control.api.acm.Issuers;
import warmfront.control.api.wire.Refused;
import warmfront.control.identity.Caller;
import warmfront.control.identity.Identity;
import warmfront.control.store.Store;
import warmfront.control.store.StoreUnavailable;
import warmfront.control.store.Transaction;
import warmfront.http.Fields;
import warmfront.signing.Message;
import warmfront.time.Clock;

/**
 * The server of CloudFront's API over HTTP/1.1: each request on a virtual thread of its own, from
 * signature to answer. Started and stopped once.
 */
public final class ApiServer {
  private static final int UNAVAILABLE = 503;

  /** When to ask again, in seconds: a database fails over in about so many. */
  private static final String RETRY_SECONDS = "5";

  private final Options options;
  private final Api api;
  private final Neighbours neighbours;
  private final Gate gate;
  private final Annex annex;
  private final WebServer server;

  /**
   * What a server is told.
   *
   * @param host the address it listens on
   * @param port the port it listens on, 0 for any that is free
   * @param site what names are made of
   * @param quotas how many of a thing there may be
   * @param limits what requests may take
   * @param objects reads what callers have put into buckets
   * @param issuers issue certificates that are requested
   * @param keys what it shows within TLS; it speaks plain HTTP if empty
   */
  public record Options(
      String host,
      int port,
      Site site,
      Quotas quotas,
      Limits limits,
      ObjectReader objects,
      Issuers issuers,
      Optional<X509KeyManager> keys) {}

  /**
   * Makes a server without an annex, which does not listen yet.
   *
   * @param store what it reads and changes
   * @param identities says who an access key stands for; empty if it may not be used
   * @param random where ids come from; must be unpredictable outside tests
   */
  public ApiServer(
      Options options,
      Store store,
      Function<String, Optional<Identity>> identities,
      Clock clock,
      RandomGenerator random) {
    this(options, store, identities, clock, random, (_, _) -> Optional.empty());
  }

  /**
   * Makes a server, which does not listen yet.
   *
   * @param store what it reads and changes
   * @param identities says who an access key stands for; empty if it may not be used
   * @param random where ids come from; must be unpredictable outside tests
   * @param annex what is served beside CloudFront's API
   */
  public ApiServer(
      Options options,
      Store store,
      Function<String, Optional<Identity>> identities,
      Clock clock,
      RandomGenerator random,
      Annex annex) {
    this.options = options;
    this.annex = annex;
    Ids ids = new Ids(random);
    Acm acm = Neighbours.acm(options, store, ids, clock);
    this.api =
        new Api(
            store, options.site(), options.quotas(), clock, ids, options.objects(), acm.managed());
    Gate.Keys keys = new Gate.Keys(identities, options.site().account(), store, clock);
    this.neighbours = new Neighbours(options, store, api, acm, keys, clock);
    this.gate = new Gate("cloudfront", keys);
    this.server = build(options.limits());
  }

  /** Writes what comes with the product (managed policies), if it is not there yet. */
  public void seed(Transaction tx) {
    api.seed(tx);
  }

  /**
   * Invalidates paths of a distribution that asks for it, and what has a query behind them.
   *
   * @param distribution its id; nothing is done if there is none, or it does not ask for it
   * @param paths raw paths, or {@code /*} for all
   */
  public void invalidate(String distribution, List<String> paths) {
    api.invalidate(distribution, paths);
  }

  /**
   * Issues requested certificates anew that are near their end. To be called every hour.
   *
   * @return how many
   */
  public int renewCertificates() {
    return neighbours.renewCertificates();
  }

  /**
   * Asks a public authority for certificates that were requested of it, and has tenants show what
   * was issued for them; takes minutes for each. To be called several times a minute, by one
   * thread.
   */
  public void advanceCertificates() throws InterruptedException {
    neighbours.advanceCertificates();
    api.advanceCertificates();
  }

  /**
   * Listens from now on.
   *
   * @throws UncheckedIOException if the port cannot be bound
   */
  public void start() {
    server.start();
  }

  /** Returns the port it listens on. */
  public int port() {
    return server.port();
  }

  /** Lets requests in progress end, for as long as the limits say, and closes the port. */
  public void stop() {
    server.stop();
  }

  /** Returns the names of the operations that have behaviour. */
  Set<String> operations() {
    return api.operations();
  }

  private WebServer build(Limits limits) {
    Http1Config http =
        Http1Config.builder()
            .maxHeadersSize(limits.headerBytes())
            .maxPrologueLength(limits.urlBytes())
            .build();
    WebServerConfig.Builder builder = WebServer.builder();
    options.keys().ifPresent(keys -> builder.tls(tls(keys)));
    return builder
        .host(options.host())
        .port(options.port())
        .shutdownHook(false)
        .protocolsDiscoverServices(false)
        .featuresDiscoverServices(false)
        .addProtocol(http)
        .maxPayloadSize(limits.bodyBytes())
        .maxTcpConnections(limits.connections())
        .maxConcurrentRequests(limits.requests())
        .idleConnectionTimeout(limits.idle())
        .connectionOptions(SocketOptions.builder().readTimeout(limits.idle()).build())
        .shutdownGracePeriod(limits.drain())
        .directHandlers(directHandlers())
        .routing(routing -> routing.any(this::serve))
        .build();
  }

  /** The JDK's defaults are TLS 1.2 and 1.3. */
  private static Tls tls(X509KeyManager keys) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {keys}, null, null);
      return Tls.builder().sslContext(context).build();
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("every JDK has TLS", missing);
    }
  }

  private void serve(ServerRequest request, ServerResponse response) {
    Api.Answer answer;
    try {
      answer = answer(request);
    } catch (Refused refused) {
      answer = api.refuse(refused);
    } catch (StoreUnavailable unavailable) {
      answer = api.refuse(unavailable);
    }
    response.status(answer.status());
    if (answer.status() == UNAVAILABLE) {
      response.header(HeaderNames.RETRY_AFTER, RETRY_SECONDS);
    }
    response.header("x-amzn-RequestId", answer.requestId());
    response.header("Content-Type", answer.content().type());
    for (Map.Entry<String, String> header : answer.content().headers().entrySet()) {
      response.header(header.getKey(), located(header, request));
    }
    response.send(answer.content().body().asByteArrayUnsafe());
  }

  private Api.Answer answer(ServerRequest request) {
    String path = request.prologue().uriPath().rawPath();
    if (!path.startsWith("/")) {
      throw new Refused("MalformedInput", "The request's target is not a path: " + path);
    }
    String query = request.prologue().query().rawValue();
    Fields fields = fields(request);
    byte[] body = body(request);
    String method = request.prologue().method().text();
    Message message = new Message(method, path, query, fields, Message.hash(body));
    Optional<Api.Answer> neighbour = neighbours.answer(message, fields, body);
    if (neighbour.isPresent()) {
      return neighbour.get();
    }
    Caller caller = gate.admit(message);
    Optional<Annex.Answer> beside =
        annex.answer(
            caller,
            new Annex.Request(method, path, query, new String(body, StandardCharsets.UTF_8)));
    if (beside.isPresent()) {
      return api.beside(beside.get());
    }
    return api.answer(
        caller,
        new Api.Incoming(method, path, query, fields::first, SdkBytes.fromByteArrayUnsafe(body)));
  }

  private static Fields fields(ServerRequest request) {
    Fields.Builder fields = Fields.builder();
    try {
      for (Header header : request.headers()) {
        header.allValues().forEach(value -> fields.add(header.name(), value));
      }
    } catch (IllegalArgumentException e) {
      throw new Refused("MalformedInput", "A header is not allowed: " + e.getMessage());
    }
    return fields.build();
  }

  private byte[] body(ServerRequest request) {
    int max = options.limits().bodyBytes();
    try (InputStream in = request.content().inputStream()) {
      byte[] body = in.readNBytes(max + 1);
      if (body.length > max) {
        throw new Refused(
            "RequestEntityTooLarge", "The body has more than %d bytes.".formatted(max));
      }
      return body;
    } catch (IOException e) {
      throw new UncheckedIOException("the body broke off", e);
    }
  }

  /** The operations give the path of what they made; callers get a whole URL, as CloudFront's. */
  private String located(Map.Entry<String, String> header, ServerRequest request) {
    String host = request.headers().first(HeaderNames.HOST).orElse("");
    return header.getKey().equals("Location") && !host.isEmpty()
        ? (options.keys().isPresent() ? "https://" : "http://") + host + header.getValue()
        : header.getValue();
  }

  /** What the HTTP layer refuses by itself is answered in the API's form, too. */
  private DirectHandlers directHandlers() {
    DirectHandler handler =
        (request, event, status, headers, message) -> direct(event, status, headers);
    DirectHandlers.Builder handlers = DirectHandlers.builder();
    for (DirectHandler.EventType type : DirectHandler.EventType.values()) {
      handlers.addHandler(type, handler);
    }
    return handlers.build();
  }

  private DirectHandler.TransportResponse direct(
      DirectHandler.EventType event, Status status, ServerResponseHeaders headers) {
    Api.Answer answer = api.refuse(refusal(status.code(), options.limits()));
    headers.set(HeaderNames.create("x-amzn-RequestId"), answer.requestId());
    if (answer.status() == UNAVAILABLE) {
      headers.set(HeaderNames.RETRY_AFTER, RETRY_SECONDS);
    }
    headers.set(HeaderNames.CONTENT_TYPE, answer.content().type());
    return DirectHandler.TransportResponse.builder()
        .status(status)
        .headers(headers)
        .keepAlive(event.keepAlive())
        .entity(answer.content().body().asByteArrayUnsafe())
        .build();
  }

  private static Refused refusal(int status, Limits limits) {
    return switch (status) {
      case 413 ->
          new Refused(
              "RequestEntityTooLarge",
              "The body has more than %d bytes.".formatted(limits.bodyBytes()));
      case 414 ->
          new Refused(
              "MalformedInput", "The URL has more than %d bytes.".formatted(limits.urlBytes()));
      case 503 -> new Refused("ServiceUnavailable", "Too many requests at once; try again.");
      default ->
          status >= 500
              ? new Refused("InternalError", "The request failed; the log has the reason.")
              : new Refused(
                  "MalformedInput",
                  "Not a request of HTTP/1.1 that can be served (RFC 9112), or headers of more than"
                      + " %d bytes.".formatted(limits.headerBytes()));
    };
  }
}
