package warmfront.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import warmfront.app.call.DnsQuestion;
import warmfront.app.call.Fetch;
import warmfront.app.call.SignedHttp;
import warmfront.app.config.Config;
import warmfront.app.demo.DynamicOrigin;
import warmfront.app.demo.Player;
import warmfront.app.demo.Site;
import warmfront.app.demo.Xml;
import warmfront.http.Fields;
import warmfront.time.Clock;

/**
 * The main job, told in lines: a site is filled, a distribution made by the API, viewers are sent
 * to the nearest location and served, a change is published. Each line is a step that is verified.
 */
final class Demo {
  private static final String API = "/2020-05-31/distribution";
  private static final String ACCESS_API = "/2020-05-31/origin-access-control";
  private static final String STREAMING_API = "/2020-05-31/streaming-distribution";
  private static final String VIDEO = "media/front.mp4";
  private static final String BUCKET = "demo-site";

  /** How long the fleet may take to obey a change; a second is the promise. */
  private static final Duration OBEYED_MAX = Duration.ofSeconds(15);

  private static final byte[] NONE = {};

  private final AllInOne all;
  private final PrintStream out;
  private final Clock clock;
  private final Fetch viewer;
  private final List<String> failures = new ArrayList<>();
  private String id = "";
  private String domain = "";
  private String streaming = "";

  Demo(AllInOne all, PrintStream out, Clock clock) {
    this.all = all;
    this.out = out;
    this.clock = clock;
    this.viewer = new Fetch(clock);
  }

  /** Returns the distribution's domain name, once it is made. */
  String domain() {
    return domain;
  }

  /** Returns the distribution's id, once it is made. */
  String id() {
    return id;
  }

  /** Returns where the video is played by RTMP; empty if it is not. */
  String streaming() {
    return streaming;
  }

  /** Tells the story; returns what went wrong, empty if nothing did. */
  List<String> tell(DynamicOrigin origin) throws IOException, InterruptedException {
    locations();
    URI storage = all.s3().orElseThrow(() -> new IOException("the embedded S3 is switched off"));
    try (SignedHttp s3 = SignedHttp.s3(storage, "us-east-2", all.key(), clock);
        SignedHttp api = SignedHttp.api(all.api(), all.key(), clock, trust())) {
      fill(s3, storage);
      line("a dynamic origin", "http://127.0.0.1:" + origin.port() + "/api/time");
      create(api, origin);
      if (!domain.isEmpty()) {
        InetSocketAddress frankfurt = asked("Frankfurt", "192.0.2.10", "FRA");
        InetSocketAddress tokyo = asked("Tokyo", "198.51.100.10", "NRT");
        out.println(
            "   (all locations are on this machine, so the round-trip times are sample data)");
        visit(frankfurt, tokyo);
        if (!all.config().viewers().rtmp().isEmpty()) {
          stream(api);
        }
        change(s3, api, frankfurt);
      }
    }
    return failures;
  }

  private Optional<SSLContext> trust() throws IOException {
    Config config = all.config();
    return config.api().isSecure() && config.api().certificate().isEmpty()
        ? Optional.of(SignedHttp.trusting(config.data().resolve("ca.pem")))
        : Optional.empty();
  }

  private void locations() {
    StringBuilder listed = new StringBuilder();
    for (Config.Place place : all.config().locations()) {
      listed.append(place.location().id()).append(' ').append(place.address()).append("  ");
    }
    line("edge locations", listed.toString().strip());
  }

  private void fill(SignedHttp s3, URI storage) throws IOException, InterruptedException {
    expect(s3.send("PUT", "/" + BUCKET, Fields.empty(), NONE).statusCode() == 200, "CreateBucket");
    long bytes = 0;
    List<Site.Page> pages = Site.pages();
    for (Site.Page page : pages) {
      put(s3, page);
      bytes += page.content().length;
    }
    line(
        "an S3 \"in Ohio\"",
        "%s  %d objects, %.1f MB, one a video".formatted(storage, pages.size(), bytes / 1e6));
  }

  private void put(SignedHttp s3, Site.Page page) throws IOException, InterruptedException {
    Fields fields = Fields.of("Content-Type", page.type(), "Cache-Control", "max-age=86400");
    HttpResponse<byte[]> answer =
        s3.send("PUT", "/" + BUCKET + "/" + page.key(), fields, page.content());
    expect(answer.statusCode() == 200, "PutObject " + page.key() + ": " + answer.statusCode());
  }

  private void create(SignedHttp api, DynamicOrigin origin)
      throws IOException, InterruptedException {
    String control =
        call(api, "POST", ACCESS_API, Xml.accessControl("demo-" + clock.millis()), 201);
    String config =
        Xml.distribution(
            "demo-" + clock.millis(),
            BUCKET + ".s3.us-east-2.amazonaws.com",
            Xml.first(control, "Id"),
            "api.localhost",
            origin.port());
    long begin = clock.nanos();
    String made = call(api, "POST", API, config, 201);
    id = Xml.first(made, "Id");
    domain = Xml.first(made, "DomainName");
    if (!expect(!id.isEmpty(), "CreateDistribution: " + made)) {
      domain = "";
      return;
    }
    boolean deployed = awaitStatus(api, API + "/" + id, "Deployed");
    line("a distribution", id + "  " + domain + "  made by CloudFront's API");
    line(
        "Deployed",
        "on %d edge locations and in DNS after %s"
            .formatted(all.config().locations().size(), since(begin)));
    expect(deployed, "the distribution is not Deployed");
  }

  private InetSocketAddress asked(String city, String address, String wanted) throws IOException {
    DnsQuestion question = new DnsQuestion(domain, DnsQuestion.A, InetAddress.ofLiteral(address));
    DnsQuestion.Answer answer = question.ask(all.dns());
    String to =
        answer.addresses().isEmpty() ? "nobody" : answer.addresses().getFirst().getHostAddress();
    String code = "?";
    for (Config.Place place : all.config().locations()) {
      if (place.address().equals(to)) {
        code = place.location().id();
      }
    }
    line(
        "a viewer in " + city,
        "asks DNS (client subnet %s/%d) and is sent to %s, %s"
            .formatted(network(address), answer.scope(), code, to));
    expect(code.equals(wanted), city + " is sent to " + code + " instead of " + wanted);
    return new InetSocketAddress(to, all.config().viewers().http());
  }

  private static String network(String address) {
    return address.substring(0, address.lastIndexOf('.')) + ".0";
  }

  private void visit(InetSocketAddress frankfurt, InetSocketAddress tokyo) throws IOException {
    got("the page", frankfurt, "/", "Miss");
    got("the page again", frankfurt, "/", "Hit");
    got("the page in Tokyo", tokyo, "/", "Miss");
    got("the video", frankfurt, "/" + VIDEO, "Miss");
    Fetch.Answer video = got("the video again", frankfurt, "/" + VIDEO, "Hit");
    expect(video.bodyBytes() > 20_000_000, "the video has " + video.bodyBytes() + " bytes");
    Fetch.Answer first = got("/api/time", frankfurt, "/api/time", "Miss");
    Fetch.Answer second = viewer.get(frankfurt, domain, "/api/time", Fields.empty());
    expect(!first.text().equals(second.text()), "/api/time does not change");
    expect(second.field("X-Cache").startsWith("Miss"), "/api/time is cached");
  }

  /** Plays the video by RTMP where nobody has seen it yet, so that it is not there. */
  private void stream(SignedHttp api) throws IOException, InterruptedException {
    String config =
        Xml.streamingDistribution(
            "demo-stream-" + clock.millis(), BUCKET + ".s3.us-east-2.amazonaws.com");
    String made = call(api, "POST", STREAMING_API, config, 201);
    String own = Xml.first(made, "Id");
    String name = Xml.first(made, "DomainName");
    if (!expect(
        !name.isEmpty() && awaitStatus(api, STREAMING_API + "/" + own, "Deployed"),
        "CreateStreamingDistribution: " + made)) {
      return;
    }
    line("an RTMP distribution", own + "  " + name + "  of the same bucket");
    streaming = "rtmp://" + name + "/cfx/st";
    Config.Place place = all.config().locations().getLast();
    var edge = new InetSocketAddress(place.address(), all.config().viewers().rtmp().getFirst());
    long before = all.keptBytes(place.location().id());
    long begin = clock.nanos();
    Player.Played played = Player.play(new Player.Stream(edge, streaming, "mp4:" + VIDEO));
    long fetched = all.keptBytes(place.location().id()) - before;
    line(
        "the video by RTMP",
        "%s played 2 s of it at %s after %s, of 20 MB %s had been fetched"
            .formatted(played.player(), place.location().pop(), since(begin), size(fetched)));
    expect(played.plays(), played.player() + " does not play " + streaming);
    expect(
        fetched > 0 && fetched < 20_000_000 / 2, fetched + " bytes were fetched to play the video");
  }

  private void change(SignedHttp s3, SignedHttp api, InetSocketAddress edge)
      throws IOException, InterruptedException {
    Site.Page page = Site.pages().getFirst();
    String changed = new String(page.content(), UTF_8).replace("nearest to you", "nearest to YOU");
    put(s3, new Site.Page(page.key(), page.type(), changed.getBytes(UTF_8)));
    Fetch.Answer old = viewer.get(edge, domain, "/", Fields.empty());
    expect(!old.text().contains("YOU"), "the change is seen before the invalidation");
    long begin = clock.nanos();
    String made =
        call(
            api,
            "POST",
            API + "/" + id + "/invalidation",
            Xml.invalidation("demo-" + clock.millis(), "/*"),
            201);
    String invalidation = Xml.first(made, "Id");
    boolean completed =
        awaitStatus(api, API + "/" + id + "/invalidation/" + invalidation, "Completed");
    line("the page changes", "and /* is invalidated: Completed after " + since(begin));
    expect(completed, "the invalidation is not Completed");
    Fetch.Answer fresh = got("the new page", edge, "/", "Miss");
    expect(fresh.text().contains("YOU"), "the old page is served after the invalidation");
  }

  private Fetch.Answer got(String what, InetSocketAddress edge, String target, String cache)
      throws IOException {
    Fetch.Answer answer = viewer.get(edge, domain, target, Fields.empty());
    line(
        what,
        "%-4s at %s, %s, first byte after %s, all after %s"
            .formatted(
                answer.field("X-Cache").split(" ", 2)[0],
                answer.field("X-Amz-Cf-Pop"),
                size(answer.bodyBytes()),
                millis(answer.first()),
                millis(answer.all())));
    expect(answer.status() == 200, target + " answers " + answer.status());
    expect(
        answer.field("X-Cache").startsWith(cache),
        target + " is " + answer.field("X-Cache") + " instead of " + cache);
    return answer;
  }

  private String call(SignedHttp api, String method, String target, String body, int wanted)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> answer =
        api.send(method, target, Fields.of("Content-Type", "text/xml"), body.getBytes(UTF_8));
    String text = new String(answer.body(), UTF_8);
    expect(answer.statusCode() == wanted, method + " " + target + " answers " + text);
    return text;
  }

  private boolean awaitStatus(SignedHttp api, String target, String wanted)
      throws IOException, InterruptedException {
    long end = clock.nanos() + OBEYED_MAX.toNanos();
    while (clock.nanos() < end) {
      HttpResponse<byte[]> answer = api.send("GET", target, Fields.empty(), NONE);
      if (Xml.first(new String(answer.body(), UTF_8), "Status").equals(wanted)) {
        return true;
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    return false;
  }

  private boolean expect(boolean holds, String otherwise) {
    if (!holds) {
      failures.add(otherwise);
      out.println("   WRONG: " + otherwise);
    }
    return holds;
  }

  private void line(String what, String how) {
    out.printf(Locale.ROOT, "%-22s%s%n", what, how);
  }

  private String since(long begin) {
    return millis(Duration.ofNanos(clock.nanos() - begin));
  }

  private static String millis(Duration time) {
    double millis = time.toNanos() / 1e6;
    return millis < 10
        ? String.format(Locale.ROOT, "%.1f ms", millis)
        : String.format(Locale.ROOT, "%.0f ms", millis);
  }

  private static String size(long bytes) {
    return bytes < 100_000 ? bytes + " B" : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }
}
