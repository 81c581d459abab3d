package warmfront.app.call;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import warmfront.http.Fields;
import warmfront.time.Clock;

final class CallTest {
  @Test
  void a_question_carries_the_viewers_network_and_reads_the_scope() throws Exception {
    try (DatagramSocket server = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      CompletableFuture<String> asked = CompletableFuture.supplyAsync(() -> answerOnce(server));
      DnsQuestion question =
          new DnsQuestion("d1.example", DnsQuestion.A, InetAddress.ofLiteral("192.0.2.77"));

      DnsQuestion.Answer answer = question.ask((InetSocketAddress) server.getLocalSocketAddress());

      assertThat(asked.get()).endsWith("0008" + "0007" + "0001" + "1800" + "c00002");
      assertThat(answer.code()).isZero();
      assertThat(answer.addresses()).containsExactly(InetAddress.ofLiteral("127.0.0.2"));
      assertThat(answer.scope()).isEqualTo(24);
    }
  }

  @Test
  void a_body_in_chunks_is_counted() throws Exception {
    Fetch.Answer answer =
        fetch(
            """
            HTTP/1.1 200 OK
            X-Cache: Hit
            Transfer-Encoding: chunked

            3
            abc
            2;x
            de
            0

            """);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.field("x-cache")).isEqualTo("Hit");
    assertThat(answer.field("age")).isEqualTo("-");
    assertThat(answer.text()).isEqualTo("abcde");
    assertThat(answer.all()).isGreaterThanOrEqualTo(answer.first());
  }

  @Test
  void a_body_that_ends_early_is_an_error() {
    assertThatThrownBy(() -> fetch("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("6 bytes early");
  }

  private static Fetch.Answer fetch(String response) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Void> served =
          CompletableFuture.runAsync(() -> {
            try (Socket viewer = server.accept()) {
              int _ = viewer.getInputStream().read(new byte[4096]);
              viewer.getOutputStream().write(response.getBytes(ISO_8859_1));
            } catch (IOException e) {
              throw new IllegalStateException(e);
            }
          });
      try {
        return new Fetch(Clock.system())
            .get(
                (InetSocketAddress) server.getLocalSocketAddress(),
                "d1.example",
                "/",
                Fields.of("Accept", "*/*"));
      } finally {
        served.get();
      }
    }
  }

  private static String answerOnce(DatagramSocket server) {
    try {
      DatagramPacket packet = new DatagramPacket(new byte[1500], 1500);
      server.receive(packet);
      String asked = HexFormat.of().formatHex(packet.getData(), 0, packet.getLength());
      String answer =
          asked.substring(0, 4) // the question's number
              + "84000001000100000001"
              + "02643107"
              + "6578616d706c65"
              + "00"
              + "00010001"
              + "c00c"
              + "00010001"
              + "0000003c"
              + "0004"
              + "7f000002"
              + "00"
              + "0029"
              + "04d0"
              + "00000000"
              + "000b"
              + "0008000700011818c00002";
      byte[] bytes = HexFormat.of().parseHex(answer);
      server.send(new DatagramPacket(bytes, bytes.length, packet.getSocketAddress()));
      return asked;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
