package warmfront.app.journeys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.app.call.Fetch;
import warmfront.app.demo.Site;
import warmfront.http.Fields;
import warmfront.signing.UrlVerifier;
import warmfront.streaming.rtmp.RtmpCall;
import warmfront.time.Clock;

/** Promise: a viewer of a streaming distribution sees the beginning before the end is fetched. */
final class RtmpJourney {
  private static final String VIDEO = "media/front.mp4";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private static Path folder;
  private static Cinema cinema;
  private static Api.Made made;

  @BeforeAll
  static void a_distribution_of_a_bucket_with_a_video() throws Exception {
    cinema = Cinema.open(folder);
    cinema.put(VIDEO, Site.pages().getLast().content());
    made = cinema.distribution("rtmp", false);
  }

  @AfterAll
  static void end() {
    cinema.close();
  }

  private static RtmpCall call() throws IOException {
    return RtmpCall.open(cinema.edge(), PATIENCE);
  }

  @Test
  void a_video_plays_while_it_is_fetched_and_each_event_is_a_row_of_the_log() throws Exception {
    try (RtmpCall call = call()) {
      assertThat(call.connect(Cinema.url(made)).code()).isEqualTo("NetConnection.Connect.Success");
      assertThat(call.play("mp4:" + VIDEO).code()).startsWith("NetStream.Play.");

      RtmpCall.Message frame = call.next(RtmpCall.VIDEO);
      while (frame.payload().get(1) == 0) {
        frame = call.next(RtmpCall.VIDEO); // the codec's configuration comes first
      }

      assertThat(frame.payload().get(0)).as("a keyframe of H.264").isEqualTo((byte) 0x17);
      assertThat(frame.timestamp()).isZero();
    }

    assertThat(cinema.warmfront().figure("warmfront_cache_memory_bytes")).isLessThan(10e6);
    Await.until("all of it is in the log", () -> events().contains("disconnect"));
    List<String> play = cinema.log(made).get(1);
    assertThat(events()).startsWith("connect", "play").endsWith("disconnect");
    assertThat(play).hasSize(17).contains("FRA1-P1", "OK", Cinema.url(made), VIDEO, "mp4", "1");
    assertThat(cinema.warmfront().figure("warmfront_rtmp_sent_bytes_total")).isPositive();
  }

  private static List<String> events() throws IOException {
    return cinema.log(made).stream().map(row -> row.get(4)).toList();
  }

  @Test
  void names_of_distributions_and_of_channels_are_proved_within_tls() throws Exception {
    Api.Made own = cinema.distribution("secure", false);
    Path authority = cinema.warmfront().data().resolve("ca.pem");
    InetSocketAddress https = cinema.warmfront().https("FRA");
    String channel = "cam1.live.warmfront.localhost";

    try (RtmpCall call =
        RtmpCall.over(TrustedSocket.connect(authority, cinema.edge(), own.domainName()))) {
      RtmpCall.Message answer = call.connect(Cinema.url(own).replace("rtmp:", "rtmps:"));
      assertThat(answer.code()).isEqualTo("NetConnection.Connect.Success");
    }

    TrustedSocket.connect(authority, cinema.edge(), channel).close();
    TrustedSocket.connect(authority, https, channel).close();
    assertThatThrownBy(() -> TrustedSocket.connect(authority, https, "a." + channel))
        .isInstanceOf(SSLHandshakeException.class);
    assertThat(cinema.warmfront().page("/metrics").body())
        .contains("warmfront_rtmp_sessions_total{variant=\"rtmps\"} 1");
  }

  @Test
  void what_cannot_be_connected_to_is_refused_as_cloudfront_refuses_it() throws Exception {
    Api.Made web = cinema.api().createDistribution(Api.plain("web", 8080));

    assertRefused("rtmp://snobody.warmfront.localhost/cfx/st", "DistributionNotFound");
    assertRefused("rtmp://" + web.domainName() + "/cfx/st", "DistributionTypeMismatch");
    assertRefused("rtmp://" + made.domainName() + "/cfx/other", "InvalidInstance");
  }

  private static void assertRefused(String url, String reason) throws IOException {
    try (RtmpCall call = call()) {
      RtmpCall.Message answer = call.connect(url);

      assertThat(answer.code()).isEqualTo("NetConnection.Connect.Rejected");
      assertThat(answer.says(reason)).as(url).isTrue();
    }
  }

  @Test
  void what_is_not_there_is_not_found() throws Exception {
    Api.Made own = cinema.distribution("missing", false);
    try (RtmpCall call = call()) {
      call.connect(Cinema.url(own));

      RtmpCall.Message answer = call.play("mp4:nothing.mp4");
      while (!answer.code().equals("NetStream.Play.StreamNotFound")) {
        answer = call.next();
      }
    }
  }

  @Test
  void names_are_signed_where_the_distribution_has_signers() throws Exception {
    KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
    keys.initialize(2048);
    KeyPair pair = keys.generateKeyPair();
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(pair.getPublic().getEncoded())
            + "\n-----END PUBLIC KEY-----\n";
    Api.Answer key =
        cinema
            .api()
            .call(
                "POST",
                "public-key",
                "<PublicKeyConfig xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\">"
                    + "<CallerReference>k</CallerReference><Name>signer</Name><EncodedKey>"
                    + pem
                    + "</EncodedKey></PublicKeyConfig>");
    assertThat(key.status()).as(key.body()).isEqualTo(201);
    Api.Made own = cinema.distribution("signed", true);
    Instant later = Clock.system().now().plusSeconds(3600);
    Instant before = Clock.system().now().minusSeconds(60);

    assertThat(plays(own, signed(pair.getPrivate(), key.text("Id"), later))).isTrue();
    assertThat(plays(own, signed(pair.getPrivate(), key.text("Id"), before))).isFalse();
    assertThat(plays(own, "mp4:" + VIDEO)).isFalse();
  }

  /** Returns the video's name with a canned policy, whose resource is the name without prefix. */
  private static String signed(PrivateKey key, String keyId, Instant until) throws Exception {
    long expires = until.getEpochSecond();
    Signature signature = Signature.getInstance("SHA1withRSA");
    signature.initSign(key);
    signature.update(UrlVerifier.cannedPolicy(VIDEO, expires).getBytes(UTF_8));
    String text =
        Base64.getEncoder()
            .encodeToString(signature.sign())
            .replace('+', '-')
            .replace('=', '_')
            .replace('/', '~');
    return "mp4:%s?Expires=%d&Signature=%s&Key-Pair-Id=%s".formatted(VIDEO, expires, text, keyId);
  }

  private static boolean plays(Api.Made from, String name) throws IOException {
    try (RtmpCall call = call()) {
      call.connect(Cinema.url(from));
      String code = call.play(name).code();
      while (!code.equals("NetStream.Play.Start") && !isRefusal(code)) {
        code = call.next().code();
      }
      return !isRefusal(code) && call.next(RtmpCall.VIDEO).payload().hasRemaining();
    }
  }

  private static boolean isRefusal(String code) {
    return code.equals("NetStream.Play.Failed") || code.equals("NetStream.Play.StreamNotFound");
  }

  @Test
  void flash_may_come_from_anywhere() throws IOException {
    Fetch.Answer policy =
        new Fetch(Clock.system())
            .get(cinema.edge(), made.domainName(), "/crossdomain.xml", Fields.empty());

    assertThat(policy.status()).isEqualTo(200);
    assertThat(policy.text()).contains("<allow-access-from domain=\"*\"");
  }
}
