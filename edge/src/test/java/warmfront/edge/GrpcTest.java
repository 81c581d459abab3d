package warmfront.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls of gRPC through the edge, by a client and a server that know nothing of it. */
final class GrpcTest {
  private final CallingEdge calls;

  GrpcTest(@TempDir Path folder) throws Exception {
    calls = new CallingEdge(folder);
  }

  @AfterEach
  void close() {
    calls.close();
  }

  @Test
  void calls_of_every_kind_go_through_with_what_is_said_before_and_after() throws Exception {
    Metadata before = new Metadata();
    before.put(Talker.BEFORE, "said");
    String said =
        ClientCalls.blockingUnaryCall(
            ClientInterceptors.intercept(
                calls.channel(), MetadataUtils.newAttachHeadersInterceptor(before)),
            Talker.SAY,
            CallingEdge.options(),
            "hello");
    Iterator<String> counted =
        ClientCalls.blockingServerStreamingCall(
            calls.channel(), Talker.COUNT, CallingEdge.options(), "1000");
    var joined = new CallingEdge.Heard();
    StreamObserver<String> parts =
        ClientCalls.asyncClientStreamingCall(
            calls.channel().newCall(Talker.JOIN, CallingEdge.options()), joined);
    for (int i = 0; i < 1000; i++) {
      parts.onNext("ab");
    }
    parts.onCompleted();
    var heard = new CallingEdge.Heard();
    StreamObserver<String> chat = calls.chat(heard);

    assertThat(said).isEqualTo("HELLO");
    assertThat(calls.talker.heads.getFirst().get(Talker.BEFORE)).isEqualTo("said");
    assertThat(calls.talker.heads.getFirst().keys()).contains("via", "x-forwarded-for");
    assertThat(counted).toIterable().hasSize(1000).contains("1000");
    assertThat(joined.next()).isEqualTo("ab".repeat(1000));
    assertThat(joined.next()).isEqualTo("OK");
    for (String word : List.of("one", "two", "three")) {
      chat.onNext(word);
      assertThat(heard.next()).isEqualToIgnoringCase(word);
    }
    chat.onCompleted();
    assertThat(heard.next()).isEqualTo("OK");
    assertThat(calls.edge.counters().origins().opened()).isEqualTo(1);
  }

  @Test
  void a_call_that_fails_says_why_in_its_trailers() {
    assertThatThrownBy(() -> calls.say("fail"))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            failed -> {
              assertThat(failed.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
              assertThat(failed.getStatus().getDescription()).isEqualTo("not like this: 100 % ü");
              assertThat(trailers(failed).get(Talker.AFTER)).isEqualTo("told");
            });
  }

  @Test
  void long_messages_pass_whole() {
    String text = "x".repeat(4_000_000);

    assertThat(calls.say(text)).isEqualTo("X".repeat(4_000_000));
  }

  @Test
  void a_caller_that_does_not_read_stops_the_origin_and_not_the_edges_memory() throws Exception {
    var received = new LinkedBlockingQueue<Integer>();
    var ended = new AtomicReference<Status>();
    ClientCall<String, String> call = calls.channel().newCall(Talker.FLOOD, CallingEdge.options());
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
    assertThat(calls.talker.poured.get())
        .as("pieces of 256 KiB that windows, sockets and the edge hold")
        .isLessThan(Talker.PIECES / 2);

    call.request(Talker.PIECES + 1);

    LiveEdge.eventually(() -> ended.get() != null);
    assertThat(ended.get().getCode()).isEqualTo(Status.Code.OK);
    assertThat(received).hasSize(Talker.PIECES).containsOnly(Talker.PIECE);
  }

  @Test
  void a_call_that_is_cancelled_is_cancelled_at_the_origin() throws Exception {
    Future<String> unanswered = calls.hang(CallingEdge.options());
    LiveEdge.eventually(() -> calls.talker.hanging.get() == 1);
    unanswered.cancel(true);
    LiveEdge.eventually(() -> calls.talker.cancelled.get() == 1);

    var heard = new CallingEdge.Heard();
    StreamObserver<String> chat = calls.chat(heard);
    chat.onNext("a");
    assertThat(heard.next()).isEqualTo("A");
    chat.onError(Status.CANCELLED.asRuntimeException());
    LiveEdge.eventually(() -> calls.talker.cancelled.get() == 2);
  }

  @Test
  void the_origin_hears_of_a_deadline_and_of_its_end() throws Exception {
    calls.say("a connection is open");
    Future<String> late =
        calls.hang(CallOptions.DEFAULT.withDeadline(Deadline.after(400, TimeUnit.MILLISECONDS)));

    assertThat(CallingEdge.code(late)).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    LiveEdge.eventually(() -> calls.talker.cancelled.get() == 1);
    assertThat(calls.talker.deadlines).containsExactly(true, true);
  }

  @Test
  void over_another_version_of_http_there_are_no_calls() throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {CallingEdge.AUTHORITY.toTrustManager()}, null);
    try (var socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(calls.address.getAddress(), calls.address.getPort())) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setServerNames(List.of(new SNIHostName(CallingEdge.HOST)));
      socket.setSSLParameters(parameters);
      String request =
          String.join(
              "\r\n",
              "POST /test.Talker/Say HTTP/1.1",
              "Host: " + CallingEdge.HOST,
              "Content-Type: application/grpc+proto",
              "Content-Length: 0",
              "Connection: close",
              "",
              "");
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));

      assertThat(Visitor.line(socket.getInputStream()))
          .isEqualTo("HTTP/1.1 505 HTTP Version Not Supported");
    }
    assertThat(calls.talker.heads).isEmpty();
  }

  @Test
  void a_call_is_logged_at_its_end() throws Exception {
    var heard = new CallingEdge.Heard();
    StreamObserver<String> chat = calls.chat(heard);
    chat.onNext("a");
    assertThat(heard.next()).isEqualTo("A");
    assertThat(calls.edge.counters().requests().requests()).isEmpty();
    chat.onCompleted();
    assertThat(heard.next()).isEqualTo("OK");
    LiveEdge.eventually(() -> calls.finished() == 1);
    StreamObserver<String> broken = calls.chat(heard);
    broken.onNext("a");
    assertThat(heard.next()).isEqualTo("A");
    calls.talker.close();
    LiveEdge.eventually(() -> calls.finished() == 2);
    calls.edge.close();

    List<String> rows = calls.rows();
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

  private static Metadata trailers(StatusRuntimeException failed) {
    @Nullable Metadata after = failed.getTrailers();
    return after == null ? new Metadata() : after;
  }

  /** Returns whether nothing more was poured while other calls went to the origin and back. */
  private boolean pausesForGood() {
    int poured = calls.talker.poured.get();
    for (int i = 0; i < 20; i++) {
      calls.say("x");
    }
    return poured > 0 && calls.talker.poured.get() == poured;
  }
}
