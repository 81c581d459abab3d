package warmfront.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.distribution.Origin;

/** Calls of gRPC whose origin dies, goes away, is silent, or is none. */
final class GrpcOriginTest {
  private final CallingEdge calls;

  GrpcOriginTest(@TempDir Path folder) throws Exception {
    calls = new CallingEdge(folder);
  }

  @AfterEach
  void close() {
    calls.close();
  }

  @Test
  void an_origin_that_dies_ends_the_calls_under_way_and_answers_none() throws Exception {
    var heard = new CallingEdge.Heard();
    StreamObserver<String> chat = calls.chat(heard);
    chat.onNext("a");
    assertThat(heard.next()).isEqualTo("A");
    Future<String> unanswered = calls.hang(CallingEdge.options());
    LiveEdge.eventually(() -> calls.talker.hanging.get() == 1);

    calls.talker.close();

    assertThat(heard.next()).isIn("UNAVAILABLE", "CANCELLED");
    assertThat(CallingEdge.code(unanswered)).isIn(Status.Code.UNAVAILABLE, Status.Code.CANCELLED);
    LiveEdge.eventually(() -> failure("x").equals("The origin could not be connected to."));
  }

  @Test
  void an_origin_that_goes_away_ends_its_calls_in_peace_and_another_gets_the_next()
      throws Exception {
    var heard = new CallingEdge.Heard();
    StreamObserver<String> chat = calls.chat(heard);
    chat.onNext("a");
    assertThat(heard.next()).isEqualTo("A");

    calls.talker.leave();
    try (Talker next = again(calls.talker.port())) {
      LiveEdge.eventually(() -> failure("x").equals("X") && next.heads.size() > 0);
      chat.onNext("b");
      assertThat(heard.next()).isEqualTo("B");
      chat.onCompleted();

      assertThat(heard.next()).isEqualTo("OK");
      assertThat(calls.edge.counters().origins().opened()).isEqualTo(2);
    }
  }

  @Test
  void as_many_connections_are_open_as_the_calls_under_way_need() throws Exception {
    try (Talker small = new Talker(CallingEdge.LEAF, 0, 10)) {
      calls.serve(small.port(), CallingEdge.LONG);
      calls.say("settings have come");
      List<Future<String>> hanging = new ArrayList<>();
      for (int i = 0; i < 25; i++) {
        hanging.add(calls.hang(CallingEdge.options()));
      }

      LiveEdge.eventually(() -> small.hanging.get() == 25);
      assertThat(calls.edge.counters().origins().opened()).isEqualTo(3);
      hanging.forEach(call -> call.cancel(true));
      LiveEdge.eventually(() -> small.cancelled.get() == 25);
      assertThat(calls.say("x")).isEqualTo("X");
      assertThat(calls.edge.counters().origins().opened()).isEqualTo(3);
    }
  }

  @Test
  void silence_is_a_fault_of_an_origin_that_owes_an_answer_and_of_no_conversation()
      throws Exception {
    calls.serve(calls.talker.port(), Duration.ofMillis(200));
    var heard = new CallingEdge.Heard();
    StreamObserver<String> chat = calls.chat(heard);
    chat.onNext("a");
    assertThat(heard.next()).isEqualTo("A");

    assertThat(CallingEdge.code(calls.hang(CallingEdge.options())))
        .isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(CallingEdge.code(calls.hang(CallingEdge.options())))
        .isEqualTo(Status.Code.UNAVAILABLE);

    chat.onNext("b");
    assertThat(heard.next()).isEqualTo("B");
    LiveEdge.eventually(() -> calls.talker.cancelled.get() == 2);
  }

  @Test
  void an_origin_without_http2_or_without_tls_answers_no_call() throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(CallingEdge.LEAF.toKeyManagerFactory().getKeyManagers(), null, null);
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
      calls.serve(server.getLocalPort(), CallingEdge.LONG);
      assertThat(failure("x")).isEqualTo("No trusted TLS connection to the origin could be made.");
    }
    calls.serve(calls.talker.port(), CallingEdge.LONG, Origin.Protocol.HTTP_ONLY);
    assertThat(failure("x")).isEqualTo("No trusted TLS connection to the origin could be made.");
  }

  /** Starts another one at a port that is about to be free. */
  private static Talker again(int port) {
    var started = new AtomicReference<Talker>();
    LiveEdge.eventually(() -> {
      try {
        started.set(new Talker(CallingEdge.LEAF, port, 1000));
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
      return calls.say(text);
    } catch (StatusRuntimeException failed) {
      assertThat(failed.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      return String.valueOf(failed.getStatus().getDescription());
    }
  }
}
