package warmfront.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.app.call.Fetch;
import warmfront.app.call.SignedHttp;
import warmfront.app.demo.Site;
import warmfront.app.demo.Xml;
import warmfront.app.s3.FolderStorage;
import warmfront.app.s3.ObjectStorage;
import warmfront.http.Fields;
import warmfront.signing.Credentials;
import warmfront.streaming.rtmp.RtmpCall;
import warmfront.time.Clock;

/**
 * Promise: an edge that is a process of its own, registered with {@code rtmp://} and {@code
 * live://}, plays films and channels, within TLS or without, and channels of other locations.
 */
final class StageJourney {
  private static final String FILM = "front.mp4";
  private static final String CHANNEL = "cam1.live.warmfront.localhost";
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Credentials KEY = new Credentials("AKIAEXAMPLE", "secret");

  @TempDir private static Path folder;
  private static ObjectStorage buckets;
  private static Fleet fleet;
  private static Fleet.Stage stage;
  private static Fleet.Stage elsewhere;

  @BeforeAll
  static void an_edge_of_a_fleet_with_a_bucket() throws Exception {
    buckets =
        FolderStorage.open(
            URI.create("http://127.0.0.1:0"), folder.resolve("s3"), List.of(KEY), true);
    byte[] film = Site.pages().getLast().content();
    Files.write(folder.resolve(FILM), film);
    put("/media", new byte[0]);
    put("/media/" + FILM, film);
    fleet = Fleet.begin(folder, Map.of("origins.s3", asked(buckets.endpoint())));
    fleet.locations("FRA", "AMS");
    stage = fleet.registerStage("fra-1", "FRA", "127.0.0.2");
    elsewhere = fleet.registerStage("ams-1", "AMS", "127.0.0.3");
    fleet.startAll(true, "fra-1", "ams-1");
  }

  private static void put(String target, byte[] content) throws Exception {
    try (SignedHttp s3 = SignedHttp.s3(buckets.endpoint(), "us-east-1", KEY, Clock.system())) {
      HttpResponse<byte[]> answer = s3.send("PUT", target, Fields.empty(), content);
      assertThat(answer.statusCode()).as(target).isEqualTo(200);
    }
  }

  private static String asked(URI endpoint) {
    return "[{suffix: s3.us-east-2.amazonaws.com, endpoint: \"%s\", region: us-east-1, credentials: {accessKeyId: %s, secretAccessKey: %s}}]"
        .formatted(endpoint, KEY.accessKeyId(), KEY.secretAccessKey());
  }

  @AfterAll
  static void end() throws IOException {
    if (fleet != null) {
      fleet.close();
    }
    buckets.close();
  }

  @Test
  void a_film_plays() throws Exception {
    Api.Made made = distribution();
    String url = "://" + made.domainName() + "/cfx/st";

    try (RtmpCall open = RtmpCall.open(stage.rtmp(), PATIENCE);
        RtmpCall secure = secure(made.domainName())) {
      assertThat(open.connect("rtmp" + url).code()).isEqualTo("NetConnection.Connect.Success");
      assertThat(secure.connect("rtmps" + url).code()).isEqualTo("NetConnection.Connect.Success");

      assertThat(firstPicture(open, FILM)).isEqualTo(firstPicture(secure, FILM));
    }
  }

  private static Api.Made distribution() throws Exception {
    try (Api api = fleet.api()) {
      String bucket = "media.s3.us-east-2.amazonaws.com";
      Api.Answer answer =
          api.call("POST", "streaming-distribution", Xml.streamingDistribution("stage", bucket));
      assertThat(answer.status()).as(answer.body()).isEqualTo(201);
      String id = answer.text("Id");
      Await.until(
          id + " is Deployed",
          () ->
              api.call("GET", "streaming-distribution/" + id, "")
                  .text("Status")
                  .equals("Deployed"));
      return new Api.Made(id, answer.text("DomainName"));
    }
  }

  private static RtmpCall secure(String name) throws Exception {
    return RtmpCall.over(TrustedSocket.connect(fleet.authority(), stage.rtmp(), name));
  }

  /** Plays until the first message of video, a codec's configuration, and returns that. */
  private static byte[] firstPicture(RtmpCall call, String name) throws IOException {
    assertThat(call.play(name).code()).startsWith("NetStream.Play.");
    RtmpCall.Message message = call.next(RtmpCall.VIDEO);
    byte[] bytes = new byte[message.payload().remaining()];
    message.payload().get(bytes);
    assertThat(bytes).startsWith(0x17, 0);
    return bytes;
  }

  @Test
  void a_channel_is_published_within_tls_and_watched_by_the_urls_that_were_printed()
      throws Exception {
    String printed = fleet.run("channel", "create", "cam1", "--location", "FRA");
    String rtmp = CHANNEL + ":" + stage.rtmp().getPort();
    String hls = "http://%s:%d/cam1/index.m3u8".formatted(CHANNEL, stage.live().getPort());
    assertThat(printed)
        .contains("play       rtmp://%s/live/cam1\n".formatted(rtmp))
        .contains("hls        %s\n".formatted(hls));
    assumeTrue(Tool.isThere("ffmpeg"), "ffmpeg is not installed");

    Process publisher = publish(line(printed, "publish    rtmps://"));
    try {
      Await.until("it is on air", () -> get("/cam1/index.m3u8").status() == 200);

      assertThat(get("/cam1/index.m3u8").text()).startsWith("#EXTM3U");
      try (RtmpCall open = RtmpCall.open(stage.rtmp(), PATIENCE);
          RtmpCall secure = secure(CHANNEL)) {
        assertThat(open.connect("rtmp://" + rtmp + "/live").code()).endsWith(".Success");
        assertThat(secure.connect("rtmps://" + rtmp + "/live").code()).endsWith(".Success");

        byte[] configuration = firstPicture(open, "cam1");
        assertThat(firstPicture(secure, "cam1")).isEqualTo(configuration);

        try (RtmpCall away = RtmpCall.open(elsewhere.rtmp(), PATIENCE)) {
          away.connect("rtmp://anything.warmfront.localhost/live");
          assertThat(firstPicture(away, "cam1")).as("brought from home").isEqualTo(configuration);
        }
      }
    } finally {
      publisher.destroyForcibly();
    }
  }

  /** Returns the rest of the line that begins so. */
  private static String line(String printed, String beginning) {
    return printed
        .lines()
        .filter(line -> line.startsWith(beginning))
        .map(line -> line.substring(beginning.length()))
        .findFirst()
        .orElseThrow();
  }

  private static Fetch.Answer get(String target) throws IOException {
    return new Fetch(Clock.system()).get(stage.live(), CHANNEL, target, Fields.empty());
  }

  /** Publishes the film again and again; the name, which this machine does not know, is proved. */
  private static Process publish(String url) throws IOException {
    String command =
        "ffmpeg -v error -re -stream_loop -1 -i %s -c copy -f flv -tls_verify 1 -ca_file %s -verifyhost %s rtmps://%s"
            .formatted(FILM, fleet.authority(), CHANNEL, url.replace(CHANNEL, "127.0.0.2"));
    return new ProcessBuilder(List.of(command.split(" ", -1)))
        .directory(folder.toFile())
        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("publisher.log").toFile())
        .start();
  }
}
