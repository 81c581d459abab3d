package warmfront.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.app.call.SignedHttp;
import warmfront.http.Fields;

/** Promise: what curl uploads to a distribution lies in the bucket, signed by the edge. */
final class UploadJourney {
  /** Twice the edge's memory. */
  private static final int BYTES = 32 << 20;

  @TempDir private static Path folder;
  private static Warmfront warmfront;
  private static Api.Made made = new Api.Made("", "");

  @BeforeAll
  static void a_distribution_that_writes_into_a_bucket() throws Exception {
    warmfront = Warmfront.up(folder, Map.of("edge.memory", "16 MiB"));
    try (Api api = new Api(warmfront.callApi());
        SignedHttp s3 = warmfront.callS3()) {
      assertThat(s3.send("PUT", "/inbox", Fields.empty(), new byte[0]).statusCode()).isEqualTo(200);
      String control = api.createAccessControl("uploads");
      String all = "GET HEAD OPTIONS PUT PATCH POST DELETE";
      made =
          api.createDistribution(
              Api.config(
                  "uploads",
                  List.of(Api.bucketOrigin("inbox", "inbox", control)),
                  Api.behavior("", "inbox", "allow-all", all, Api.DISABLED),
                  List.of(Api.behavior("/pages/*", "inbox", "allow-all", all, Api.OPTIMIZED))));
      api.tag(made, "warmfront:invalidate-on-write", "on");
    }
  }

  @AfterAll
  static void end() {
    warmfront.close();
  }

  @Test
  void what_is_written_is_new_at_all_locations() throws Exception {
    for (String text : List.of("first", "second")) {
      Viewer.Answer put =
          Viewer.send(warmfront.http("NRT"), "PUT", made.domainName(), "/pages/a", text);
      assertThat(put.status()).as(put.body()).isEqualTo(200);
      for (String location : List.of("FRA", "SYD", "NRT")) {
        Await.until(
            text + " at " + location,
            () ->
                Viewer.get(warmfront.http(location), made.domainName(), "/pages/a")
                    .body()
                    .equals(text));
      }
    }
  }

  @Test
  void curl_uploads_a_file_longer_than_the_edges_memory() throws Exception {
    assumeTrue(Tool.isThere("curl"), "curl is not installed");
    Path file = folder.resolve("film.bin");
    var random = new Random(7);
    byte[] piece = new byte[1 << 20];
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int i = 0; i < BYTES / piece.length; i++) {
        random.nextBytes(piece);
        out.write(piece);
      }
    }
    InetSocketAddress edge = warmfront.http("FRA");
    String address = edge.getAddress().getHostAddress();
    String resolve = "%s:%d:%s".formatted(made.domainName(), edge.getPort(), address);
    String url = "http://%s:%d/films/film.bin".formatted(made.domainName(), edge.getPort());

    Tool.Said up =
        Tool.run(
            folder, Map.of(), "curl", "-sSf", "--resolve", resolve, "-T", file.toString(), url);
    Path back = folder.resolve("back.bin");
    Tool.Said down =
        Tool.run(
            folder, Map.of(), "curl", "-sSf", "--resolve", resolve, "-o", back.toString(), url);

    assertThat(up.status()).as(up.stderr()).isZero();
    assertThat(down.status()).as(down.stderr()).isZero();
    assertThat(Files.mismatch(file, back)).isEqualTo(-1);
  }
}
