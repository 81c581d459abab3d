package warmfront.app.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.app.call.SignedHttp;
import warmfront.http.Fields;
import warmfront.signing.Credentials;
import warmfront.time.Clock;

final class FolderStorageTest {
  private static final Credentials OPERATOR = new Credentials("AKIAOPERATOR", "one");
  private static final Credentials EDGES = new Credentials("AKIAEDGES", "two");
  private static final URI ANYWHERE = URI.create("http://127.0.0.1:0");
  private static final byte[] NONE = {};

  @TempDir private Path folder;
  private ObjectStorage storage;
  private SignedHttp s3;
  private HttpClient viewer;

  @BeforeEach
  void a_bucket_with_an_object() throws Exception {
    storage = FolderStorage.open(ANYWHERE, folder, List.of(OPERATOR, EDGES), true);
    s3 = SignedHttp.s3(storage.endpoint(), "us-east-2", OPERATOR, Clock.system());
    viewer = HttpClient.newHttpClient();
    assertThat(s3.send("PUT", "/site", Fields.empty(), NONE).statusCode()).isEqualTo(200);
    Fields type = Fields.of("Content-Type", "text/plain", "Cache-Control", "max-age=5");
    assertThat(s3.send("PUT", "/site/a/b.txt", type, "0123456789".getBytes(UTF_8)).statusCode())
        .isEqualTo(200);
  }

  @AfterEach
  void close() throws IOException {
    s3.close();
    viewer.close();
    storage.close();
  }

  @Test
  void anyone_reads_an_object_with_what_it_was_put_with() throws Exception {
    HttpResponse<String> answer = get("/site/a/b.txt");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("0123456789");
    assertThat(answer.headers().firstValue("Content-Type")).contains("text/plain");
    assertThat(answer.headers().firstValue("Cache-Control")).contains("max-age=5");
    assertThat(answer.headers().firstValue("ETag"))
        .contains("\"781e5e245d69b566979b86e28d23f2c7\"");
    assertThat(answer.headers().firstValue("Last-Modified")).isPresent();
  }

  @Test
  void a_range_is_a_206() throws Exception {
    HttpResponse<String> answer = get("/site/a/b.txt", "Range", "bytes=2-4");

    assertThat(answer.statusCode()).isEqualTo(206);
    assertThat(answer.body()).isEqualTo("234");
    assertThat(answer.headers().firstValue("Content-Range")).contains("bytes 2-4/10");
  }

  @Test
  void what_has_not_changed_is_a_304() throws Exception {
    HttpResponse<String> first = get("/site/a/b.txt");

    String etag = first.headers().firstValue("ETag").orElseThrow();
    String date = first.headers().firstValue("Last-Modified").orElseThrow();
    assertThat(get("/site/a/b.txt", "If-None-Match", etag).statusCode()).isEqualTo(304);
    assertThat(get("/site/a/b.txt", "If-Modified-Since", date).statusCode()).isEqualTo(304);
  }

  @Test
  void nobody_lists_or_writes_without_a_signature() throws Exception {
    HttpRequest put =
        HttpRequest.newBuilder(storage.endpoint().resolve("/site/x"))
            .PUT(HttpRequest.BodyPublishers.ofString("x"))
            .build();

    assertThat(get("/site?list-type=2").statusCode()).isEqualTo(403);
    assertThat(get("/").statusCode()).isEqualTo(403);
    assertThat(viewer.send(put, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(403);
    assertThat(get("/site/none").statusCode()).isEqualTo(404);
  }

  @Test
  void a_second_key_reads_and_a_wrong_one_does_not() throws Exception {
    Credentials wrong = new Credentials("AKIAEDGES", "three");
    try (SignedHttp edges = SignedHttp.s3(storage.endpoint(), "us-east-1", EDGES, Clock.system());
        SignedHttp liar = SignedHttp.s3(storage.endpoint(), "us-east-1", wrong, Clock.system())) {

      assertThat(edges.send("GET", "/site/a/b.txt", Fields.empty(), NONE).body()).hasSize(10);
      assertThat(liar.send("GET", "/site/a/b.txt", Fields.empty(), NONE).statusCode())
          .isEqualTo(403);
    }
  }

  @Test
  void without_anonymous_reads_a_signature_is_needed() throws Exception {
    try (ObjectStorage strict = FolderStorage.open(ANYWHERE, folder, List.of(OPERATOR), false)) {
      HttpRequest request =
          HttpRequest.newBuilder(strict.endpoint().resolve("/site/a/b.txt")).build();

      assertThat(viewer.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(403);
    }
  }

  @Test
  void objects_are_there_after_a_restart() throws Exception {
    storage.close();

    storage = FolderStorage.open(ANYWHERE, folder, List.of(OPERATOR), true);

    assertThat(get("/site/a/b.txt").body()).isEqualTo("0123456789");
  }

  @Test
  void a_taken_port_is_named() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      URI listen = URI.create("http://127.0.0.1:" + taken.getLocalPort());

      assertThatThrownBy(() -> FolderStorage.open(listen, folder, List.of(OPERATOR), true))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(listen.toString());
    }
  }

  private HttpResponse<String> get(String target, String... fields) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(storage.endpoint().resolve(target));
    if (fields.length > 0) {
      request.headers(fields);
    }
    return viewer.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
