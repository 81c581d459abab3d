package warmfront.edge;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** An origin of gRPC whose methods are of every kind, and what it was asked. */
final class Talker implements AutoCloseable {
  static final MethodDescriptor<String, String> SAY = method(MethodType.UNARY, "Say");
  static final MethodDescriptor<String, String> HANG = method(MethodType.UNARY, "Hang");
  static final MethodDescriptor<String, String> COUNT =
      method(MethodType.SERVER_STREAMING, "Count");
  static final MethodDescriptor<String, String> FLOOD =
      method(MethodType.SERVER_STREAMING, "Flood");
  static final MethodDescriptor<String, String> JOIN = method(MethodType.CLIENT_STREAMING, "Join");
  static final MethodDescriptor<String, String> CHAT = method(MethodType.BIDI_STREAMING, "Chat");

  static final Metadata.Key<String> BEFORE = key("x-before");
  static final Metadata.Key<String> AFTER = key("x-after");

  /** Messages of a flood, each of {@link #PIECE} characters. */
  static final int PIECES = 512;

  static final int PIECE = 1 << 18;

  final List<Metadata> heads = new CopyOnWriteArrayList<>();
  final List<Boolean> deadlines = new CopyOnWriteArrayList<>();
  final AtomicInteger hanging = new AtomicInteger();
  final AtomicInteger cancelled = new AtomicInteger();
  final AtomicInteger poured = new AtomicInteger();
  private final Server server;
  private final int port;

  /**
   * Starts one.
   *
   * @param at the port where it listens, or 0
   * @param callsMax calls that it takes on one connection
   */
  Talker(X509Bundle certificate, int at, int callsMax) throws Exception {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), at))
            .sslContext(
                GrpcSslContexts.configure(
                        SslContextBuilder.forServer(certificate.toKeyManagerFactory()))
                    .build())
            .maxConcurrentCallsPerConnection(callsMax)
            .addService(ServerInterceptors.intercept(service(), new Listener()))
            .build()
            .start();
    this.port = server.getPort();
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  private static MethodDescriptor<String, String> method(MethodType type, String name) {
    return MethodDescriptor.<String, String>newBuilder(new Text(), new Text())
        .setType(type)
        .setFullMethodName(MethodDescriptor.generateFullMethodName("test.Talker", name))
        .build();
  }

  private static final class Text implements MethodDescriptor.Marshaller<String> {
    @Override
    public InputStream stream(String text) {
      return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String parse(InputStream stream) {
      try {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private final class Listener implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata head, ServerCallHandler<Q, A> next) {
      heads.add(head);
      deadlines.add(Context.current().getDeadline() != null);
      return next.startCall(call, head);
    }
  }

  private ServerServiceDefinition service() {
    return ServerServiceDefinition.builder("test.Talker")
        .addMethod(SAY, ServerCalls.asyncUnaryCall(this::say))
        .addMethod(HANG, ServerCalls.asyncUnaryCall((_, answer) -> hang(answer)))
        .addMethod(COUNT, ServerCalls.asyncServerStreamingCall(this::count))
        .addMethod(FLOOD, ServerCalls.asyncServerStreamingCall((_, answer) -> flood(answer)))
        .addMethod(JOIN, ServerCalls.asyncClientStreamingCall(this::join))
        .addMethod(CHAT, ServerCalls.asyncBidiStreamingCall(this::chat))
        .build();
  }

  private void say(String text, StreamObserver<String> answer) {
    if (text.equals("fail")) {
      Metadata after = new Metadata();
      after.put(AFTER, "told");
      answer.onError(
          new StatusRuntimeException(
              Status.FAILED_PRECONDITION.withDescription("not like this: 100 % ü"), after));
      return;
    }
    answer.onNext(text.toUpperCase(Locale.ROOT));
    answer.onCompleted();
  }

  private void hang(StreamObserver<String> answer) {
    ((ServerCallStreamObserver<String>) answer).setOnCancelHandler(cancelled::incrementAndGet);
    hanging.incrementAndGet();
  }

  private void count(String to, StreamObserver<String> answer) {
    for (int i = 1; i <= Integer.parseInt(to); i++) {
      answer.onNext(Integer.toString(i));
    }
    answer.onCompleted();
  }

  /** Says as much as it may, as soon as it may. */
  private void flood(StreamObserver<String> answer) {
    var caller = (ServerCallStreamObserver<String>) answer;
    String piece = "x".repeat(PIECE);
    caller.setOnReadyHandler(() -> {
      while (caller.isReady() && poured.get() < PIECES) {
        caller.onNext(piece);
        if (poured.incrementAndGet() == PIECES) {
          caller.onCompleted();
          return;
        }
      }
    });
  }

  private StreamObserver<String> join(StreamObserver<String> answer) {
    var all = new StringBuilder();
    return new StreamObserver<>() {
      @Override
      public void onNext(String text) {
        all.append(text);
      }

      @Override
      public void onError(Throwable broken) {
        cancelled.incrementAndGet();
      }

      @Override
      public void onCompleted() {
        answer.onNext(all.toString());
        answer.onCompleted();
      }
    };
  }

  private StreamObserver<String> chat(StreamObserver<String> answer) {
    return new StreamObserver<>() {
      @Override
      public void onNext(String text) {
        answer.onNext(text.toUpperCase(Locale.ROOT));
      }

      @Override
      public void onError(Throwable broken) {
        cancelled.incrementAndGet();
      }

      @Override
      public void onCompleted() {
        answer.onCompleted();
      }
    };
  }

  int port() {
    return port;
  }

  /** Takes no more calls, by GOAWAY; those under way go on. */
  void leave() {
    server.shutdown();
  }

  /** Ends in the middle of everything. */
  @Override
  public void close() {
    server.shutdownNow();
    try {
      server.awaitTermination();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
