package warmfront.edge;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import warmfront.http.Fields;

/**
 * An origin that says what it was told to, byte by byte, with no field of its own, once for each
 * request of a path; and nothing, by ending the connection, where it was told nothing.
 */
final class RawOrigin implements AutoCloseable {
  /** What it was asked. */
  record Asked(String method, String target, Fields fields) {
    boolean isConditional() {
      return fields.has("If-None-Match") || fields.has("If-Modified-Since");
    }
  }

  final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final Map<String, Deque<String>> answers = new ConcurrentHashMap<>();
  private final ServerSocket server;

  RawOrigin() throws IOException {
    server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::serve);
  }

  int port() {
    return server.getLocalPort();
  }

  /** Says what the next request for a path gets: status line and fields, and a body. */
  void next(String path, String head, String body) {
    String length =
        head.startsWith("304") || head.startsWith("204")
            ? ""
            : "Content-Length: " + body.length() + "\n";
    raw(path, "HTTP/1.1 " + head.strip() + "\n" + length + "Connection: close\n\n" + body);
  }

  /** Says what the next request for a path gets, as it goes over the wire, but for line ends. */
  void raw(String path, String text) {
    String bytes = text.replace("\n", "\r\n");
    answers.computeIfAbsent(path, _ -> new ConcurrentLinkedDeque<>()).add(bytes);
  }

  /** Returns what it was asked of a path. */
  List<Asked> asked(String path) {
    return asked.stream().filter(one -> path(one.target()).equals(path)).toList();
  }

  private static String path(String target) {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  private void serve() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> answer(socket));
      } catch (IOException e) {
        return; // it is closed
      }
    }
  }

  private void answer(Socket socket) {
    try (socket) {
      InputStream in = socket.getInputStream();
      String[] line = Visitor.line(in).split(" ", 3);
      Fields.Builder fields = Fields.builder();
      for (String field = Visitor.line(in); !field.isEmpty(); field = Visitor.line(in)) {
        int colon = field.indexOf(':');
        fields.add(field.substring(0, colon), field.substring(colon + 1).strip());
      }
      Asked question = new Asked(line[0], line[1], fields.build());
      in.readNBytes(Integer.parseInt(question.fields().first("Content-Length").orElse("0")));
      asked.add(question);
      @Nullable Deque<String> said = answers.get(path(question.target()));
      @Nullable String next = said == null ? null : said.poll();
      if (next != null) {
        socket.getOutputStream().write(next.getBytes(StandardCharsets.ISO_8859_1));
      }
    } catch (IOException e) {
      // the edge went away
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
