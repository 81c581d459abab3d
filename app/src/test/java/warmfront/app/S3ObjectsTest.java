package warmfront.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import warmfront.control.api.ObjectReader.Answer;
import warmfront.control.api.ObjectReader.Name;
import warmfront.distribution.S3Endpoint;
import warmfront.time.Clock;

/** Objects of buckets, as the control plane has them read. */
final class S3ObjectsTest {
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final S3Objects objects = new S3Objects(Clock.system());
  private HttpServer s3;

  @BeforeEach
  void start() throws IOException {
    s3 = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    s3.createContext(
        "/",
        exchange -> {
          String target = exchange.getRequestURI().toString();
          asked.add(
              "%s %s %s %s"
                  .formatted(
                      exchange.getRequestMethod(),
                      target,
                      exchange.getRequestHeaders().getFirst("Range"),
                      exchange.getRequestHeaders().getFirst("Authorization")));
          byte[] body = {1, 2, 3};
          int status = target.startsWith("/b/empty") ? 416 : target.startsWith("/b/no") ? 404 : 206;
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    s3.start();
  }

  @AfterEach
  void stop() {
    s3.stop(0);
  }

  private S3Endpoint endpoint(String key) {
    return new S3Endpoint(
        "s3.amazonaws.com",
        URI.create("http://127.0.0.1:" + s3.getAddress().getPort()),
        "us-east-1",
        key,
        "secret");
  }

  private Answer read(String key, Optional<String> version) {
    return objects.read(endpoint("AKID"), new Name("b", key, version), 100);
  }

  @Test
  void an_object_is_asked_for_under_its_key_and_version_and_no_longer_than_wanted() {
    Answer answer = read("a folder/ca+1*.pem", Optional.of("v/1"));

    assertThat(answer).isEqualTo(Answer.Read.of(new byte[] {1, 2, 3}));
    assertThat(asked).hasSize(1);
    assertThat(asked.getFirst())
        .startsWith("GET /b/a%20folder/ca%2B1%2A.pem?versionId=v%2F1 bytes=0-100 AWS4-HMAC-SHA256")
        .contains("Credential=AKID/");
  }

  @Test
  void what_cannot_be_read_is_said() {
    assertThat(read("empty", Optional.empty())).isEqualTo(Answer.Read.of(new byte[0]));
    assertThat(((Answer.Unread) read("no", Optional.empty())).reason())
        .contains("404")
        .contains("b/no");
    assertThat(objects.read(endpoint(""), new Name("b", "k", Optional.empty()), 100))
        .isInstanceOf(Answer.Unread.class);
    S3Endpoint nobody = endpoint("AKID");
    s3.stop(0);
    assertThat(objects.read(nobody, new Name("b", "k", Optional.empty()), 100))
        .isInstanceOf(Answer.Unread.class);
  }
}
