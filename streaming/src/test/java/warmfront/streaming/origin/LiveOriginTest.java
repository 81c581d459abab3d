package warmfront.streaming.origin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import warmfront.time.Clock;

/** Channels over HTTP. */
@Timeout(60)
final class LiveOriginTest {
  private static final Pattern HINT = Pattern.compile("PRELOAD-HINT:TYPE=PART,URI=\"([^\"]+)\"");

  private final Studio studio = new Studio();
  private final HttpClient client = HttpClient.newHttpClient();
  private LiveOrigin origin;

  @BeforeEach
  void start() throws IOException {
    origin = origin(OriginLimits.STANDARD);
  }

  private LiveOrigin origin(OriginLimits limits) throws IOException {
    return LiveOrigin.start(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        1,
        studio,
        limits,
        Clock.system());
  }

  private void restart(OriginLimits limits) throws IOException {
    origin.close();
    origin = origin(limits);
  }

  @AfterEach
  void stop() {
    client.shutdownNow();
    origin.close();
  }

  @Test
  void what_is_not_there_is_404_and_nobody_keeps_that() throws Exception {
    for (String path :
        new String[] {"/cam/index.m3u8", "/nobody/index.m3u8", "/cam.flv", "/", "/cam"}) {
      HttpResponse<String> response = get(path);
      assertThat(response.statusCode()).as(path).isEqualTo(404);
      assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
      assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).hasValue("*");
    }
    assertThat(studio.taps()).as("the channel that there is is listened to").isEqualTo(1);
  }

  @Test
  void a_request_that_comes_before_the_first_segment_waits_for_it() throws Exception {
    studio.begin();
    studio.go(20);
    CompletableFuture<HttpResponse<String>> early = later("/cam/index.m3u8");
    await(() -> origin.counters().waiting() == 1);

    studio.go(40);

    HttpResponse<String> response = early.get(10, TimeUnit.SECONDS);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type"))
        .hasValue("application/vnd.apple.mpegurl");
    assertThat(response.body()).contains("video.m3u8");
  }

  @Test
  void playlists_and_hinted_parts_are_held_until_they_are_true() throws Exception {
    beWatched();
    String hinted = hint(get("/cam/video.m3u8").body());
    CompletableFuture<HttpResponse<String>> part = later("/cam/" + hinted);
    String position = hinted.replaceAll(".*-(\\d+)\\.(\\d+)\\.m4s", "_HLS_msn=$1&_HLS_part=$2");
    CompletableFuture<HttpResponse<String>> playlist = later("/cam/video.m3u8?" + position);
    await(() -> origin.counters().waiting() == 2);
    assertThat(part).isNotDone();

    studio.go(5);

    assertThat(playlist.get(10, TimeUnit.SECONDS).body())
        .contains("URI=\"" + hinted + "\"\n#EXT-X-PRELOAD");
    assertThat(playlist.get().headers().firstValue("Cache-Control")).hasValue("max-age=12");
    assertThat(part.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    assertThat(part.get().headers().firstValue("Cache-Control").orElseThrow())
        .contains("immutable");
    assertThat(origin.counters().waiting()).isZero();
  }

  @Test
  void a_segment_is_sent_while_it_is_made() throws Exception {
    beWatched();
    String open = hint(get("/cam/video.m3u8").body()).replaceAll("\\.\\d+\\.m4s", ".m4s");
    HttpResponse<InputStream> response =
        client.send(request("/cam/" + open).build(), BodyHandlers.ofInputStream());
    InputStream body = response.body();

    assertThat(body.readNBytes(8)).as("the first part is there").hasSize(8);
    studio.go(60);
    byte[] rest = body.readAllBytes();

    HttpResponse<byte[]> whole =
        client.send(request("/cam/" + open).build(), BodyHandlers.ofByteArray());
    assertThat(whole.headers().firstValueAsLong("Content-Length")).hasValue(8L + rest.length);
    assertThat(whole.body()).endsWith(rest);
  }

  @Test
  void flv_begins_with_a_keyframe_and_ends_with_the_broadcast() throws Exception {
    studio.begin();
    studio.go(70);
    HttpResponse<InputStream> response =
        client.send(request("/cam.flv").build(), BodyHandlers.ofInputStream());
    InputStream body = response.body();

    assertThat(body.readNBytes(13)).startsWith('F', 'L', 'V', 1, 1);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("video/x-flv");
    byte[] configuration = tag(body);
    assertThat(configuration[1]).isZero();
    assertThat(tag(body)[0]).isEqualTo((byte) 0x17);
    studio.end();
    int tags = 0;
    while (tag(body).length > 0) {
      tags++;
    }
    assertThat(tags).isEqualTo(19);
    await(() -> studio.taps() == 0);
  }

  private static byte[] tag(InputStream in) throws IOException {
    byte[] head = in.readNBytes(11);
    if (head.length < 11) {
      return new byte[0];
    }
    int length = (head[1] & 0xFF) << 16 | (head[2] & 0xFF) << 8 | (head[3] & 0xFF);
    byte[] payload = in.readNBytes(length);
    in.readNBytes(4);
    return payload;
  }

  @Test
  void one_who_does_not_read_flv_is_let_go_and_takes_no_more_than_allowed() throws Exception {
    restart(
        new OriginLimits(
            10,
            10,
            1 << 16,
            Duration.ofSeconds(60),
            Duration.ofMillis(200),
            Duration.ofSeconds(60)));
    studio.begin();
    studio.setLength(100_000);
    studio.go(1);
    try (Socket idle = new Socket(origin.address().getAddress(), origin.address().getPort())) {
      idle.getOutputStream()
          .write("GET /cam.flv HTTP/1.1\r\nHost: cam\r\n\r\n".getBytes(ISO_8859_1));
      await(() -> studio.taps() == 1);
      for (int i = 0; i < 400 && studio.taps() > 0; i++) {
        studio.go(5);
        TimeUnit.MILLISECONDS.sleep(5);
      }
      await(() -> origin.counters().connections() == 0);
    }
  }

  @Test
  void connections_that_ask_for_nothing_or_read_nothing_end() throws Exception {
    restart(
        new OriginLimits(
            2,
            10,
            1 << 16,
            Duration.ofMillis(300),
            Duration.ofMillis(300),
            Duration.ofSeconds(60)));
    beWatched();
    studio.setLength(1 << 20);
    studio.go(45);
    String playlist = get("/cam/video.m3u8").body();
    String segment = playlist.substring(0, playlist.lastIndexOf(".m4s\n#EXT-X-PROGRAM"));
    segment = segment.substring(segment.lastIndexOf('\n') + 1) + ".m4s";
    await(() -> origin.counters().connections() == 0);
    try (Socket idle = socket();
        Socket deaf = socket();
        Socket third = socket()) {
      assertThat(third.getInputStream().read()).as("there are two already").isEqualTo(-1);
      String large = "GET /cam/%s HTTP/1.1\r\nHost: cam\r\n\r\n".formatted(segment);
      deaf.getOutputStream().write(large.repeat(10).getBytes(ISO_8859_1));

      assertThat(idle.getInputStream().read()).isEqualTo(-1);
      await(() -> origin.counters().connections() == 0);
    }
  }

  private Socket socket() throws IOException {
    Socket socket = new Socket(origin.address().getAddress(), origin.address().getPort());
    socket.setSoTimeout(10_000);
    return socket;
  }

  @Test
  void more_than_may_wait_are_told_so() throws Exception {
    restart(
        new OriginLimits(
            10, 1, 1 << 16, Duration.ofSeconds(60), Duration.ofSeconds(5), Duration.ofSeconds(60)));
    studio.begin();
    CompletableFuture<HttpResponse<String>> first = later("/cam/index.m3u8");
    await(() -> origin.counters().waiting() == 1);

    assertThat(get("/cam/index.m3u8").statusCode()).isEqualTo(503);

    studio.go(60);
    assertThat(first.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
  }

  @Test
  void requests_in_a_row_are_answered_in_order_and_bad_ones_end_the_connection() throws Exception {
    studio.begin();
    try (Socket socket = new Socket(origin.address().getAddress(), origin.address().getPort())) {
      socket.setSoTimeout(10_000);
      String requests =
          """
          GET /cam/video.m3u8 HTTP/1.1
          Host: a

          HEAD /cam/video.m3u8 HTTP/1.1
          Host: a

          PUT /cam/video.m3u8 HTTP/1.1
          Host: a

          GET /cam/video.m3u8?_HLS_part=1 HTTP/1.1
          Host: a

          GET /cam/time HTTP/1.1
          Host: a
          Content-Length: 3

          abc\
          """;
      socket.getOutputStream().write(requests.replace("\n", "\r\n").getBytes(ISO_8859_1));
      await(() -> origin.counters().waiting() == 1);
      studio.go(60);

      String all = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);

      Matcher statuses = Pattern.compile("HTTP/1.1 (\\d+)").matcher(all);
      assertThat(statuses.results().map(found -> found.group(1)))
          .containsExactly("200", "200", "405", "400", "400");
      assertThat(all.split("#EXTM3U", -1)).as("HEAD has no body").hasSize(2);
    }
  }

  @Test
  void browsers_are_told_that_they_may_ask_and_what_time_it_is() throws Exception {
    HttpResponse<String> allowed =
        client.send(
            request("/cam/video.m3u8")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .build(),
            BodyHandlers.ofString());
    assertThat(allowed.headers().firstValue("Access-Control-Allow-Methods")).hasValue("GET, HEAD");

    assertThat(get("/cam/time").body())
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z\\n");
  }

  @Test
  void a_channel_that_nobody_asks_for_is_packaged_no_more() throws Exception {
    restart(
        new OriginLimits(
            10,
            10,
            1 << 16,
            Duration.ofSeconds(60),
            Duration.ofSeconds(5),
            Duration.ofMillis(100)));
    beWatched();

    await(() -> studio.taps() == 0);

    assertThat(origin.counters().channels()).isZero();
  }

  /** Publishes two seconds and two parts and a bit, and somebody watches. */
  private void beWatched() throws Exception {
    studio.begin();
    CompletableFuture<HttpResponse<String>> first = later("/cam/index.m3u8");
    await(() -> studio.taps() == 1);
    studio.go(61);
    assertThat(first.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
  }

  private static String hint(String playlist) {
    Matcher matcher = HINT.matcher(playlist);
    assertThat(matcher.find()).as(playlist).isTrue();
    return matcher.group(1);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
        URI.create("http://127.0.0.1:" + origin.address().getPort() + path));
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(request(path).build(), BodyHandlers.ofString());
  }

  private CompletableFuture<HttpResponse<String>> later(String path) {
    return client.sendAsync(request(path).build(), BodyHandlers.ofString());
  }

  private static void await(BooleanSupplier what) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!what.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited long enough").isLessThan(until);
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }
}
