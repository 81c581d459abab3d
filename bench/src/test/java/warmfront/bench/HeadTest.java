package warmfront.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class HeadTest {
  private static final String HEAD =
      "HTTP/1.1 206 Partial Content\r\nX-Other: content-length: 9\r\nCONTENT-Length: 1024\r\n\r\n";

  @Test
  void status_and_length_are_read_whatever_the_case() {
    byte[] received = bytes(HEAD + "body");

    assertThat(Head.of(received, received.length)).contains(new Head(HEAD.length(), 206, 1024));
  }

  @Test
  void every_shorter_piece_is_incomplete() {
    byte[] received = bytes(HEAD);

    for (int count = 0; count < received.length; count++) {
      assertThat(Head.of(received, count)).isEqualTo(Optional.empty());
    }
  }

  @Test
  void a_head_without_length_says_so() {
    byte[] received = bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");

    assertThat(Head.of(received, received.length).orElseThrow().bodyBytes()).isEqualTo(-1);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
