package warmfront.edge.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is a request and what is not: messages as they are used to smuggle others, and verdicts. */
final class Http1FramingTest {
  private static final String HOST = "Host: a.example\r\n";
  private static final String NEXT = "GET /next HTTP/1.1\r\nHost: a.example\r\n\r\n";
  private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";

  @AutoClose private static final Edge edge = Edge.started();

  record Message(String what, int status, String bytes) {
    @Override
    public String toString() {
      return what + " -> " + status;
    }
  }

  @ParameterizedTest
  @MethodSource("messages")
  void each_message_is_understood_or_refused_and_never_two(Message message) throws IOException {
    edge.site.requests.clear();
    try (Wire wire = edge.wire()) {
      wire.send(message.bytes + NEXT);

      Wire.Answer answer = wire.answer();

      assertThat(answer.status()).isEqualTo(message.status);
      if (message.status == 200) {
        assertThat(wire.answer().status()).isEqualTo(200);
        assertThat(edge.site.requests).hasSize(2);
        assertThat(edge.site.requests.getLast().path()).isEqualTo("/next");
      } else {
        assertThat(answer.field("Connection")).isEqualTo("close");
        assertThat(answer.text()).contains("request id " + answer.field("X-Amz-Cf-Id"));
        assertThat(wire.closed()).isTrue();
        assertThat(edge.site.requests)
            .noneMatch(request -> request.path().matches("/next|/smuggled"));
      }
    }
  }

  static List<Message> messages() {
    return List.of(
        // request line
        ok("origin form", get("/", HOST)),
        ok("query kept raw", get("/a%2Fb?x=%zz&y", HOST)),
        ok("method unknown", "BREW / HTTP/1.1\r\n" + HOST + "\r\n"),
        ok("empty line first", "\r\n" + get("/", HOST)),
        ok("absolute form", get("http://a.example/x", HOST)),
        ok("absolute form without path", get("http://a.example", HOST)),
        ok("absolute form, port in one", get("HTTP://A.example:80/x", HOST)),
        ok("asterisk form", "OPTIONS * HTTP/1.1\r\n" + HOST + "\r\n"),
        ok("1.0 kept alive", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n" + HOST + "\r\n"),
        bad("authority differs", get("http://b.example/x", HOST)),
        bad("port differs", get("http://a.example:81/x", "Host: a.example:82\r\n")),
        bad("user information", get("http://u@a.example/", HOST)),
        bad("other scheme", get("ftp://a.example/", HOST)),
        bad("asterisk form of GET", get("*", HOST)),
        bad("no slash", get("x", HOST)),
        bad("fragment", get("/x#y", HOST)),
        bad("character above US-ASCII", get("/\u00e9", HOST)),
        bad("two spaces", "GET  / HTTP/1.1\r\n" + HOST + "\r\n"),
        bad("tab", "GET\t/ HTTP/1.1\r\n" + HOST + "\r\n"),
        bad("space at the end", "GET / HTTP/1.1 \r\n" + HOST + "\r\n"),
        bad("space in the target", "GET /a b HTTP/1.1\r\n" + HOST + "\r\n"),
        bad("no version", "GET /\r\n" + HOST + "\r\n"),
        bad("space first", " GET / HTTP/1.1\r\n" + HOST + "\r\n"),
        bad("method no token", "G(T / HTTP/1.1\r\n" + HOST + "\r\n"),
        bad("method of 33", "A".repeat(33) + " / HTTP/1.1\r\n" + HOST + "\r\n"),
        bad("version in small letters", "GET / http/1.1\r\n" + HOST + "\r\n"),
        bad("version with junk", "GET / HTTP/1.1x\r\n" + HOST + "\r\n"),
        bad("bare LF after the request line", "GET / HTTP/1.1\n" + HOST + "\r\n"),
        bad("bare LF only", "GET / HTTP/1.1\nHost: a.example\n\n"),
        bad("bare CR", "GET / HTTP/1.1\r" + HOST + "\r\n"),
        bad("TLS hello", "\u0016\u0003\u0001\u0000\u00fa"),
        said(505, "later minor version", "GET / HTTP/1.2\r\n" + HOST + "\r\n"),
        said(505, "HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        said(403, "CONNECT", "CONNECT a.example:443 HTTP/1.1\r\n" + HOST + "\r\n"),
        // header lines
        bad("no Host", "GET / HTTP/1.1\r\n\r\n"),
        bad("no Host in 1.0", "GET / HTTP/1.0\r\n\r\n"),
        bad("two Hosts", get("/", HOST + HOST)),
        bad("two Hosts that differ", get("/", HOST + "Host: b.example\r\n")),
        bad("empty Host", get("/", "Host:\r\n")),
        bad("Host with a path", get("/", "Host: a.example/x\r\n")),
        bad("Host with user", get("/", "Host: u@a.example\r\n")),
        bad("Host with a bad port", get("/", "Host: a.example:8o\r\n")),
        bad("Host list", get("/", "Host: a.example, b.example\r\n")),
        ok("Host with a port", get("/", "Host: A.example:8080\r\n")),
        ok("Host of IPv6", get("/", "Host: [::1]:8080\r\n")),
        bad("folded line", get("/", HOST + "X: a\r\n b\r\n")),
        bad("folded first line", get("/", " " + HOST)),
        bad("space before the colon", get("/", HOST + "X : a\r\n")),
        bad("no colon", get("/", HOST + "X\r\n")),
        bad("no name", get("/", HOST + ": a\r\n")),
        bad("name no token", get("/", HOST + "X[0]: a\r\n")),
        bad("NUL in a value", get("/", HOST + "X: a\u0000b\r\n")),
        bad("bare CR in a value", get("/", HOST + "X: a\rb\r\n")),
        bad("bare LF in a value", get("/", HOST + "X: a\nY: b\r\n")),
        bad("escape in a value", get("/", HOST + "X: \u001b[0m\r\n")),
        bad("DEL in a value", get("/", HOST + "X: \u007f\r\n")),
        ok("tab and obs-text in a value", get("/", HOST + "X: a\tb\u00ff\r\n")),
        ok("empty value", get("/", HOST + "X:\r\n")),
        bad("Connection takes Host away", get("/", HOST + "Connection: host\r\n")),
        said(417, "unknown expectation", get("/", HOST + "Expect: the worst\r\n")),
        // framing
        ok("length", post(HOST + "Content-Length: 3\r\n", "abc")),
        ok("length 0", post(HOST + "Content-Length: 0\r\n", "")),
        bad("two lengths alike", post(HOST + "Content-Length: 3\r\nContent-Length: 3\r\n", "abc")),
        bad("two lengths", post(HOST + "Content-Length: 0\r\nContent-Length: 44\r\n", smuggled())),
        bad("length list", post(HOST + "Content-Length: 3, 3\r\n", "abc")),
        bad("length with a sign", post(HOST + "Content-Length: +3\r\n", "abc")),
        bad("length below 0", post(HOST + "Content-Length: -3\r\n", "abc")),
        bad("length in hexadecimal", post(HOST + "Content-Length: 0x3\r\n", "abc")),
        bad("length too long", post(HOST + "Content-Length: 18446744073709551617\r\n", "a")),
        bad("length empty", post(HOST + "Content-Length:\r\n", "abc")),
        bad("length with a blank", post(HOST + "Content-Length: 1 2\r\n", "abc")),
        said(413, "length over the limit", post(HOST + "Content-Length: 999999999999\r\n", "a")),
        bad("CL.TE", post(HOST + "Content-Length: 49\r\n" + CHUNKED, "0\r\n\r\n" + smuggled())),
        bad("TE.CL", post(HOST + CHUNKED + "Content-Length: 4\r\n", "5c\r\n" + smuggled())),
        bad("two codings", post(HOST + CHUNKED + CHUNKED, "0\r\n\r\n")),
        bad(
            "TE in 1.0",
            "POST /echo HTTP/1.0\r\nConnection: keep-alive\r\n" + HOST + CHUNKED + "\r\n0\r\n\r\n"),
        bad("TE unknown", post(HOST + "Transfer-Encoding: xchunked\r\n", "0\r\n\r\n")),
        said(501, "TE list", post(HOST + "Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n")),
        bad("TE twice", post(HOST + "Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n")),
        bad("TE not last", post(HOST + "Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n")),
        bad("TE identity", post(HOST + "Transfer-Encoding: identity\r\n", "0\r\n\r\n")),
        bad("TE quoted", post(HOST + "Transfer-Encoding: \"chunked\"\r\n", "0\r\n\r\n")),
        bad("TE after VT", post(HOST + "Transfer-Encoding: \u000bchunked\r\n", "0\r\n\r\n")),
        bad("TE before the colon", post(HOST + "Transfer-Encoding : chunked\r\n", "0\r\n\r\n")),
        ok("TE in capitals", post(HOST + "Transfer-Encoding: CHUNKED\r\n", "0\r\n\r\n")),
        // chunks
        ok("chunks", chunks("3\r\nabc\r\n0A\r\n0123456789\r\n0\r\n\r\n")),
        ok("chunk extension", chunks("3;a=b;c=\"d;\\\"\" ; e\r\nabc\r\n0;x\r\n\r\n")),
        ok("trailers", chunks("3\r\nabc\r\n0\r\nX-A: b\r\nContent-Length: 9\r\n\r\n")),
        bad("chunk size with a sign", chunks("+3\r\nabc\r\n0\r\n\r\n")),
        bad("chunk size with 0x", chunks("0x3\r\nabc\r\n0\r\n\r\n")),
        bad("chunk size empty", chunks("\r\nabc\r\n0\r\n\r\n")),
        bad("chunk size over 63 bits", chunks("10000000000000003\r\nabc\r\n0\r\n\r\n")),
        bad("chunk size with a blank", chunks("3 \r\nabc\r\n0\r\n\r\n")),
        bad("chunk size and bare LF", chunks("3\nabc\r\n0\r\n\r\n")),
        bad("chunk ends late", chunks("3\r\nabcd\r\n0\r\n\r\n")),
        bad("chunk ends with LF", chunks("3\r\nabc\n0\r\n\r\n")),
        bad("chunk ends with other two", chunks("3\r\nabcXX0\r\n\r\n")),
        bad("bare LF in an extension", chunks("3;a\nx\r\nabc\r\n0\r\n\r\n")),
        bad("bare CR in an extension", chunks("3;a\rx\r\nabc\r\n0\r\n\r\n")),
        bad("extension without a name", chunks("3;\r\nabc\r\n0\r\n\r\n")),
        bad("extension without a value", chunks("3;a=\r\nabc\r\n0\r\n\r\n")),
        bad("quote not closed", chunks("3;a=\"b\r\nabc\r\n0\r\n\r\n")),
        bad("extensions over the limit", chunks("3;" + "a".repeat(5000) + "\r\nabc\r\n0\r\n\r\n")),
        bad("trailer folded", chunks("0\r\nX: a\r\n b\r\n\r\n")),
        bad("trailer without a colon", chunks("0\r\nX\r\n\r\n")),
        bad("trailers over the limit", chunks("0\r\nX: " + "a".repeat(9000) + "\r\n\r\n")));
  }

  private static String get(String target, String fields) {
    return "GET " + target + " HTTP/1.1\r\n" + fields + "\r\n";
  }

  private static String post(String fields, String body) {
    return "POST /echo HTTP/1.1\r\n" + fields + "\r\n" + body;
  }

  private static String chunks(String body) {
    return post(HOST + CHUNKED, body);
  }

  private static String smuggled() {
    return "GET /smuggled HTTP/1.1\r\nHost: a.example\r\n\r\n";
  }

  private static Message ok(String what, String bytes) {
    return new Message(what, 200, bytes);
  }

  private static Message bad(String what, String bytes) {
    return new Message(what, 400, bytes);
  }

  private static Message said(int status, String what, String bytes) {
    return new Message(what, status, bytes);
  }
}
