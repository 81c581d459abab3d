package warmfront.edge.viewer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import warmfront.edge.step.Reason;
import warmfront.edge.viewer.Received.Accepted;
import warmfront.edge.viewer.Received.Refusal;

final class HeadParserTest {
  private static final List<String> SEEDS =
      List.of(
          "GET /a/b?c=d HTTP/1.1\r\nHost: a.example\r\nUser-Agent: x\r\nAccept: */*\r\n\r\n",
          "POST /x HTTP/1.1\r\nHost: a.example:80\r\nContent-Length: 10\r\n\r\n",
          "PUT http://a.example/x HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\n\r\n",
          "GET / HTTP/1.0\r\nhost: [::1]\r\nConnection: keep-alive, x\r\nX: y\r\n\r\n",
          "OPTIONS * HTTP/1.1\r\nHost: a.example\r\nExpect: 100-continue\r\nTE: trailers\r\n\r\n");

  private final Limits.Message limits = Limits.standard().message();
  private final HeadParser parser = new HeadParser(limits);

  @Test
  void what_is_of_the_connection_ends_here() {
    Accepted request =
        accepted(
            String.join(
                "\r\n",
                "GET /x HTTP/1.1",
                "Host: A.Example.:81",
                "Connection: close, X-Hop",
                "X-Hop: 1",
                "x-hop: 2",
                "TE: trailers",
                "Upgrade: h2c",
                "Keep-Alive: 5",
                "Proxy-Connection: x",
                "Trailer: y",
                "Cookie:  a=b ",
                "",
                ""));

    assertThat(request.host()).isEqualTo("a.example");
    assertThat(request.keepAlive()).isFalse();
    assertThat(request.fields().toString()).isEqualTo("Host: A.Example.:81\nCookie: a=b\n");
  }

  @Test
  void the_url_is_kept_as_it_came() {
    Accepted request = accepted("GET /a//..;x/%2e?b?c HTTP/1.1\r\nHost: a.example\r\n\r\n");

    assertThat(request.path()).isEqualTo("/a//..;x/%2e");
    assertThat(request.query()).isEqualTo("b?c");
  }

  @Test
  void limits_hold_to_the_byte() {
    String target = "/" + "a".repeat(8191);
    assertThat(read("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n")).isInstanceOf(Accepted.class);
    assertThat(read("GET " + target + "a HTTP/1.1\r\nHost: a\r\n\r\n"))
        .isEqualTo(new Refusal(414, Reason.TARGET_TOO_LONG, "The URL is too long."));

    String start = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
    String full = start + "a".repeat(32_768 - start.length() - 4);
    assertThat(read(full + "\r\n\r\n")).isInstanceOf(Accepted.class);
    assertThat(scan(full + "a\r\n\r\n")).isEqualTo(HeadScanner.HEAD_TOO_LARGE);

    String lines = "GET / HTTP/1.1\r\nHost: a\r\n" + "X: a\r\n".repeat(255);
    assertThat(read(lines + "\r\n")).isInstanceOf(Accepted.class);
    assertThat(read(lines + "X: a\r\n\r\n"))
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.status()).isEqualTo(494));
  }

  @Test
  void a_header_in_any_two_pieces_is_the_same_header() {
    for (String seed : SEEDS) {
      byte[] bytes = seed.getBytes(ISO_8859_1);
      for (int cut = 0; cut < bytes.length; cut++) {
        HeadScanner scanner = new HeadScanner(limits);
        assertThat(scanner.scan(bytes, cut)).isEqualTo(HeadScanner.MORE);
        assertThat(scanner.scan(bytes, bytes.length)).isEqualTo(bytes.length);
      }
    }
  }

  private Accepted accepted(String text) {
    return (Accepted) read(text);
  }

  private Received read(String text) {
    byte[] bytes = text.getBytes(ISO_8859_1);
    assertThat(scan(text)).isEqualTo(bytes.length);
    return parser.parse(Arrays.copyOf(bytes, bytes.length), bytes.length);
  }

  private int scan(String text) {
    byte[] bytes = text.getBytes(ISO_8859_1);
    return new HeadScanner(limits).scan(bytes, Math.min(bytes.length, limits.headBytesMax()));
  }
}
