package warmfront.bench;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import warmfront.app.call.SignedHttp;
import warmfront.http.Fields;

/** The API's operations that are measured, as its clients call them. Thread-safe. */
record ApiCalls(SignedHttp http) {
  private static final String VERSION = "/2020-05-31/";
  private static final int WORDS_MAX = 300;

  /**
   * A distribution.
   *
   * @param reference the caller's own name of it
   * @param etag its version
   */
  record Made(String id, String reference, String etag) {}

  /** Creates a distribution. */
  Made create(String reference) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = call("POST", "distribution", "", config(reference, 0));
    return new Made(element(answer, "Id"), reference, etag(answer));
  }

  /** Changes a distribution so that edges have something else to obey. */
  Made update(Made made, int change) throws IOException, InterruptedException {
    String target = "distribution/" + made.id() + "/config";
    HttpResponse<byte[]> answer =
        call("PUT", target, made.etag(), config(made.reference(), change));
    return new Made(made.id(), made.reference(), etag(answer));
  }

  /** Returns how far a distribution is. */
  String status(String id) throws IOException, InterruptedException {
    return element(call("GET", "distribution/" + id, "", ""), "Status");
  }

  /**
   * Lists a page of distributions.
   *
   * @param marker where the page before ended; empty for the first
   * @return where this one ends; empty at the end of the list
   */
  Optional<String> list(int items, String marker) throws IOException, InterruptedException {
    String more = marker.isEmpty() ? "" : "&Marker=" + marker;
    String page = text(call("GET", "distribution?MaxItems=" + items + more, "", ""));
    return find(page, "NextMarker");
  }

  /** Has a path of a distribution invalidated; returns the id of that. */
  String invalidate(String id, String reference) throws IOException, InterruptedException {
    String batch =
        """
        <InvalidationBatch xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Paths><Quantity>1</Quantity>\
        <Items><Path>/images/%s.jpg</Path></Items></Paths><CallerReference>%s</CallerReference></InvalidationBatch>\
        """
            .formatted(reference, reference);
    return element(call("POST", "distribution/" + id + "/invalidation", "", batch), "Id");
  }

  /** Returns how far an invalidation is. */
  String invalidationStatus(String id, String invalidation)
      throws IOException, InterruptedException {
    return element(
        call("GET", "distribution/" + id + "/invalidation/" + invalidation, "", ""), "Status");
  }

  /** Calls the fleet's own operations; returns what they say. */
  String fleet(String method, String target) throws IOException, InterruptedException {
    return text(said(http.send(method, "/fleet/" + target, Fields.empty(), new byte[0])));
  }

  private HttpResponse<byte[]> call(String method, String target, String ifMatch, String body)
      throws IOException, InterruptedException {
    Fields fields = ifMatch.isEmpty() ? Fields.empty() : Fields.of("If-Match", ifMatch);
    return said(http.send(method, VERSION + target, fields, body.getBytes(StandardCharsets.UTF_8)));
  }

  private static HttpResponse<byte[]> said(HttpResponse<byte[]> answer) throws IOException {
    if (answer.statusCode() / 100 != 2) {
      String words = text(answer);
      throw new IOException(
          "%d for %s: %s"
              .formatted(
                  answer.statusCode(),
                  answer.uri(),
                  words.substring(0, Math.min(words.length(), WORDS_MAX))));
    }
    return answer;
  }

  private static String etag(HttpResponse<byte[]> answer) throws IOException {
    return answer.headers().firstValue("ETag").orElseThrow(() -> new IOException("no ETag"));
  }

  private static String element(HttpResponse<byte[]> answer, String name) throws IOException {
    return find(text(answer), name).orElseThrow(() -> new IOException("no " + name));
  }

  private static Optional<String> find(String text, String name) {
    Matcher found = Pattern.compile("<" + name + ">([^<]*)<").matcher(text);
    return found.find() ? Optional.of(found.group(1)) : Optional.empty();
  }

  private static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  /** A site as many are: a bucket's worth of files and an API beside it. */
  private static String config(String reference, int change) {
    return """
    <DistributionConfig xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><CallerReference>%s</CallerReference>\
    <DefaultRootObject>index-%d.html</DefaultRootObject><Origins><Quantity>2</Quantity><Items>%s%s</Items></Origins>\
    <DefaultCacheBehavior><TargetOriginId>files</TargetOriginId><ViewerProtocolPolicy>redirect-to-https</ViewerProtocolPolicy>\
    <CachePolicyId>658327ea-f89d-4fab-a63d-7e88639e58f6</CachePolicyId></DefaultCacheBehavior>\
    <CacheBehaviors><Quantity>1</Quantity><Items><CacheBehavior><PathPattern>/api/*</PathPattern>\
    <TargetOriginId>api</TargetOriginId><ViewerProtocolPolicy>https-only</ViewerProtocolPolicy>\
    <CachePolicyId>4135ea2d-6df8-44a3-9df3-4b5a84be39ad</CachePolicyId></CacheBehavior></Items></CacheBehaviors>\
    <Comment>%s</Comment><Enabled>true</Enabled></DistributionConfig>\
    """
        .formatted(reference, change, origin("files"), origin("api"), reference);
  }

  private static String origin(String id) {
    return """
    <Origin><Id>%s</Id><DomainName>%s.example.net</DomainName><CustomOriginConfig><HTTPPort>80</HTTPPort>\
    <HTTPSPort>443</HTTPSPort><OriginProtocolPolicy>https-only</OriginProtocolPolicy></CustomOriginConfig></Origin>\
    """
        .formatted(id, id);
  }
}
