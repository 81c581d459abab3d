package warmfront.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static warmfront.edge.Pictures.ALL;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.noCaching;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.Deadline;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.distribution.Behavior;
import warmfront.distribution.Behavior.ViewerProtocol;
import warmfront.distribution.Distribution;
import warmfront.distribution.NameSet;
import warmfront.distribution.Origin;
import warmfront.distribution.OriginRequestPolicy;
import warmfront.distribution.Remedies;
import warmfront.distribution.ZoneCertificate;
import warmfront.edge.cache.CacheLimits;
import warmfront.edge.log.Counters;
import warmfront.edge.origin.OriginRules;
import warmfront.edge.viewer.Listener;
import warmfront.http.Fields;
import warmfront.snapshot.Entry;
import warmfront.snapshot.Snapshot;
import warmfront.snapshot.Subscriber.Verdict;
import warmfront.time.Clock;

/** Calls of gRPC through the edge, by a client and a server that know nothing of it. */
final class GrpcTest {
  private static final String HOST = "www.example.com";
  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir private static Path authorities;
  private static X509Bundle authority;
  private static X509Bundle leaf;

  private final Path folder;
  private final Edge edge;
  private final InetSocketAddress address;
  private final Talker talker;
  private @Nullable ManagedChannel channel;

  private Snapshot picture = Snapshot.empty();

  @BeforeAll
  static void make_certificates() throws Exception {
    authority =
        new CertificateBuilder()
            .ecp256()
            .subject("CN=Authority")
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    leaf =
        new CertificateBuilder()
            .ecp256()
            .subject("CN=leaf")
            .addSanDnsName(HOST)
            .addSanDnsName("origin.test")
            .buildIssuedBy(authority);
    Files.writeString(authorities.resolve("ca.pem"), authority.getCertificatePEM());
  }

  GrpcTest(@TempDir Path folder) throws Exception {
    this.folder = folder;
    talker = new Talker(leaf, 0, 1000);
    edge =
        Edge.open(
            new EdgeConfig(
                folder,
                List.of(
                    new Listener(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Visits.HTTPS)),
                2,
                new EdgeConfig.Storage(CacheLimits.ofMemory(16 << 20), List.of(), 0, 0),
                new EdgeConfig.Outside(
                    OriginRules.ONE_PROCESS,
                    _ -> List.of(InetAddress.ofLiteral("127.0.0.1")),
                    Optional.of(authorities.resolve("ca.pem"))),
                true,
                EdgeConfig.Limits.standard(),
                Clock.system(),
                new SplittableRandom(1)));
    address = edge.start().getFirst();
    picture =
        Pictures.snapshot(
            noCaching("N"),
            Pictures.asking(
                OriginRequestPolicy.HeaderMode.ALL_VIEWER, List.of(), NameSet.NONE, NameSet.NONE),
            new ZoneCertificate(HOST, leaf.getCertificatePathPEM(), leaf.getPrivateKeyPEM()));
    assertThat(edge.take(picture, List.of())).isEqualTo(new Verdict.Applied());
    serve(talker.port(), LONG);
  }

  @AfterEach
  void close() {
    if (channel != null) {
      channel.shutdownNow();
    }
    edge.close();
    talker.close();
  }

  private void serve(int port, Duration patience) {
    serve(port, patience, Origin.Protocol.HTTPS_ONLY);
  }

  /** Serves a distribution that has a page in the place of errors, which no call may get. */
  private void serve(int port, Duration patience, Origin.Protocol protocol) {
    Behavior calls =
        behavior("*", "N", ViewerProtocol.ALLOW_ALL, ALL)
            .withOptions(
                new Behavior.Options(
                        Optional.of("A"), Optional.empty(), true, Behavior.Signers.NONE)
                    .withGrpc());
    Origin origin =
        new Origin(
            "site",
            "origin.test",
            "",
            Fields.empty(),
            new Origin.Custom(port, port, protocol, List.of("TLSv1.2"), patience, LONG),
            1,
            LONG);
    Distribution distribution =
        Pictures.distribution("EA", List.of(HOST), origin, calls)
            .withRemedies(
                new Remedies(Map.of(502, new Remedies.Page("/error.html", 200)), List.of()));
    Entry entry = Pictures.put(picture, distribution);
    picture = picture.after(entry);
    assertThat(edge.take(picture, List.of(entry))).isEqualTo(new Verdict.Applied());
  }

  private ManagedChannel channel() {
    ManagedChannel known = channel;
    if (known == null) {
      try {
        known =
            NettyChannelBuilder.forAddress(address)
                .sslContext(
                    GrpcSslContexts.forClient().trustManager(authority.getCertificate()).build())
                .overrideAuthority(HOST)
                .build();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      channel = known;
    }
    return known;
  }

  private String say(String text) {
    return ClientCalls.blockingUnaryCall(channel(), Talker.SAY, options(), text);
  }

  private static CallOptions options() {
    return CallOptions.DEFAULT.withDeadline(Deadline.after(60, TimeUnit.SECONDS));
  }

  private Future<String> hang(CallOptions options) {
    return ClientCalls.futureUnaryCall(channel().newCall(Talker.HANG, options), "x");
  }

  /** What a stream of answers says, and then how it ended. */
  private static final class Heard implements StreamObserver<String> {
    private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();

    @Override
    public void onNext(String text) {
      texts.add(text);
    }

    @Override
    public void onError(Throwable broken) {
      texts.add(Status.fromThrowable(broken).getCode().name());
    }

    @Override
    public void onCompleted() {
      texts.add("OK");
    }

    String next() throws InterruptedException {
      return String.valueOf(texts.poll(20, TimeUnit.SECONDS));
    }
  }

  private StreamObserver<String> chat(Heard heard) {
    return ClientCalls.asyncBidiStreamingCall(channel().newCall(Talker.CHAT, options()), heard);
  }

  private static Status.Code code(Future<String> call) throws Exception {
    try {
      throw new AssertionError(call.get(20, TimeUnit.SECONDS));
    } catch (java.util.concurrent.ExecutionException e) {
      return Status.fromThrowable(e.getCause()).getCode();
    }
  }

  @Test
  void calls_of_every_kind_go_through_with_what_is_said_before_and_after() throws Exception {
    Metadata before = new Metadata();
    before.put(Talker.BEFORE, "said");
    String said =
        ClientCalls.blockingUnaryCall(
            ClientInterceptors.intercept(
                channel(), MetadataUtils.newAttachHeadersInterceptor(before)),
            Talker.SAY,
            options(),
            "hello");
    Iterator<String> counted =
        ClientCalls.blockingServerStreamingCall(channel(), Talker.COUNT, options(), "1000");
    var joined = new Heard();
    StreamObserver<String> parts =
        ClientCalls.asyncClientStreamingCall(channel().newCall(Talker.JOIN, options()), joined);
    for (int i = 0; i < 1000; i++) {
      parts.onNext("ab");
    }
    parts.onCompleted();
    var heard = new Heard();
    StreamObserver<String> chat = chat(heard);

    assertThat(said).isEqualTo("HELLO");
    assertThat(talker.heads.getFirst().get(Talker.BEFORE)).isEqualTo("said");
    assertThat(talker.heads.getFirst().keys()).contains("via", "x-forwarded-for");
    assertThat(counted).toIterable().hasSize(1000).contains("1000");
    assertThat(joined.next()).isEqualTo("ab".repeat(1000));
    assertThat(joined.next()).isEqualTo("OK");
    for (String word : List.of("one", "two", "three")) {
      chat.onNext(word);
      assertThat(heard.next()).isEqualToIgnoringCase(word);
    }
    chat.onCompleted();
    assertThat(heard.next()).isEqualTo("OK");
    assertThat(edge.counters().origins().opened()).isEqualTo(1);
  }

  @Test
  void a_call_that_fails_says_why_in_its_trailers() {
    assertThatThrownBy(() -> say("fail"))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            failed -> {
              assertThat(failed.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
              assertThat(failed.getStatus().getDescription()).isEqualTo("not like this: 100 % ü");
              assertThat(trailers(failed).get(Talker.AFTER)).isEqualTo("told");
            });
  }

  private static Metadata trailers(StatusRuntimeException failed) {
    @Nullable Metadata after = failed.getTrailers();
    return after == null ? new Metadata() : after;
  }

  @Test
  void long_messages_pass_whole() {
    String text = "x".repeat(4_000_000);

    assertThat(say(text)).isEqualTo("X".repeat(4_000_000));
  }

  @Test
  void a_caller_that_does_not_read_stops_the_origin_and_not_the_edges_memory() throws Exception {
    var received = new LinkedBlockingQueue<Integer>();
    var ended = new AtomicReference<Status>();
    ClientCall<String, String> call = channel().newCall(Talker.FLOOD, options());
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(String text) {
            received.add(text.length());
          }

          @Override
          public void onClose(Status status, Metadata after) {
            ended.set(status);
          }
        },
        new Metadata());
    call.sendMessage("x");
    call.halfClose();
    LiveEdge.eventually(this::pausesForGood);
    assertThat(talker.poured.get())
        .as("pieces of 256 KiB that windows, sockets and the edge hold")
        .isLessThan(Talker.PIECES / 2);

    call.request(Talker.PIECES + 1);

    LiveEdge.eventually(() -> ended.get() != null);
    assertThat(ended.get().getCode()).isEqualTo(Status.Code.OK);
    assertThat(received).hasSize(Talker.PIECES).containsOnly(Talker.PIECE);
  }

  /** Returns whether nothing more was poured while other calls went to the origin and back. */
  private boolean pausesForGood() {
    int poured = talker.poured.get();
    for (int i = 0; i < 20; i++) {
      say("x");
    }
    return poured > 0 && talker.poured.get() == poured;
  }

  @Test
  void a_call_that_is_cancelled_is_cancelled_at_the_origin() throws Exception {
    Future<String> unanswered = hang(options());
    LiveEdge.eventually(() -> talker.hanging.get() == 1);
    unanswered.cancel(true);
    LiveEdge.eventually(() -> talker.cancelled.get() == 1);

    var heard = new Heard();
    StreamObserver<String> chat = chat(heard);
    chat.onNext("a");
    assertThat(heard.next()).isEqualTo("A");
    chat.onError(Status.CANCELLED.asRuntimeException());
    LiveEdge.eventually(() -> talker.cancelled.get() == 2);
  }

  @Test
  void the_origin_hears_of_a_deadline_and_of_its_end() throws Exception {
    say("a connection is open");
    Future<String> late =
        hang(CallOptions.DEFAULT.withDeadline(Deadline.after(400, TimeUnit.MILLISECONDS)));

    assertThat(code(late)).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    LiveEdge.eventually(() -> talker.cancelled.get() == 1);
    assertThat(talker.deadlines).containsExactly(true, true);
  }

  @Test
  void an_origin_that_dies_ends_the_calls_under_way_and_answers_none() throws Exception {
    var heard = new Heard();
    StreamObserver<String> chat = chat(heard);
    chat.onNext("a");
    assertThat(heard.next()).isEqualTo("A");
    Future<String> unanswered = hang(options());
    LiveEdge.eventually(() -> talker.hanging.get() == 1);

    talker.close();

    assertThat(heard.next()).isIn("UNAVAILABLE", "CANCELLED");
    assertThat(code(unanswered)).isIn(Status.Code.UNAVAILABLE, Status.Code.CANCELLED);
    LiveEdge.eventually(() -> failure("x").equals("The origin could not be connected to."));
  }

  @Test
  void an_origin_that_goes_away_ends_its_calls_in_peace_and_another_gets_the_next()
      throws Exception {
    var heard = new Heard();
    StreamObserver<String> chat = chat(heard);
    chat.onNext("a");
    assertThat(heard.next()).isEqualTo("A");

    talker.leave();
    try (Talker next = again(talker.port())) {
      LiveEdge.eventually(() -> failure("x").equals("X") && next.heads.size() > 0);
      chat.onNext("b");
      assertThat(heard.next()).isEqualTo("B");
      chat.onCompleted();

      assertThat(heard.next()).isEqualTo("OK");
      assertThat(edge.counters().origins().opened()).isEqualTo(2);
    }
  }

  @Test
  void as_many_connections_are_open_as_the_calls_under_way_need() throws Exception {
    try (Talker small = new Talker(leaf, 0, 10)) {
      serve(small.port(), LONG);
      say("settings have come");
      List<Future<String>> calls = new ArrayList<>();
      for (int i = 0; i < 25; i++) {
        calls.add(hang(options()));
      }

      LiveEdge.eventually(() -> small.hanging.get() == 25);
      assertThat(edge.counters().origins().opened()).isEqualTo(3);
      calls.forEach(call -> call.cancel(true));
      LiveEdge.eventually(() -> small.cancelled.get() == 25);
      assertThat(say("x")).isEqualTo("X");
      assertThat(edge.counters().origins().opened()).isEqualTo(3);
    }
  }

  @Test
  void silence_is_a_fault_of_an_origin_that_owes_an_answer_and_of_no_conversation()
      throws Exception {
    serve(talker.port(), Duration.ofMillis(200));
    var heard = new Heard();
    StreamObserver<String> chat = chat(heard);
    chat.onNext("a");
    assertThat(heard.next()).isEqualTo("A");

    assertThat(code(hang(options()))).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(code(hang(options()))).isEqualTo(Status.Code.UNAVAILABLE);

    chat.onNext("b");
    assertThat(heard.next()).isEqualTo("B");
    LiveEdge.eventually(() -> talker.cancelled.get() == 2);
  }

  @Test
  void an_origin_without_http2_or_without_tls_answers_no_call() throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(leaf.toKeyManagerFactory().getKeyManagers(), null, null);
    try (ServerSocket server =
        context
            .getServerSocketFactory()
            .createServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"))) {
      Thread.ofVirtual()
          .start(() -> {
            try (Socket socket = server.accept()) {
              socket.getInputStream().readAllBytes();
            } catch (IOException _) {
              // the edge tells
            }
          });
      serve(server.getLocalPort(), LONG);
      assertThat(failure("x")).isEqualTo("No trusted TLS connection to the origin could be made.");
    }
    serve(talker.port(), LONG, Origin.Protocol.HTTP_ONLY);
    assertThat(failure("x")).isEqualTo("No trusted TLS connection to the origin could be made.");
  }

  /** Starts another one at a port that is about to be free. */
  private static Talker again(int port) {
    var started = new AtomicReference<Talker>();
    LiveEdge.eventually(() -> {
      try {
        started.set(new Talker(leaf, port, 1000));
        return true;
      } catch (IOException _) {
        return false;
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    });
    return started.get();
  }

  /** Returns why a call fails; its answer if it does not. */
  private String failure(String text) {
    try {
      return say(text);
    } catch (StatusRuntimeException failed) {
      assertThat(failed.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      return String.valueOf(failed.getStatus().getDescription());
    }
  }

  @Test
  void over_another_version_of_http_there_are_no_calls() throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {authority.toTrustManager()}, null);
    try (var socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(address.getAddress(), address.getPort())) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setServerNames(List.of(new SNIHostName(HOST)));
      socket.setSSLParameters(parameters);
      String request =
          String.join(
              "\r\n",
              "POST /test.Talker/Say HTTP/1.1",
              "Host: " + HOST,
              "Content-Type: application/grpc+proto",
              "Content-Length: 0",
              "Connection: close",
              "",
              "");
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));

      assertThat(Visitor.line(socket.getInputStream()))
          .isEqualTo("HTTP/1.1 505 HTTP Version Not Supported");
    }
    assertThat(talker.heads).isEmpty();
  }

  @Test
  void a_call_is_logged_at_its_end() throws Exception {
    var heard = new Heard();
    StreamObserver<String> chat = chat(heard);
    chat.onNext("a");
    assertThat(heard.next()).isEqualTo("A");
    assertThat(edge.counters().requests().requests()).isEmpty();
    chat.onCompleted();
    assertThat(heard.next()).isEqualTo("OK");
    LiveEdge.eventually(() -> finished() == 1);
    StreamObserver<String> broken = chat(heard);
    broken.onNext("a");
    assertThat(heard.next()).isEqualTo("A");
    talker.close();
    LiveEdge.eventually(() -> finished() == 2);
    edge.close();

    List<String> rows = rows();
    String[] row = rows.getFirst().split("\t", -1);
    assertThat(row[5]).isEqualTo("POST");
    assertThat(row[7]).isEqualTo("/test.Talker/Chat");
    assertThat(row[8]).isEqualTo("200");
    assertThat(row[13]).isEqualTo("Miss");
    assertThat(row[16]).isEqualTo("grpcs");
    assertThat(row[23]).isEqualTo("HTTP/2.0");
    String[] cut = rows.getLast().split("\t", -1);
    assertThat(cut[8]).isEqualTo("200");
    assertThat(cut[13]).isEqualTo("Error");
    assertThat(cut[28]).isEqualTo("OriginReadError");
  }

  private long finished() {
    return edge.counters().requests().requests().stream().mapToLong(Counters.Requests::count).sum();
  }

  private List<String> rows() throws IOException {
    List<String> rows = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder.resolve("logs"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".gz")).toList()) {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
          new String(in.readAllBytes(), ISO_8859_1)
              .lines()
              .filter(line -> !line.startsWith("#"))
              .forEach(rows::add);
        }
      }
    }
    return rows;
  }
}
