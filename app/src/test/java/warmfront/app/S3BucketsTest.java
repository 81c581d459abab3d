package warmfront.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.app.call.SignedHttp;
import warmfront.app.s3.FolderStorage;
import warmfront.app.s3.ObjectStorage;
import warmfront.distribution.S3Endpoint;
import warmfront.http.Fields;
import warmfront.signing.Credentials;
import warmfront.streaming.recording.BucketException;
import warmfront.streaming.recording.BucketException.Trouble;
import warmfront.streaming.recording.Buckets.Name;
import warmfront.time.Clock;

/** Objects in parts, against the embedded S3. */
final class S3BucketsTest {
  private static final Credentials KEY = new Credentials("KEY", "secret");
  private static final Name OBJECT = new Name("shows.s3.amazonaws.com", "live/cam-1.mp4");

  @TempDir private static Path folder;
  private static ObjectStorage storage;
  private static SignedHttp s3;
  private static S3Buckets buckets;

  @BeforeAll
  static void start() throws Exception {
    storage =
        FolderStorage.open(
            URI.create("http://127.0.0.1:0"), folder.resolve("s3"), List.of(KEY), false);
    s3 = SignedHttp.s3(storage.endpoint(), "us-east-1", KEY, Clock.system());
    assertThat(s3.send("PUT", "/shows", Fields.empty(), new byte[0]).statusCode()).isEqualTo(200);
    buckets = of(endpoint(KEY.secretAccessKey(), storage.endpoint()));
  }

  @AfterAll
  static void stop() throws IOException {
    buckets.close();
    s3.close();
    storage.close();
  }

  private static S3Buckets of(S3Endpoint... endpoints) {
    S3Buckets made = new S3Buckets(Clock.system());
    made.take(List.of(endpoints));
    return made;
  }

  private static S3Endpoint endpoint(String secret, URI at) {
    return new S3Endpoint(
        "s3.amazonaws.com", at, "us-east-1", secret.isEmpty() ? "" : "KEY", secret);
  }

  @Test
  void parts_in_any_order_become_an_object() throws Exception {
    byte[] first = new byte[5 << 20];
    Arrays.fill(first, (byte) 1);
    byte[] last = {2, 2};

    String upload = buckets.begin(OBJECT);
    String lastTag = buckets.send(OBJECT, upload, 2, last);
    assertThat(s3.send("GET", "/shows/live/cam-1.mp4", Fields.empty(), new byte[0]).statusCode())
        .isEqualTo(404);
    String firstTag = buckets.send(OBJECT, upload, 1, first);
    buckets.complete(OBJECT, upload, List.of(firstTag, lastTag));

    var object = s3.send("GET", "/shows/live/cam-1.mp4", Fields.empty(), new byte[0]);
    assertThat(object.statusCode()).isEqualTo(200);
    assertThat(object.headers().firstValue("Content-Type")).contains("video/mp4");
    assertThat(object.body()).hasSize((5 << 20) + 2).startsWith(1).endsWith(1, 2, 2);
    assertThat(buckets.has(OBJECT, (5 << 20) + 2)).isTrue();
    assertThat(buckets.has(OBJECT, 5)).isFalse();
    assertThat(buckets.has(new Name(OBJECT.bucket(), "none"), 5)).isFalse();
  }

  @Test
  void an_upload_that_is_not_known_is_lost() throws Exception {
    String upload = buckets.begin(OBJECT);
    String tag = buckets.send(OBJECT, upload, 1, new byte[9]);
    buckets.abandon(OBJECT, upload);

    assertThat(trouble(() -> buckets.complete(OBJECT, upload, List.of(tag))))
        .isEqualTo(Trouble.LOST);
  }

  @Test
  void answers_are_told_apart_by_what_can_be_done_about_them() throws Exception {
    Map<String, Trouble> wanted = new LinkedHashMap<>();
    wanted.put("500 InternalError", Trouble.AWAY);
    wanted.put("503 SlowDown", Trouble.AWAY);
    wanted.put("400 RequestTimeout", Trouble.AWAY);
    wanted.put("429 Any", Trouble.AWAY);
    wanted.put("200 InternalError", Trouble.AWAY);
    wanted.put("200 NoSuchUpload", Trouble.LOST);
    wanted.put("400 InvalidPart", Trouble.LOST);
    wanted.put("404 NoSuchBucket", Trouble.REFUSED);
    wanted.put("403 AccessDenied", Trouble.REFUSED);
    wanted.put("301 PermanentRedirect", Trouble.REFUSED);
    AtomicReference<String> answer = new AtomicReference<>("");
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String[] words = answer.get().split(" ", -1);
          byte[] body = "<Error><Code>%s</Code></Error>".formatted(words[1]).getBytes(UTF_8);
          exchange.sendResponseHeaders(Integer.parseInt(words[0]), body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    Map<String, Trouble> found = new LinkedHashMap<>();
    URI at = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    try (S3Buckets others = of(endpoint("secret", at))) {
      for (String one : wanted.keySet()) {
        answer.set(one);
        found.put(one, trouble(() -> others.complete(OBJECT, "upload", List.of("\"tag\""))));
      }
      answer.set("200 None");
      assertThat(trouble(() -> others.begin(OBJECT))).as("no name").isEqualTo(Trouble.AWAY);
      assertThat(trouble(() -> others.send(OBJECT, "upload", 1, new byte[1])))
          .as("no ETag")
          .isEqualTo(Trouble.AWAY);
    } finally {
      server.stop(0);
    }

    assertThat(found).isEqualTo(wanted);
  }

  @Test
  void who_may_not_is_refused_and_who_is_not_there_is_away() {
    Name nowhere = new Name("none.s3.amazonaws.com", "a.mp4");
    Name unknown = new Name("shows.s3.example.net", "a.mp4");

    assertThat(trouble(() -> buckets.begin(nowhere))).isEqualTo(Trouble.REFUSED);
    assertThat(trouble(() -> buckets.begin(unknown))).isEqualTo(Trouble.AWAY);
    assertThat(beginning("wrong", storage.endpoint())).isEqualTo(Trouble.REFUSED);
    assertThat(beginning("", storage.endpoint())).as("no credentials").isEqualTo(Trouble.REFUSED);
    assertThat(beginning("secret", URI.create("http://127.0.0.1:9"))).isEqualTo(Trouble.AWAY);
  }

  @Test
  void a_file_is_carried_whole_and_replaces_one_of_its_name() throws Exception {
    Path file = Files.writeString(folder.resolve("log"), "first");
    String key = "a b/100%/E1*.gz";
    assertThat(buckets.carry(OBJECT.bucket(), key, file)).isEmpty();
    Files.writeString(file, "second");

    assertThat(buckets.carry(OBJECT.bucket(), key, file)).isEmpty();

    var object = s3.send("GET", "/shows/a%20b/100%25/E1%2A.gz", Fields.empty(), new byte[0]);
    assertThat(new String(object.body(), UTF_8)).isEqualTo("second");
    assertThat(object.headers().firstValue("Content-Type")).contains("application/gzip");
  }

  @Test
  void what_is_not_carried_says_why() throws Exception {
    Path file = Files.writeString(folder.resolve("log"), "row");
    S3Endpoint nowhere = endpoint("secret", URI.create("http://127.0.0.1:9"));

    assertThat(buckets.carry("none.s3.amazonaws.com", "k", file).orElseThrow())
        .contains("404 NoSuchBucket");
    assertThat(buckets.carry("shows.s3.example.net", "k", file).orElseThrow())
        .contains("no S3 endpoint");
    assertThat(buckets.carry(OBJECT.bucket(), "a/../../other/k", file).orElseThrow())
        .contains("could leave the bucket");
    assertThat(buckets.carry(OBJECT.bucket(), "k", folder.resolve("gone")).orElseThrow())
        .contains("gone");
    try (S3Buckets wrong = of(endpoint("wrong", storage.endpoint()));
        S3Buckets away = of(nowhere)) {
      assertThat(wrong.carry(OBJECT.bucket(), "k", file).orElseThrow()).contains("403");
      assertThat(away.carry(OBJECT.bucket(), "k", file).orElseThrow()).contains("no answer");
    }
  }

  private static Trouble beginning(String secret, URI at) {
    try (S3Buckets others = of(endpoint(secret, at))) {
      return trouble(() -> others.begin(OBJECT));
    }
  }

  private static Trouble trouble(ThrowingCallable call) {
    return catchThrowableOfType(BucketException.class, call).trouble();
  }
}
