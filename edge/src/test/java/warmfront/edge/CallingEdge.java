package warmfront.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.Pictures.ALL;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.noCaching;

import io.grpc.CallOptions;
import io.grpc.Deadline;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
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

/**
 * An edge of one distribution whose calls go to an origin of gRPC, and a client of it; both know
 * nothing of the edge.
 */
final class CallingEdge implements AutoCloseable {
  static final String HOST = "www.example.com";
  static final Duration LONG = Duration.ofSeconds(20);
  static final X509Bundle AUTHORITY = authority();
  static final X509Bundle LEAF = leaf();

  final Edge edge;
  final InetSocketAddress address;
  final Talker talker;
  private final Path folder;
  private @Nullable ManagedChannel channel;
  private Snapshot picture = Snapshot.empty();

  CallingEdge(Path folder) throws Exception {
    this.folder = folder;
    Path authorities = Files.writeString(folder.resolve("ca.pem"), AUTHORITY.getCertificatePEM());
    talker = new Talker(LEAF, 0, 1000);
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
                    Optional.of(authorities)),
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
            new ZoneCertificate(HOST, LEAF.getCertificatePathPEM(), LEAF.getPrivateKeyPEM()));
    assertThat(edge.take(picture, List.of())).isEqualTo(new Verdict.Applied());
    serve(talker.port(), LONG);
  }

  private static X509Bundle authority() {
    try {
      return new CertificateBuilder()
          .ecp256()
          .subject("CN=Authority")
          .setIsCertificateAuthority(true)
          .buildSelfSigned();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static X509Bundle leaf() {
    try {
      return new CertificateBuilder()
          .ecp256()
          .subject("CN=leaf")
          .addSanDnsName(HOST)
          .addSanDnsName("origin.test")
          .buildIssuedBy(AUTHORITY);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  void serve(int port, Duration patience) {
    serve(port, patience, Origin.Protocol.HTTPS_ONLY);
  }

  /** Serves a distribution that has a page in the place of errors, which no call may get. */
  void serve(int port, Duration patience, Origin.Protocol protocol) {
    Behavior calls =
        behavior("*", "N", ViewerProtocol.ALLOW_ALL, ALL)
            .withOptions(
                new Behavior.Options(
                    Optional.of("A"),
                    Optional.empty(),
                    Optional.empty(),
                    Behavior.Signers.NONE,
                    Set.of(Behavior.Trait.COMPRESS, Behavior.Trait.GRPC)));
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

  ManagedChannel channel() {
    ManagedChannel known = channel;
    if (known == null) {
      try {
        known =
            NettyChannelBuilder.forAddress(address)
                .sslContext(
                    GrpcSslContexts.forClient().trustManager(AUTHORITY.getCertificate()).build())
                .overrideAuthority(HOST)
                .build();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      channel = known;
    }
    return known;
  }

  String say(String text) {
    return ClientCalls.blockingUnaryCall(channel(), Talker.SAY, options(), text);
  }

  static CallOptions options() {
    return CallOptions.DEFAULT.withDeadline(Deadline.after(60, TimeUnit.SECONDS));
  }

  Future<String> hang(CallOptions options) {
    return ClientCalls.futureUnaryCall(channel().newCall(Talker.HANG, options), "x");
  }

  /** What a stream of answers says, and then how it ended. */
  static final class Heard implements StreamObserver<String> {
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

  StreamObserver<String> chat(Heard heard) {
    return ClientCalls.asyncBidiStreamingCall(channel().newCall(Talker.CHAT, options()), heard);
  }

  static Status.Code code(Future<String> call) throws Exception {
    try {
      throw new AssertionError(call.get(20, TimeUnit.SECONDS));
    } catch (java.util.concurrent.ExecutionException e) {
      return Status.fromThrowable(e.getCause()).getCode();
    }
  }

  /** Returns how many requests have ended. */
  long finished() {
    return edge.counters().requests().requests().stream().mapToLong(Counters.Requests::count).sum();
  }

  /** Returns the rows of the access log, once the edge is closed. */
  List<String> rows() throws IOException {
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

  @Override
  public void close() {
    if (channel != null) {
      channel.shutdownNow();
    }
    edge.close();
    talker.close();
  }
}
