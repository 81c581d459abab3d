package warmfront.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.control.api.Annex.Answer;
import warmfront.control.identity.Fleet;
import warmfront.control.store.Kept;
import warmfront.control.store.Store;
import warmfront.distribution.Channel;
import warmfront.distribution.Kind;
import warmfront.distribution.Location;
import warmfront.distribution.PriceClass;
import warmfront.distribution.S3Endpoint;
import warmfront.distribution.Server;

/** The live channels, through the fleet's operations. */
final class ChannelApiTest {
  private static final Pattern KEY = Pattern.compile("stream-key ([0-9a-f]{40})\n(?s:.*)");

  @TempDir private Path folder;
  private Store store;
  private Fleet fleet;
  private ChannelApi api;

  @BeforeEach
  void start() {
    store = Store.open(Kept.chosen().url(folder), new SecretKeySpec(new byte[32], "AES"));
    fleet = new Fleet(store);
    fleet.register(location("FRA"));
    api = new ChannelApi(fleet, "cdn.example.net", new SecureRandom());
  }

  @AfterEach
  void stop() {
    store.close();
  }

  @Test
  void a_channel_is_made_with_a_key_that_only_its_maker_sees() {
    Answer made = ask("PUT", "cam1", "location=fra");

    assertThat(made.body())
        .matches(KEY)
        .contains(
            """
            channel    cam1
            location   FRA
            state      enabled
            publish    no server at FRA is registered with rtmp://
            hls        no server at FRA is registered with live://
            part       250 ms
            segment    2000 ms
            record     off
            """);
    assertThat(fleet.channel("cam1"))
        .contains(
            new Channel(
                "cam1",
                Channel.hash(key(made)),
                "FRA",
                true,
                Optional.empty(),
                Duration.ofMillis(250),
                Duration.ofSeconds(2)));
    assertThat(ask("GET", "cam1", "").body())
        .isEqualTo(made.body().substring(made.body().indexOf('\n') + 1))
        .doesNotContain(key(made));
    assertThat(api.answer("GET", List.of("channels"), Settings.of("")).body())
        .isEqualTo("cam1  FRA  enabled\n");
  }

  @Test
  void it_is_shown_with_the_ports_of_the_servers_at_its_home() {
    server("fra-1", "FRA", "http://10.0.0.2:80", "rtmp://10.0.0.2:1936", "rtmp://10.0.0.2:80");
    server("fra-2", "FRA", "rtmp://10.0.0.3:1936", "live://10.0.0.3:7404");
    fleet.register(location("NRT"));
    server("nrt-1", "NRT", "rtmp://10.0.0.4:1937", "live://10.0.0.4:7405");

    Answer made = ask("PUT", "cam1", "location=FRA");

    String urls =
        """
        publish    rtmp://cam1.live.cdn.example.net:1936/live/KEY
        publish    rtmps://cam1.live.cdn.example.net:1936/live/KEY
        play       rtmp://cam1.live.cdn.example.net:1936/live/cam1
        play       rtmps://cam1.live.cdn.example.net:1936/live/cam1
        hls        http://cam1.live.cdn.example.net:7404/cam1/index.m3u8
        dash       http://cam1.live.cdn.example.net:7404/cam1/manifest.mpd
        flv        http://cam1.live.cdn.example.net:7404/cam1.flv
        origin     cam1.live.cdn.example.net port 7404
        part       250 ms
        """;
    assertThat(made.body()).contains(urls.replace("KEY", key(made)));
    assertThat(ask("GET", "cam1", "").body()).contains(urls.replace("/KEY", ""));
  }

  @Test
  void where_its_name_does_not_lead_is_shown_by_its_address() {
    server("fra-1", "FRA", "rtmp://10.0.0.2:1935", "live://127.0.0.1:7404");
    server("fra-2", "FRA", "rtmp://10.0.0.3:1936", "live://[::1]:7404");

    assertThat(ask("PUT", "cam1", "location=FRA").body())
        .contains("rtmp://cam1.live.cdn.example.net:1935/live/cam1")
        .contains("rtmp://cam1.live.cdn.example.net:1936/live/cam1")
        .contains("hls        http://127.0.0.1:7404/cam1/index.m3u8")
        .contains("hls        http://[0:0:0:0:0:0:0:1]:7404/cam1/index.m3u8")
        .containsOnlyOnce("origin     cam1.live.cdn.example.net port 7404");
  }

  private void server(String id, String location, String... listen) {
    List<String> advertised = List.of("192.0.2." + id.charAt(id.length() - 1));
    fleet.register(
        new Server(
            id,
            Server.Role.EDGE,
            location,
            List.of(listen),
            advertised,
            List.of(),
            100,
            Server.State.ACTIVE));
  }

  private static Location location(String code) {
    return new Location(code, "", "DE", 50, 8, PriceClass.PRICE_CLASS_100, 10, Optional.empty());
  }

  @Test
  void a_channel_is_switched_off_and_on_and_gets_another_key() {
    String first = key(ask("PUT", "cam1", "location=FRA&part-millis=500&segment-millis=4000"));

    assertThat(ask("POST", "cam1", "enabled=false").status()).isEqualTo(200);
    assertThat(fleet.channel("cam1").orElseThrow().enabled()).isFalse();
    String second = key(ask("POST", "cam1", "key=new"));
    assertThat(second).isNotEqualTo(first);
    assertThat(ask("POST", "cam1", "enabled=true").status()).isEqualTo(200);

    assertThat(fleet.channel("cam1"))
        .contains(
            new Channel(
                "cam1",
                Channel.hash(second),
                "FRA",
                true,
                Optional.empty(),
                Duration.ofMillis(500),
                Duration.ofSeconds(4)));
  }

  @Test
  void what_cannot_be_a_channel_is_refused() {
    ask("PUT", "cam1", "location=FRA");
    refused(409, "PUT", "cam1", "location=FRA", "there is a channel cam1 already");
    refused(409, "PUT", "cam2", "location=NRT", "there is no location NRT");
    refused(409, "POST", "cam2", "key=new", "there is no channel cam2");
    refused(409, "POST", "cam2", "enabled=true", "there is no channel cam2");
    refused(409, "DELETE", "cam2", "", "there is no channel cam2");
    refused(404, "GET", "cam2", "", "there is no channel cam2");
    refused(405, "PATCH", "cam2", "", "made with PUT");
    for (String query :
        List.of(
            "",
            "location=FRANKFURT",
            "location=FRA&part-millis=99",
            "location=FRA&segment-millis=20000",
            "location=FRA&colour=red")) {
      assertThat(failing("PUT", "cam2", query)).as(query).contains("IllegalArgumentException");
    }
    assertThat(failing("PUT", "Cam_2", "location=FRA")).contains("lower-case");
    for (String query :
        List.of(
            "",
            "enabled=maybe",
            "key=old",
            "enabled=true&key=new",
            "enabled=true&record=off",
            "key=new&record=off")) {
      assertThat(failing("POST", "cam1", query)).contains("one of these");
    }
    assertThat(store.<List<?>>read(tx -> tx.latest(Kind.CHANNEL))).hasSize(1);
  }

  @Test
  void a_channel_is_recorded_to_a_bucket_that_edges_know_of() {
    S3Endpoint endpoint =
        new S3Endpoint(
            "s3.amazonaws.com", URI.create("http://127.0.0.1:9"), "us-east-1", "key", "x");
    store.write(tx -> tx.append(Kind.S3_ENDPOINT, endpoint.id(), Optional.of(endpoint)));
    String bucket = "shows.s3.amazonaws.com";

    assertThat(ask("PUT", "cam1", "location=FRA&record=%s/live".formatted(bucket)).body())
        .contains("record     shows.s3.amazonaws.com/live\n");
    assertThat(api.answer("GET", List.of("channels"), Settings.of("")).body())
        .isEqualTo("cam1  FRA  enabled  recorded to shows.s3.amazonaws.com/live\n");
    assertThat(ask("POST", "cam1", "record=off").status()).isEqualTo(200);
    assertThat(fleet.channel("cam1").orElseThrow().recording()).isEmpty();
    assertThat(ask("POST", "cam1", "record=" + bucket).status()).isEqualTo(200);
    assertThat(fleet.channel("cam1").orElseThrow().recording())
        .contains(new Channel.Recording(bucket, ""));

    String why = "no S3 endpoint is configured for buckets like shows.s3.example.net";
    refused(409, "PUT", "cam2", "location=FRA&record=shows.s3.example.net", why);
    refused(409, "POST", "cam1", "record=shows.s3.example.net/live", why);
    assertThat(failing("POST", "cam1", "record=https://shows/")).contains("domain name");
    assertThat(failing("POST", "cam1", "record=shows.s3.amazonaws.com/../x")).contains("prefix");
  }

  @Test
  void a_location_stays_while_a_channel_is_at_home_there() {
    ask("PUT", "cam1", "location=FRA");

    assertThat(fleet.removeLocation("FRA"))
        .isEqualTo(new Fleet.Outcome.Refused("channel cam1 is at home at FRA; remove it first"));
    ask("DELETE", "cam1", "");
    assertThat(fleet.removeLocation("FRA")).isInstanceOf(Fleet.Outcome.Changed.class);
  }

  private static String key(Answer answer) {
    Matcher matcher = KEY.matcher(answer.body());
    assertThat(matcher.matches()).as(answer.body()).isTrue();
    return matcher.group(1);
  }

  private void refused(int status, String method, String name, String query, String why) {
    Answer answer = ask(method, name, query);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.body()).contains(why);
  }

  private String failing(String method, String name, String query) {
    return String.valueOf(catchThrowable(() -> ask(method, name, query)));
  }

  private Answer ask(String method, String name, String query) {
    return api.answer(method, List.of("channels", name), Settings.of(query));
  }
}
