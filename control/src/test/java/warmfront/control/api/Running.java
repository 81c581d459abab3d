package warmfront.control.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.X509KeyManager;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import warmfront.control.api.acm.Issuers;
import warmfront.control.certificate.AcmeAuthority;
import warmfront.control.certificate.Authority;
import warmfront.control.certificate.SiteCertificates;
import warmfront.control.identity.AccessKey;
import warmfront.control.identity.Identities;
import warmfront.control.identity.Users;
import warmfront.control.store.Kept;
import warmfront.control.store.Row;
import warmfront.control.store.Store;
import warmfront.time.Clock;

/** A server over a store of its own, on loopback, and clients of it. */
final class Running implements AutoCloseable {
  static final String KEY = "AKIDTEST";
  static final String SECRET = "test-secret";
  static final String ACCOUNT = "123456789012";
  static final List<InetAddress> ANYCAST =
      Stream.of("192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4", "2001:db8::1")
          .map(InetAddress::ofLiteral)
          .toList();
  static final String ZONE = "warmfront.localhost";

  private static final SecretKeySpec SEALING = new SecretKeySpec(new byte[32], "AES");

  static final AccessKey ROOT = new AccessKey(KEY, SECRET);

  final Store store;
  final Authority authority;
  final Users users;
  final ApiServer server;
  final HttpClient http = HttpClient.newHttpClient();

  Running(Path folder) {
    this(folder, Quotas.DEFAULT, Limits.DEFAULT, Clock.system());
  }

  Running(Path folder, Quotas quotas, Limits limits, Clock clock) {
    this(folder, quotas, limits, clock, ObjectReader.NONE);
  }

  Running(Path folder, Quotas quotas, Limits limits, Clock clock, ObjectReader objects) {
    this(folder, Kept.chosen().url(folder), quotas, limits, clock, objects);
  }

  /** Serves over the database at a URL. */
  Running(
      Path folder, String url, Quotas quotas, Limits limits, Clock clock, ObjectReader objects) {
    this(folder, url, quotas, limits, clock, objects, Optional.empty());
  }

  /** Serves within TLS if there are keys to show. */
  Running(
      Path folder,
      String url,
      Quotas quotas,
      Limits limits,
      Clock clock,
      ObjectReader objects,
      Optional<X509KeyManager> keys) {
    this(folder, open(url), quotas, limits, clock, objects, keys);
  }

  /** Serves over a store, and closes it with itself. */
  Running(Path folder, Store store, Quotas quotas, Limits limits, Clock clock) {
    this(folder, store, quotas, limits, clock, ObjectReader.NONE, Optional.empty());
  }

  /** Serves where a public authority is asked for certificates, too. */
  Running(Path folder, Clock clock, AcmeAuthority world) {
    this(
        folder,
        open(folder),
        Quotas.DEFAULT,
        Limits.DEFAULT,
        clock,
        ObjectReader.NONE,
        Optional.empty(),
        Optional.of(world));
  }

  private Running(
      Path folder,
      Store store,
      Quotas quotas,
      Limits limits,
      Clock clock,
      ObjectReader objects,
      Optional<X509KeyManager> keys) {
    this(folder, store, quotas, limits, clock, objects, keys, Optional.empty());
  }

  private Running(
      Path folder,
      Store store,
      Quotas quotas,
      Limits limits,
      Clock clock,
      ObjectReader objects,
      Optional<X509KeyManager> keys,
      Optional<AcmeAuthority> world) {
    this.store = store;
    authority = authority(folder, clock);
    Identities identities = new Identities(ROOT, store, clock);
    users = new Users(store, clock, new SecureRandom(), identities::expire);
    server =
        new ApiServer(
            new ApiServer.Options(
                "127.0.0.1",
                0,
                new Site(ZONE, ACCOUNT, ANYCAST),
                quotas,
                limits,
                objects,
                new Issuers(new SiteCertificates(authority, clock), world, _ -> true),
                keys),
            store,
            identities::find,
            clock,
            new Random(7));
    store.write(tx -> {
      server.seed(tx);
      return true;
    });
    server.start();
  }

  private static Authority authority(Path folder, Clock clock) {
    try {
      return Authority.loadOrMake(folder, SEALING, clock, new SecureRandom());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Opens the store of a folder. */
  static Store open(Path folder) {
    return open(Kept.chosen().url(folder));
  }

  private static Store open(String url) {
    return Store.open(url, SEALING);
  }

  URI url(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }

  CloudFrontClient client() {
    return client(ROOT);
  }

  CloudFrontClient client(AccessKey key, ExecutionInterceptor... watching) {
    return CloudFrontClient.builder()
        .overrideConfiguration(o -> o.executionInterceptors(List.of(watching)))
        .endpointOverride(url(""))
        .region(Region.US_EAST_1)
        .httpClient(UrlConnectionHttpClient.create())
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(key.accessKeyId(), key.secretAccessKey())))
        .build();
  }

  /** Plays the edges: everything that is in progress is done. */
  void rollOut() {
    store.write(tx -> {
      for (String type :
          List.of(
              "distribution",
              "streaming-distribution",
              "distribution-tenant",
              "connection-group")) {
        for (Row row : tx.withStatus(type, "InProgress")) {
          tx.update(row.withStatus("Deployed"));
        }
      }
      for (Row row : tx.withStatus("invalidation", "InProgress")) {
        tx.update(row.withStatus("Completed"));
      }
      return true;
    });
  }

  /** Sends a signed request by hand. */
  HttpResponse<String> send(String method, String path, String body, Map<String, String> headers)
      throws IOException, InterruptedException {
    return send(method, path, body, headers, UnaryOperator.identity());
  }

  HttpResponse<String> send(
      String method,
      String path,
      String body,
      Map<String, String> headers,
      UnaryOperator<HttpRequest.Builder> change)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url(path)).method(method, HttpRequest.BodyPublishers.ofString(body));
    headers.forEach(request::header);
    sign(method, path, body)
        .headers()
        .forEach((name, values) -> {
          if (!name.equalsIgnoreCase("host") && !name.equalsIgnoreCase("content-length")) {
            request.setHeader(name, values.getFirst());
          }
        });
    return http.send(change.apply(request).build(), HttpResponse.BodyHandlers.ofString());
  }

  /** Returns a URL that carries its signature for a region and is good for a minute. */
  URI presigned(String path, String region) {
    return AwsV4HttpSigner.create()
        .sign(request ->
            request
                .identity(AwsBasicCredentials.create(KEY, SECRET))
                .request(SdkHttpRequest.builder().method(SdkHttpMethod.GET).uri(url(path)).build())
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "cloudfront")
                .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                .putProperty(
                    AwsV4HttpSigner.AUTH_LOCATION, AwsV4FamilyHttpSigner.AuthLocation.QUERY_STRING)
                .putProperty(AwsV4HttpSigner.EXPIRATION_DURATION, Duration.ofMinutes(1)))
        .request()
        .getUri();
  }

  /** Sends a signed request to the certificate manager's API. */
  HttpResponse<String> acm(String operation, String json) throws IOException, InterruptedException {
    return send(
        "acm", "POST", "/", json, Map.of("X-Amz-Target", "CertificateManager." + operation));
  }

  /** Sends a signed request to CloudWatch Logs' API. */
  HttpResponse<String> logs(String operation, String json)
      throws IOException, InterruptedException {
    return send("logs", "POST", "/", json, Map.of("X-Amz-Target", "Logs_20140328." + operation));
  }

  /** Sends a request, signed for another service of the port than CloudFront. */
  HttpResponse<String> send(
      String service, String method, String path, String body, Map<String, String> headers)
      throws IOException, InterruptedException {
    return http.send(
        signed(ROOT, service, method, path, body, headers), HttpResponse.BodyHandlers.ofString());
  }

  /** Returns a request that a key signed, to be sent. */
  HttpRequest signed(
      AccessKey key,
      String service,
      String method,
      String path,
      String body,
      Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url(path)).method(method, HttpRequest.BodyPublishers.ofString(body));
    headers.forEach(request::header);
    SdkHttpRequest unsigned =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.fromValue(method))
            .uri(url(path))
            .headers(
                headers.entrySet().stream()
                    .filter(header -> header.getKey().startsWith("X-Amz-"))
                    .collect(Collectors.toMap(Map.Entry::getKey, e -> List.of(e.getValue()))))
            .build();
    sign(key, unsigned, body, service)
        .headers()
        .forEach((name, values) -> {
          if (!name.equalsIgnoreCase("host") && !name.equalsIgnoreCase("content-length")) {
            request.setHeader(name, values.getFirst());
          }
        });
    return request.build();
  }

  /** Sends a signed form to IAM's API. */
  HttpResponse<String> iam(String form) throws IOException, InterruptedException {
    String type = "application/x-www-form-urlencoded; charset=utf-8";
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url("/"))
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofString(form));
    SdkHttpRequest unsigned =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.POST)
            .uri(url("/"))
            .putHeader("Content-Type", type)
            .build();
    sign(ROOT, unsigned, form, "iam")
        .headers()
        .forEach((name, values) -> {
          if (!name.equalsIgnoreCase("host") && !name.equalsIgnoreCase("content-length")) {
            request.setHeader(name, values.getFirst());
          }
        });
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private SdkHttpRequest sign(String method, String path, String body) {
    SdkHttpRequest request =
        SdkHttpRequest.builder().method(SdkHttpMethod.fromValue(method)).uri(url(path)).build();
    return sign(ROOT, request, body, "cloudfront");
  }

  private static SdkHttpRequest sign(
      AccessKey key, SdkHttpRequest unsigned, String body, String service) {
    SignedRequest signed =
        AwsV4HttpSigner.create()
            .sign(request ->
                request
                    .identity(AwsBasicCredentials.create(key.accessKeyId(), key.secretAccessKey()))
                    .request(unsigned)
                    .payload(software.amazon.awssdk.http.ContentStreamProvider.fromUtf8String(body))
                    .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                    .putProperty(AwsV4HttpSigner.REGION_NAME, "us-east-1"));
    return signed.request();
  }

  @Override
  public void close() {
    http.close();
    server.stop();
    store.close();
  }
}
