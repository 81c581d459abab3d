package warmfront.edge.viewer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import warmfront.edge.step.Protocol;

/** Which versions of HTTP viewers over TLS are offered, by the name that they ask for. */
final class OfferedVersionsTest {
  private static final String ALT_SVC = "h3=\":8443\"; ma=86400";

  @AutoClose private final Edge edge = Edge.http3(Limits.standard());

  @Test
  void a_name_with_http3_says_so_over_http1() throws Exception {
    assertThat(overHttp1("a.example")).contains("\r\nAlt-Svc: " + ALT_SVC + "\r\n");
    assertThat(overHttp1("tcp.example")).doesNotContainIgnoringCase("alt-svc");
    assertThat(overHttp1("localhost")).doesNotContainIgnoringCase("alt-svc");
  }

  @Test
  void a_name_with_http3_says_so_over_http2_and_the_second_time_in_a_byte() throws Exception {
    HpackDecoder decoder = new HpackDecoder(new Http2Desk(Limits.standard(), Protocol.HTTP_2));
    try (Frames frames = new Frames(socket("a.example", "h2"))) {
      int first = 0;
      for (int stream = 1; stream <= 3; stream += 2) {
        frames.request(stream, true, get("a.example"));
        ByteBuffer payload = frames.read(Frames.HEADERS).payload();
        byte[] block = new byte[payload.remaining()];
        payload.get(block);
        List<String> lines = new ArrayList<>();
        assertThat(
                decoder.decode(
                    block, block.length, line -> lines.add(line.name() + ": " + line.value())))
            .isTrue();
        assertThat(lines).contains("alt-svc: " + ALT_SVC);
        first = stream == 1 ? block.length : first;
        assertThat(block.length).isLessThanOrEqualTo(first);
      }
    }
  }

  @Test
  void http2_is_offered_to_names_that_have_it() throws Exception {
    assertThat(agreed("a.example")).isEqualTo("h2");
    assertThat(agreed("old.example")).isEqualTo("http/1.1");
  }

  private String agreed(String name) throws Exception {
    try (SSLSocket socket = socket(name, "h2", "http/1.1")) {
      socket.startHandshake();
      return socket.getApplicationProtocol();
    }
  }

  private String overHttp1(String name) throws Exception {
    try (SSLSocket socket = socket(name, "http/1.1")) {
      String request = "GET /x HTTP/1.1\r\nHost: " + name + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }

  private SSLSocket socket(String name, String... protocols) throws Exception {
    SSLSocket socket = edge.socket();
    socket.setSoTimeout(10_000);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setServerNames(List.of(new SNIHostName(name)));
    parameters.setApplicationProtocols(protocols);
    socket.setSSLParameters(parameters);
    return socket;
  }

  private static List<String> get(String name) {
    return List.of(":method", "GET", ":scheme", "https", ":path", "/x", ":authority", name);
  }
}
