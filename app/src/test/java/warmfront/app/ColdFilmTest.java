package warmfront.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.app.demo.Site;
import warmfront.distribution.Location;
import warmfront.distribution.OriginAccessControl;
import warmfront.distribution.PriceClass;
import warmfront.distribution.Resource;
import warmfront.distribution.S3Endpoint;
import warmfront.distribution.StreamingDistribution;
import warmfront.edge.Edge;
import warmfront.edge.EdgeConfig;
import warmfront.edge.step.Place;
import warmfront.edge.viewer.Listener;
import warmfront.snapshot.Chain;
import warmfront.snapshot.Snapshot;
import warmfront.streaming.Streaming;
import warmfront.streaming.StreamingConfig;
import warmfront.streaming.rtmp.RtmpCall;
import warmfront.streaming.rtmp.Tls;
import warmfront.streaming.rtmp.Variant;
import warmfront.time.Clock;

/**
 * Promise: the first picture of a film that nobody has seen needs 512 KiB and the header of it,
 * wherever the header is, for however many viewers.
 */
final class ColdFilmTest {
  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;
  private static final String HOST = "s1.warmfront.localhost";
  private static final int VIEWERS = 20;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path data;

  @Test
  void a_film_with_its_header_in_front_begins_after_its_first_bytes() throws Exception {
    byte[] film = Site.pages().getLast().content();
    int header = header(film);
    try (FilmBucket bucket = new FilmBucket(film, header + 192 * KIB)) {
      watch(bucket);

      assertThat(bucket.asked())
          .extracting(FilmBucket.Asked::range)
          .containsExactly("bytes=0-1048575");
      assertThat(bucket.sent()).isLessThanOrEqualTo(512 * KIB + header);
    }
  }

  @Test
  void a_film_with_its_header_at_the_end_begins_after_its_first_bytes_and_the_header()
      throws Exception {
    byte[] front = Site.pages().getLast().content();
    byte[] film = headerAtTheEnd(front);
    int header = header(front);
    int headerAt = film.length - header;
    assertThat(headerAt % MIB).as("far from where its slice begins").isGreaterThan(600 * KIB);
    try (FilmBucket bucket = new FilmBucket(film, header + 192 * KIB)) {
      watch(bucket);

      assertThat(bucket.asked()).hasSize(2);
      FilmBucket.Asked beginning = bucket.asked().getFirst();
      FilmBucket.Asked end = bucket.asked().getLast();
      assertThat(beginning.range()).isEqualTo("bytes=0-1048575");
      assertThat(end.first()).isBetween(headerAt - 64L * KIB, (long) headerAt);
      assertThat(end.ifRange()).as("of the same version").isEqualTo("\"1\"");
      assertThat(bucket.asked()).allMatch(a -> a.authorization().contains("AKIDEXAMPLE/"));
      assertThat(bucket.sent()).isLessThanOrEqualTo(512 * KIB + header);
    }
  }

  /** Has many viewers at once connect, and wait for their first picture. */
  private void watch(FilmBucket bucket) throws Exception {
    Location location =
        new Location("LOC", "here", "ZZ", 0, 0, PriceClass.PRICE_CLASS_100, 10, Optional.empty());
    Clock clock = Clock.system();
    try (Edge edge =
            Edge.open(
                new EdgeConfig(
                    data,
                    List.of(new Listener(free(), new Place(location, false, 443))),
                    1,
                    EdgeConfig.Storage.standard(),
                    EdgeConfig.Outside.oneProcess(),
                    false,
                    EdgeConfig.Limits.standard(),
                    clock,
                    new SplittableRandom(1)));
        Streaming streaming =
            new Streaming(
                new StreamingConfig(
                    List.of(
                        new StreamingConfig.Place(
                            location.id(), "test", List.of(free()), edge.reader(location.id()))),
                    Optional.empty(),
                    Optional.empty(),
                    Set.of(Variant.RTMP),
                    1,
                    StreamingConfig.Bounds.standard(),
                    clock,
                    new SplittableRandom(1)),
                edge::isWeb,
                Tls.NONE,
                (_, _) -> {});
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Snapshot picture = picture(bucket.port());
      edge.take(picture, List.of());
      streaming.take(picture, List.of());
      edge.start();
      InetSocketAddress address = streaming.start().getFirst();
      List<Future<?>> viewers = new ArrayList<>();
      for (int i = 0; i < VIEWERS; i++) {
        viewers.add(
            threads.submit(() -> {
              firstPicture(address);
              return null;
            }));
      }
      for (Future<?> viewer : viewers) {
        viewer.get();
      }
    }
  }

  private static void firstPicture(InetSocketAddress address) throws IOException {
    try (RtmpCall call = RtmpCall.open(address, PATIENCE)) {
      call.connect("rtmp://" + HOST + "/cfx/st");
      call.play("mp4:film.mp4");
      RtmpCall.Message video = call.next(RtmpCall.VIDEO);
      while (video.payload().get(1) == 0) {
        video = call.next(RtmpCall.VIDEO); // the codec's configuration comes first
      }
    }
  }

  private static Snapshot picture(int port) {
    Resource bucket =
        new S3Endpoint(
            "s3.amazonaws.com",
            URI.create("http://127.0.0.1:" + port),
            "us-east-1",
            "AKIDEXAMPLE",
            "secret");
    Resource identity = new OriginAccessControl("EI", "EI", OriginAccessControl.Signing.ALWAYS);
    Resource distribution =
        new StreamingDistribution(
            "ES",
            HOST,
            true,
            List.of(),
            "media.s3.amazonaws.com",
            Optional.of("EI"),
            false,
            PriceClass.PRICE_CLASS_ALL,
            Optional.empty());
    return Snapshot.of(
        1,
        1,
        Chain.EMPTY,
        List.of(
            new Snapshot.Versioned(bucket, 1),
            new Snapshot.Versioned(identity, 1),
            new Snapshot.Versioned(distribution, 1)));
  }

  private static InetSocketAddress free() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  /** Returns the length of the demo film's header, which is its second box. */
  private static int header(byte[] film) {
    ByteBuffer bytes = ByteBuffer.wrap(film);
    int type = bytes.getInt(0);
    assertThat(new String(film, type + 4, 4, ISO_8859_1)).isEqualTo("moov");
    return bytes.getInt(type);
  }

  /** Returns the demo's film with its header behind its frames, 700 KiB into a slice. */
  private static byte[] headerAtTheEnd(byte[] film) {
    ByteBuffer from = ByteBuffer.wrap(film);
    int type = from.getInt(0);
    int header = header(film);
    int frames = film.length - type - header;
    int headerAt = ((type + frames) / MIB + 1) * MIB + 700 * KIB;
    ByteBuffer moved = ByteBuffer.allocate(headerAt + header);
    moved.put(0, film, 0, type);
    moved.put(type, film, type + header, frames);
    moved.putInt(type, headerAt - type); // what is behind the frames belongs to no frame
    moved.put(headerAt, film, type, header);
    int offsets = new String(film, type, header, ISO_8859_1).indexOf("stco") + headerAt + 8;
    for (int i = 1; i <= moved.getInt(offsets); i++) {
      moved.putInt(offsets + 4 * i, moved.getInt(offsets + 4 * i) - header);
    }
    return moved.array();
  }
}
