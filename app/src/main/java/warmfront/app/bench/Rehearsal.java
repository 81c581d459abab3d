package warmfront.app.bench;

import static java.net.http.HttpClient.Version.HTTP_1_1;
import static java.net.http.HttpClient.Version.HTTP_2;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import warmfront.app.call.SignedHttp;
import warmfront.app.demo.Xml;
import warmfront.control.identity.AccessKey;
import warmfront.control.identity.AccessKeys;
import warmfront.http.Fields;
import warmfront.signing.Credentials;
import warmfront.time.Clock;

/**
 * The load under which the build trains the start-up cache of an edge: hits and misses over
 * HTTP/1.1, misses of what is kept in slices, hits over TLS and over HTTP/2, and viewers that come
 * for one object and go. The edge's methods are profiled by it, so that one that starts later need
 * not find out again what is hot. Decision 6 says what that is worth.
 */
public final class Rehearsal {
  private static final String API = "/2020-05-31/distribution";

  /** CloudFront's managed policy CachingOptimized, by its published id. */
  private static final String OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6";

  private static final Duration DEPLOYED_MAX = Duration.ofSeconds(15);

  /** Each kind of load goes on for so long: the profile of a method is ripe after thousands. */
  private static final Duration SCENE = Duration.ofSeconds(2);

  /** Long bodies fill memory and disk, which a build has not much of. */
  private static final Duration LONG_SCENE = Duration.ofSeconds(1);

  private static final int VIEWERS = 8;
  private static final byte[] BODY = new byte[1024];

  /** What the origin answers under {@link #LONG}: more than a slice of the cache. */
  private static final byte[] LONG_BODY = new byte[5 << 18];

  private static final String LONG = "long-";

  private final Clock clock = Clock.system();
  private final AtomicLong made = new AtomicLong();

  private Rehearsal() {}

  /**
   * Makes a distribution and asks an edge for its objects.
   *
   * @param args the API's URL, the data directory with its key, the edge's address, its ports for
   *     HTTP and HTTPS, the hosts file that this process was started with
   */
  public static void main(String[] args)
      throws IOException, InterruptedException, ExecutionException, GeneralSecurityException {
    new Rehearsal()
        .play(
            URI.create(args[0]),
            Path.of(args[1]),
            new InetSocketAddress(args[2], Integer.parseInt(args[3])),
            Integer.parseInt(args[4]),
            Path.of(args[5]));
  }

  private void play(URI endpoint, Path data, InetSocketAddress edge, int https, Path hosts)
      throws IOException, InterruptedException, ExecutionException, GeneralSecurityException {
    HttpServer origin =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      origin.setExecutor(threads);
      origin.createContext("/", Rehearsal::answer);
      origin.start();
      String domain = deployed(endpoint, data, origin.getAddress().getPort());
      Files.writeString(hosts, edge.getAddress().getHostAddress() + " " + domain + "\n");
      URI plain = URI.create("http://" + domain + ":" + edge.getPort() + "/");
      URI secure = URI.create("https://" + domain + ":" + https + "/");
      SSLContext trust = trusting(data.resolve("ca.pem"));
      stay(viewer(HTTP_1_1, trust), SCENE, () -> plain.resolve("hit"));
      stay(viewer(HTTP_1_1, trust), SCENE, () -> plain.resolve("miss-" + made.incrementAndGet()));
      stay(viewer(HTTP_1_1, trust), LONG_SCENE, () -> plain.resolve(LONG + made.incrementAndGet()));
      stay(viewer(HTTP_1_1, trust), SCENE, () -> secure.resolve("hit"));
      stay(viewer(HTTP_2, trust), SCENE, () -> secure.resolve("hit"));
      scene(
          SCENE,
          () -> {
            try (HttpClient passer = viewer(HTTP_1_1, trust)) {
              ask(passer, plain.resolve("hit"));
            }
          });
      try (Passers passers = new Passers(new InetSocketAddress(edge.getAddress(), https), domain)) {
        scene(SCENE, () -> passers.pass(Passers.Speech.HTTP_1_1, "/hit", BODY.length));
        scene(SCENE, () -> passers.pass(Passers.Speech.HTTP_2, "/hit", BODY.length));
      }
    } finally {
      origin.stop(0);
    }
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", "text/plain");
      exchange.getResponseHeaders().set("Cache-Control", "max-age=3600");
      exchange.getResponseHeaders().set("ETag", "\"1\"");
      byte[] body = exchange.getRequestURI().getPath().startsWith("/" + LONG) ? LONG_BODY : BODY;
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  /** Returns the domain of a new distribution once all edges serve it. */
  private String deployed(URI endpoint, Path data, int port)
      throws IOException, InterruptedException {
    AccessKey root = AccessKeys.read(data);
    Credentials key = new Credentials(root.accessKeyId(), root.secretAccessKey());
    try (SignedHttp api = SignedHttp.api(endpoint, key, clock)) {
      Fields xml = Fields.of("Content-Type", "text/xml");
      String answer = text(api.send("POST", API, xml, distribution(port).getBytes(UTF_8)));
      String id = Xml.first(answer, "Id");
      long end = clock.nanos() + DEPLOYED_MAX.toNanos();
      while (!Xml.first(answer, "Status").equals("Deployed")) {
        if (id.isEmpty() || clock.nanos() > end) {
          throw new IOException("no distribution: " + answer);
        }
        TimeUnit.MILLISECONDS.sleep(20);
        answer = text(api.send("GET", API + "/" + id, Fields.empty(), new byte[0]));
      }
      return Xml.first(answer, "DomainName");
    }
  }

  private static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), UTF_8);
  }

  private static String distribution(int port) {
    return """
    <DistributionConfig xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">
      <CallerReference>rehearsal</CallerReference>
      <Comment></Comment>
      <Enabled>true</Enabled>
      <Origins><Quantity>1</Quantity><Items>
        <Origin><Id>origin</Id><DomainName>origin.localhost</DomainName>
          <CustomOriginConfig><HTTPPort>%d</HTTPPort><HTTPSPort>443</HTTPSPort>
            <OriginProtocolPolicy>http-only</OriginProtocolPolicy></CustomOriginConfig></Origin>
      </Items></Origins>
      <DefaultCacheBehavior>
        <TargetOriginId>origin</TargetOriginId>
        <ViewerProtocolPolicy>allow-all</ViewerProtocolPolicy>
        <CachePolicyId>%s</CachePolicyId>
      </DefaultCacheBehavior>
    </DistributionConfig>
    """
        .formatted(port, OPTIMIZED);
  }

  /** What a viewer does. */
  @FunctionalInterface
  private interface Act {
    void play() throws IOException, InterruptedException;
  }

  /** Asks for one thing after the other, on connections or streams that stay. */
  private void stay(HttpClient viewer, Duration span, Supplier<URI> wanted)
      throws InterruptedException, ExecutionException {
    try (viewer) {
      scene(span, () -> ask(viewer, wanted.get()));
    }
  }

  private static void ask(HttpClient viewer, URI wanted) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(wanted).build();
    int status = viewer.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    if (status != 200) {
      throw new IOException(wanted + " answers " + status);
    }
  }

  /** Has several viewers do one thing over and over for a while. */
  private void scene(Duration span, Act act) throws InterruptedException, ExecutionException {
    long end = clock.nanos() + span.toNanos();
    try (ExecutorService viewers = Executors.newFixedThreadPool(VIEWERS)) {
      Callable<Long> viewing =
          () -> {
            long times = 0;
            while (clock.nanos() < end) {
              act.play();
              times++;
            }
            return times;
          };
      long times = 0;
      for (Future<Long> viewed : viewers.invokeAll(Collections.nCopies(VIEWERS, viewing))) {
        times += viewed.get();
      }
      System.err.println(times + " times");
    }
  }

  private static HttpClient viewer(HttpClient.Version version, SSLContext trust) {
    return HttpClient.newBuilder().version(version).sslContext(trust).build();
  }

  /** Trusts the fleet's own authority. */
  private static SSLContext trusting(Path authority) throws IOException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    try (InputStream pem = Files.newInputStream(authority)) {
      CertificateFactory reader = CertificateFactory.getInstance("X.509");
      trusted.setCertificateEntry("fleet", reader.generateCertificate(pem));
    }
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }
}
