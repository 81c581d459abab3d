package warmfront.app.apply;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import warmfront.app.call.SignedHttp;
import warmfront.http.Fields;

/** Calls of S3, path style, about whole buckets. */
final class S3Calls {
  private final SignedHttp http;

  S3Calls(SignedHttp http) {
    this.http = http;
  }

  /**
   * Calls S3.
   *
   * @param what the operation's name, for errors
   * @param query of the bucket's URL, or empty
   * @throws RefusedException if S3 says no
   */
  String call(String what, String method, String bucket, String query, String body)
      throws ApplyException, InterruptedException {
    String target = "/" + bucket + (query.isEmpty() ? "" : "?" + query);
    try {
      HttpResponse<byte[]> answer =
          http.send(method, target, Fields.empty(), body.getBytes(StandardCharsets.UTF_8));
      if (answer.statusCode() / 100 != 2) {
        throw RefusedException.of(what + " " + bucket, answer);
      }
      return new String(answer.body(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new ApplyException(
          "%s %s: S3 does not answer: %s".formatted(what, bucket, e.getMessage()), e);
    }
  }
}
