package warmfront.app.journeys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import warmfront.app.call.SignedHttp;
import warmfront.app.demo.Xml;
import warmfront.http.Fields;

/**
 * Everything in one process with a bucket of media in its S3, and streaming distributions of it.
 */
final class Cinema implements AutoCloseable {
  private static final String BUCKET = "media";

  private final Warmfront warmfront;
  private final SignedHttp s3;
  private final Api api;

  private Cinema(Warmfront warmfront) {
    this.warmfront = warmfront;
    s3 = warmfront.callS3();
    api = new Api(warmfront.callApi());
  }

  /** Starts one, with an empty bucket. */
  static Cinema open(Path folder) throws IOException, InterruptedException {
    Cinema cinema = new Cinema(Warmfront.up(folder, Map.of()));
    cinema.put("", new byte[0]);
    return cinema;
  }

  /** Puts an object in the bucket. */
  void put(String key, byte[] content) throws IOException, InterruptedException {
    String target = "/" + BUCKET + (key.isEmpty() ? "" : "/" + key);
    HttpResponse<byte[]> answer = s3.send("PUT", target, Fields.empty(), content);
    assertThat(answer.statusCode()).as(target).isEqualTo(200);
  }

  /** Returns the bucket's objects whose names begin with something, as S3 lists them. */
  String list(String prefix) throws IOException, InterruptedException {
    String target = "/%s?list-type=2&prefix=%s".formatted(BUCKET, prefix);
    return new String(s3.send("GET", target, Fields.empty(), new byte[0]).body(), UTF_8);
  }

  /** Makes a distribution of the bucket and waits until it is deployed. */
  Api.Made distribution(String reference, boolean signed) throws Exception {
    String config = Xml.streamingDistribution(reference, BUCKET + ".s3.us-east-2.amazonaws.com");
    if (signed) {
      config =
          config.replace(
              "<Enabled>false</Enabled><Quantity>0</Quantity>",
              "<Enabled>true</Enabled><Quantity>1</Quantity>"
                  + "<Items><AwsAccountNumber>self</AwsAccountNumber></Items>");
    }
    Api.Answer answer = api.call("POST", "streaming-distribution", config);
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    String id = answer.text("Id");
    Await.until(
        id + " is Deployed",
        () ->
            api.call("GET", "streaming-distribution/" + id, "").text("Status").equals("Deployed"));
    return new Api.Made(id, answer.text("DomainName"));
  }

  Api api() {
    return api;
  }

  Warmfront warmfront() {
    return warmfront;
  }

  /** Returns where RTMP is spoken in Frankfurt. */
  InetSocketAddress edge() {
    String port = warmfront.settings().value("viewers.rtmp");
    return new InetSocketAddress(warmfront.http("FRA").getAddress(), Integer.parseInt(port));
  }

  static String url(Api.Made made) {
    return "rtmp://" + made.domainName() + "/cfx/st";
  }

  /** Returns the rows of a distribution's log, without its header, as fields. */
  List<List<String>> log(Api.Made made) throws IOException {
    Path folder = warmfront.data().resolve("edge").resolve("logs").resolve(made.id());
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .flatMap(file -> lines(file).stream())
          .filter(line -> !line.startsWith("#"))
          .map(line -> List.of(line.split("\t", -1)))
          .toList();
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    api.close();
    s3.close();
    warmfront.close();
  }
}
