package warmfront.app.call;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import warmfront.http.Fields;
import warmfront.signing.Credentials;
import warmfront.signing.Flavour;
import warmfront.signing.Message;
import warmfront.signing.SigV4;
import warmfront.time.Clock;

/** Calls one AWS-like service with signed requests. Thread-safe. */
public final class SignedHttp implements AutoCloseable {
  private static final Duration CONNECT_MAX = Duration.ofSeconds(5);
  private static final Duration ANSWER_MAX = Duration.ofSeconds(60);

  private final URI endpoint;
  private final SigV4 signer;
  private final Credentials credentials;
  private final Clock clock;
  private final boolean once;
  private final HttpClient client;

  private SignedHttp(
      URI endpoint,
      SigV4 signer,
      Credentials credentials,
      Clock clock,
      boolean once,
      Optional<SSLContext> trust) {
    this.endpoint = endpoint;
    this.signer = signer;
    this.credentials = credentials;
    this.clock = clock;
    this.once = once;
    HttpClient.Builder builder =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_MAX);
    trust.ifPresent(builder::sslContext);
    this.client = builder.build();
  }

  /** Calls S3 at {@code endpoint}, path style. */
  public static SignedHttp s3(URI endpoint, String region, Credentials credentials, Clock clock) {
    SigV4 signer = new SigV4(Flavour.S3, "s3", region);
    return new SignedHttp(endpoint, signer, credentials, clock, false, Optional.empty());
  }

  /** Calls the CloudFront API at {@code endpoint}; its region is always us-east-1. */
  public static SignedHttp api(URI endpoint, Credentials credentials, Clock clock) {
    return api(endpoint, credentials, clock, Optional.empty());
  }

  /**
   * Calls the CloudFront API at {@code endpoint}.
   *
   * @param trust says whose certificates are taken; this machine's authorities' if empty
   */
  public static SignedHttp api(
      URI endpoint, Credentials credentials, Clock clock, Optional<SSLContext> trust) {
    SigV4 signer = new SigV4(Flavour.ORDINARY, "cloudfront", "us-east-1");
    return new SignedHttp(endpoint, signer, credentials, clock, true, trust);
  }

  /**
   * Returns what takes certificates of the authorities in a file and no others.
   *
   * @param pem their certificates
   * @throws IOException if the file cannot be read or has none
   */
  public static SSLContext trusting(Path pem) throws IOException {
    try (InputStream in = Files.newInputStream(pem)) {
      KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
      authorities.load(null, null);
      for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        authorities.setCertificateEntry("ca-" + authorities.size(), one);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(authorities);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException unusable) {
      throw new IOException("%s has no certificates in PEM".formatted(pem), unusable);
    }
  }

  /**
   * Sends a request and waits for the whole answer.
   *
   * @param method the method
   * @param target path and query, as on the wire
   * @param fields further fields, each signed
   * @param body the body; none if empty
   * @throws IOException if there is no answer within a minute
   */
  public HttpResponse<byte[]> send(String method, String target, Fields fields, byte[] body)
      throws IOException, InterruptedException {
    return send(
        method,
        target,
        fields,
        Message.hash(body),
        body.length == 0
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofByteArray(body));
  }

  /**
   * Sends a file, which is read twice, and waits for the whole answer.
   *
   * @param target path and query, as on the wire
   * @param fields further fields, each signed
   * @throws IOException if the file cannot be read, or there is no answer within a minute
   */
  public HttpResponse<byte[]> put(String target, Fields fields, Path file)
      throws IOException, InterruptedException {
    return send("PUT", target, fields, hash(file), HttpRequest.BodyPublishers.ofFile(file));
  }

  private static String hash(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return Message.hash(in);
    }
  }

  private HttpResponse<byte[]> send(
      String method, String target, Fields fields, String bodyHash, HttpRequest.BodyPublisher body)
      throws IOException, InterruptedException {
    int mark = target.indexOf('?');
    String path = mark < 0 ? target : target.substring(0, mark);
    String query = mark < 0 ? "" : target.substring(mark + 1);
    Fields.Builder more = fields.edit();
    if (once && !method.equals("GET")) {
      // The same may be asked for twice within a second; that is no request which comes again.
      more.set("X-Warmfront-Once", UUID.randomUUID().toString());
    }
    Fields given = more.build();
    Fields all = given.edit().set("Host", endpoint.getRawAuthority()).build();
    Message message = new Message(method, path, query, all, bodyHash);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint.resolve(target)).timeout(ANSWER_MAX).method(method, body);
    given.forEach(request::header);
    signer.sign(message, credentials, clock.now()).forEach(request::header);
    return whole(client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
  }

  /** Waits for an answer's last byte, which a request's own timeout does not. */
  private static HttpResponse<byte[]> whole(Future<HttpResponse<byte[]>> answer)
      throws IOException, InterruptedException {
    try {
      return answer.get(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException("no whole answer within " + ANSWER_MAX, e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } finally {
      answer.cancel(true);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
