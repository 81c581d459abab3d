package warmfront.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.stream.Collectors;
import warmfront.app.call.SignedHttp;
import warmfront.control.api.ObjectReader;
import warmfront.distribution.S3Endpoint;
import warmfront.http.Fields;
import warmfront.signing.Credentials;
import warmfront.time.Clock;

/** Small objects of the operator's S3 endpoints, asked for with the edges' own keys. */
final class S3Objects implements ObjectReader {
  private static final byte[] NOTHING = {};

  private final Clock clock;

  S3Objects(Clock clock) {
    this.clock = clock;
  }

  @Override
  public Answer read(S3Endpoint endpoint, Name name, int bytesMax) {
    if (endpoint.accessKeyId().isEmpty()) {
      return new Answer.Unread("no credentials are configured for " + endpoint.id());
    }
    Credentials credentials = new Credentials(endpoint.accessKeyId(), endpoint.secretAccessKey());
    try (SignedHttp s3 =
        SignedHttp.s3(endpoint.endpoint(), endpoint.region(), credentials, clock)) {
      HttpResponse<byte[]> answer =
          s3.send("GET", target(name), Fields.of("Range", "bytes=0-" + bytesMax), NOTHING);
      return switch (answer.statusCode()) {
        case 200, 206 -> Answer.Read.of(answer.body());
        case 416 -> Answer.Read.of(NOTHING); // there is no first byte
        default ->
            new Answer.Unread("the bucket answers %d for %s".formatted(answer.statusCode(), name));
      };
    } catch (IOException e) {
      return new Answer.Unread("the bucket does not answer for %s".formatted(name));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer.Unread("reading %s was interrupted".formatted(name));
    }
  }

  private static String target(Name name) {
    String path =
        Arrays.stream(name.key().split("/", -1))
            .map(S3Objects::encoded)
            .collect(Collectors.joining("/", "/" + name.bucket() + "/", ""));
    return name.version().map(version -> path + "?versionId=" + encoded(version)).orElse(path);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20").replace("*", "%2A");
  }
}
