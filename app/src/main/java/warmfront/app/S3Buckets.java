package warmfront.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import warmfront.app.call.SignedHttp;
import warmfront.distribution.S3Endpoint;
import warmfront.distribution.S3Endpoints;
import warmfront.edge.log.Carrier;
import warmfront.http.DotSegments;
import warmfront.http.Fields;
import warmfront.signing.Credentials;
import warmfront.streaming.recording.BucketException;
import warmfront.streaming.recording.BucketException.Trouble;
import warmfront.streaming.recording.Buckets;
import warmfront.time.Clock;

/**
 * The buckets of the operator's S3 endpoints, asked with the edges' own keys: multipart uploads
 * (Amazon S3, API reference, CreateMultipartUpload and following) of recordings, and access logs as
 * whole objects (PutObject). Thread-safe.
 */
final class S3Buckets implements Buckets, Carrier, AutoCloseable {
  private static final byte[] NOTHING = {};
  private static final Fields GZIP = Fields.of("Content-Type", "application/gzip");
  private static final Pattern UPLOAD = Pattern.compile("<UploadId>([^<\\s]{1,1024})</UploadId>");
  private static final Pattern CODE = Pattern.compile("<Code>([A-Za-z]{1,64})</Code>");
  private static final Pattern TAG = Pattern.compile("[!-~]{1,256}");
  private static final List<String> FORGOTTEN = List.of("NoSuchUpload", "InvalidPart");
  private static final List<String> LATER =
      List.of("RequestTimeout", "SlowDown", "InternalError", "ServiceUnavailable");

  private final Clock clock;
  private final Map<S3Endpoint, SignedHttp> clients = new ConcurrentHashMap<>();
  private volatile S3Endpoints endpoints = new S3Endpoints(List.of());

  S3Buckets(Clock clock) {
    this.clock = clock;
  }

  /** Asks these endpoints from now on. */
  void take(Collection<S3Endpoint> known) {
    endpoints = new S3Endpoints(known);
    clients.keySet().retainAll(known); // what they are asked still is answered
  }

  @Override
  public String begin(Name object) throws BucketException, InterruptedException {
    Fields type = Fields.builder().add("Content-Type", "video/mp4").build();
    String body = text(ask("POST", object, "uploads=", type, NOTHING));
    Matcher upload = UPLOAD.matcher(body);
    if (!upload.find()) {
      throw new BucketException(Trouble.AWAY, object + ": an answer without an upload's name");
    }
    return upload.group(1);
  }

  @Override
  public String send(Name object, String upload, int number, byte[] part)
      throws BucketException, InterruptedException {
    String query = "partNumber=%d&uploadId=%s".formatted(number, encoded(upload));
    Optional<String> tag =
        ask("PUT", object, query, Fields.empty(), part).headers().firstValue("ETag");
    if (tag.isEmpty() || !TAG.matcher(tag.get()).matches()) {
      throw new BucketException(Trouble.AWAY, object + ": an answer without the part's ETag");
    }
    return tag.get();
  }

  @Override
  public void complete(Name object, String upload, List<String> tags)
      throws BucketException, InterruptedException {
    StringBuilder parts =
        new StringBuilder(
            "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
    int number = 1;
    for (String tag : tags) {
      parts.append("<Part><PartNumber>%d</PartNumber><ETag>".formatted(number++));
      parts.append(tag.replace("&", "&amp;").replace("<", "&lt;")).append("</ETag></Part>");
    }
    byte[] body = parts.append("</CompleteMultipartUpload>").toString().getBytes(UTF_8);
    String query = "uploadId=" + encoded(upload);
    HttpResponse<byte[]> answer = ask("POST", object, query, Fields.empty(), body);
    if (text(answer).contains("<Error>")) { // the head was sent before it was known
      throw refused(object, 500, text(answer));
    }
  }

  @Override
  public void abandon(Name object, String upload) throws BucketException, InterruptedException {
    var _ = ask("DELETE", object, "uploadId=" + encoded(upload), Fields.empty(), NOTHING);
  }

  @Override
  public boolean has(Name object, long bytes) throws BucketException, InterruptedException {
    HttpResponse<byte[]> answer = exchange("HEAD", object, "", Fields.empty(), NOTHING);
    if (answer.statusCode() == 404 || answer.statusCode() == 403) {
      return false; // to those who may not list a bucket, S3 says 403 of what is not there
    }
    return checked(object, answer).headers().firstValueAsLong("Content-Length").orElse(-1) == bytes;
  }

  @Override
  public Optional<String> carry(String bucket, String key, Path file) throws InterruptedException {
    if (DotSegments.areIn(key)) {
      return Optional.of("a name with . or .. segments could leave the bucket: " + key);
    }
    Name object = new Name(bucket, key);
    try {
      S3Endpoints.Bucket known = known(object);
      String path = Stream.of(key.split("/", -1)).map(S3Buckets::encoded).collect(joining("/"));
      var _ =
          checked(
              object,
              client(known.endpoint()).put("/%s/%s".formatted(known.name(), path), GZIP, file));
      return Optional.empty();
    } catch (BucketException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return Optional.of("%s: no answer: %s".formatted(object, e));
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20").replace("*", "%2A");
  }

  private HttpResponse<byte[]> ask(
      String method, Name object, String query, Fields fields, byte[] body)
      throws BucketException, InterruptedException {
    return checked(object, exchange(method, object, query, fields, body));
  }

  private static HttpResponse<byte[]> checked(Name object, HttpResponse<byte[]> answer)
      throws BucketException {
    if (answer.statusCode() / 100 != 2) {
      throw refused(object, answer.statusCode(), text(answer));
    }
    return answer;
  }

  private HttpResponse<byte[]> exchange(
      String method, Name object, String query, Fields fields, byte[] body)
      throws BucketException, InterruptedException {
    S3Endpoints.Bucket bucket = known(object);
    String path = "/%s/%s".formatted(bucket.name(), object.key());
    try {
      return client(bucket.endpoint())
          .send(method, query.isEmpty() ? path : path + "?" + query, fields, body);
    } catch (IOException e) {
      throw new BucketException(
          Trouble.AWAY, "%s: no answer: %s".formatted(object, e.getMessage()), e);
    }
  }

  /** Returns where an object's bucket is asked. */
  private S3Endpoints.Bucket known(Name object) throws BucketException {
    S3Endpoints.Bucket bucket =
        endpoints
            .find(object.bucket())
            .orElseThrow(() ->
                new BucketException(
                    Trouble.AWAY,
                    "no S3 endpoint is configured for buckets like " + object.bucket()));
    if (bucket.endpoint().accessKeyId().isEmpty()) {
      throw new BucketException(
          Trouble.REFUSED, "no credentials are configured for " + bucket.endpoint().id());
    }
    return bucket;
  }

  private SignedHttp client(S3Endpoint endpoint) {
    return clients.computeIfAbsent(
        endpoint,
        one ->
            SignedHttp.s3(
                one.endpoint(),
                one.region(),
                new Credentials(one.accessKeyId(), one.secretAccessKey()),
                clock));
  }

  private static BucketException refused(Name object, int status, String body) {
    Matcher found = CODE.matcher(body);
    String code = found.find() ? found.group(1) : "";
    Trouble trouble =
        FORGOTTEN.contains(code)
            ? Trouble.LOST
            : status >= 500 || status == 408 || status == 429 || LATER.contains(code)
                ? Trouble.AWAY
                : Trouble.REFUSED;
    return new BucketException(trouble, "%s: %s".formatted(object, (status + " " + code).strip()));
  }

  private static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), UTF_8);
  }

  @Override
  public void close() {
    clients.values().forEach(SignedHttp::close);
  }
}
