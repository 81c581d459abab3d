package warmfront.streaming.play;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import warmfront.signing.UrlVerifier;
import warmfront.streaming.media.Containers;
import warmfront.streaming.media.Medium;
import warmfront.streaming.media.Opening;
import warmfront.streaming.media.Reel;
import warmfront.streaming.media.Window;
import warmfront.streaming.rtmp.Amf;
import warmfront.streaming.rtmp.Limits;
import warmfront.streaming.rtmp.RtmpClient;
import warmfront.streaming.rtmp.RtmpServer;
import warmfront.time.Clock;

/** Viewers on sockets of files that FFmpeg made. */
final class SocketTest {
  private final SharedReader reader = new SharedReader();
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private OnDemand onDemand;
  private RtmpServer server;
  private InetSocketAddress address;

  @BeforeEach
  void start() throws IOException {
    onDemand =
        new OnDemand(
            _ -> new Distributions.Streaming("S1", false),
            new OnDemand.Objects(reader, Containers::open, threads),
            new UrlVerifier(_ -> Optional.empty()),
            events::add,
            Clock.system(),
            PlayLimits.standard());
    server = new RtmpServer(Limits.standard(), Clock.system(), new Random(1), 1);
    address =
        server
            .start(
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                new FrontDoor(Map.of(OnDemand.NAME, onDemand)))
            .getFirst();
  }

  @AfterEach
  void stop() {
    server.close();
    threads.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "end.mp4",
        "front.mp4",
        "fragments.mp4",
        "segments.mp4",
        "quicktime.mov",
        "keyframes.flv",
        "plain.flv",
        "constant.mp3",
        "variable.mp3",
        "mp3.mp4",
        "sound.m4a"
      })
  void a_viewer_is_sent_what_is_in_the_file(String name) throws IOException {
    byte[] bytes = sample(name);
    reader.put("/" + name, bytes);

    try (RtmpClient client = connected()) {
      buffer(client, 60_000);
      client.command("play", 0, 1, Amf.nothing(), Amf.of(name), Amf.of(-2000));

      assertThat(played(client)).isEqualTo(inFile(bytes, name, 0));
    }
  }

  @Test
  void a_seek_has_the_times_of_the_file() throws IOException {
    byte[] bytes = sample("front.mp4");
    reader.put("/front.mp4", bytes);
    long middle = medium(bytes, "front.mp4").durationMillis() / 2;

    try (RtmpClient client = connected()) {
      buffer(client, 60_000);
      client.command("play", 0, 1, Amf.nothing(), Amf.of("mp4:front"), Amf.of(0));
      client.command("seek", 0, 1, Amf.nothing(), Amf.of((double) middle));
      while (!client.readStatus().equals("NetStream.Seek.Notify")) {
        // what was sent before the seek
      }

      assertThat(played(client)).isEqualTo(inFile(bytes, "front.mp4", middle));
    }
  }

  @Test
  void a_codec_that_the_player_does_not_know_is_refused() throws IOException {
    reader.put("/hevc.mp4", sample("hevc.mp4"));

    try (RtmpClient client = connected()) {
      client.command("play", 0, 1, Amf.nothing(), Amf.of("mp4:hevc"));

      assertThat(client.readStatus()).isEqualTo("NetStream.Play.Failed");
    }
  }

  @Test
  void an_instance_that_is_not_there_is_refused_in_words_that_can_be_read() throws IOException {
    try (RtmpClient client = RtmpClient.shaken(address)) {
      RtmpClient.Message answer = client.connect("cfx/other");

      assertThat(answer.name()).isEqualTo("_error");
      assertThat(answer.values().getLast().members().get("description"))
          .isEqualTo(Amf.of("[ Server.Reject ] : InvalidInstance : The instance is invalid."));
      assertThat(client.readAll()).isEmpty();
    }
  }

  @Test
  void what_happened_is_told_in_order() throws IOException, InterruptedException {
    reader.put("/front.mp4", sample("front.mp4"));
    try (RtmpClient client = connected()) {
      client.command("play", 0, 1, Amf.nothing(), Amf.of("mp4:front"));
      client.readMedia();
    }

    List<Event.Kind> kinds = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      kinds.add(Objects.requireNonNull(events.poll(10, TimeUnit.SECONDS)).kind());
    }
    assertThat(kinds)
        .containsExactly(
            Event.Kind.CONNECT, Event.Kind.PLAY, Event.Kind.STOP, Event.Kind.DISCONNECT);
  }

  @Test
  void viewers_who_come_together_share_one_opening() throws Exception {
    byte[] bytes = sample("end.mp4");
    reader.put("/end.mp4", bytes);
    List<String> expected = inFile(bytes, "end.mp4", 0);

    try (ExecutorService viewers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<String>>> all = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        all.add(
            viewers.submit(() -> {
              try (RtmpClient client = connected()) {
                buffer(client, 60_000);
                client.command("play", 0, 1, Amf.nothing(), Amf.of("mp4:end"));
                return played(client);
              }
            }));
      }
      for (Future<List<String>> one : all) {
        assertThat(one.get(30, TimeUnit.SECONDS)).isEqualTo(expected);
      }
    }

    assertThat(onDemand.opened()).isEqualTo(1);
  }

  private RtmpClient connected() throws IOException {
    RtmpClient client = RtmpClient.shaken(address);
    assertThat(client.connect("cfx/st").code()).isEqualTo("NetConnection.Connect.Success");
    assertThat(client.createStream()).isEqualTo(1);
    return client;
  }

  /** Says how much the client buffers (RTMP 1.0, section 7.1.7). */
  private static void buffer(RtmpClient client, int millis) throws IOException {
    client.message(
        4, 2, 0, 0, ByteBuffer.allocate(10).putShort((short) 3).putInt(1).putInt(millis).array());
  }

  /** Returns what comes until the end: type, time and bytes, but for heads and script data. */
  private static List<String> played(RtmpClient client) throws IOException {
    List<String> frames = new ArrayList<>();
    while (true) {
      RtmpClient.Message message = client.read();
      boolean head = message.type() == 9 && message.payload().get(1) == 0;
      boolean sound = message.type() == 8 && message.payload().get(0) >> 4 == -6;
      head |= sound && message.payload().get(1) == 0;
      if ((message.type() == 8 || message.type() == 9) && !head) {
        frames.add(words(message.type(), message.millis(), message.payload()));
      } else if (message.type() == 20 && message.code().equals("NetStream.Play.Stop")) {
        return frames;
      }
    }
  }

  /** Returns what is in a file from a time on: where it begins at 0, its times do too. */
  private static List<String> inFile(byte[] bytes, String name, long from) {
    Window window = new Whole(ByteBuffer.wrap(bytes));
    Reel reel = medium(bytes, name).from(from);
    List<String> frames = new ArrayList<>();
    long first = -1;
    while (reel.next(window) instanceof Reel.Frame frame) {
      first = first < 0 ? (from == 0 ? frame.millis() : 0) : first;
      ByteBuffer message = ByteBuffer.allocate(frame.prefixLength() + frame.length());
      for (int i = frame.prefixLength() - 1; i >= 0; i--) {
        message.put((byte) (frame.prefix() >> (8 * i)));
      }
      message.put(bytes, (int) frame.offset(), frame.length());
      frames.add(words(frame.kind().number(), frame.millis() - first, message.flip()));
    }
    assertThat(frames).isNotEmpty();
    return frames;
  }

  private static Medium medium(byte[] bytes, String name) {
    Opening.Step step = Containers.open(name).next(new Whole(ByteBuffer.wrap(bytes)));
    return ((Opening.Opened) step).medium();
  }

  private static String words(int type, long millis, ByteBuffer payload) {
    return type + " " + millis + " " + payload.remaining() + " " + payload.hashCode();
  }

  private static byte[] sample(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(Containers.class.getResourceAsStream(name), name)) {
      return in.readAllBytes();
    }
  }

  /** A file that is all there. */
  private record Whole(ByteBuffer bytes) implements Window {
    @Override
    public long objectLength() {
      return bytes.capacity();
    }

    @Override
    public boolean has(long offset, int length) {
      return offset >= 0 && offset + length <= bytes.capacity();
    }

    @Override
    public int at(long offset) {
      return bytes.get((int) offset) & 0xFF;
    }

    @Override
    public void copy(long offset, byte[] into, int at, int length) {
      bytes.get((int) offset, into, at, length);
    }
  }
}
