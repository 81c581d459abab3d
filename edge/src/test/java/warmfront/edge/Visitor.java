package warmfront.edge;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import warmfront.http.Fields;

/** A viewer over a plain socket that says which Host it wants. */
final class Visitor {
  /** What came back. */
  record Answer(int status, Fields fields, String body) {
    String field(String name) {
      return fields.first(name).orElse("");
    }
  }

  private final InetSocketAddress edge;
  private final String host;

  Visitor(InetSocketAddress edge, String host) {
    this.edge = edge;
    this.host = host;
  }

  Answer get(String target, String... fields) throws IOException {
    return ask("GET", target, "", fields);
  }

  Answer ask(String method, String target, String body, String... fields) throws IOException {
    try (Socket socket = connect()) {
      send(socket, method, target, body, fields);
      return read(socket, method);
    }
  }

  Socket connect() throws IOException {
    var socket = new Socket(edge.getAddress(), edge.getPort());
    socket.setSoTimeout(20_000);
    return socket;
  }

  void send(Socket socket, String method, String target, String body, String... fields)
      throws IOException {
    var head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\n");
    for (int i = 0; i < fields.length; i += 2) {
      head.append(fields[i]).append(": ").append(fields[i + 1]).append("\r\n");
    }
    if (!body.isEmpty()) {
      head.append("Content-Length: ").append(body.length()).append("\r\n");
    }
    head.append("Connection: close\r\n\r\n").append(body);
    socket.getOutputStream().write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
  }

  static Answer read(Socket socket, String method) throws IOException {
    InputStream in = socket.getInputStream();
    String[] status = line(in).split(" ", 3);
    Fields.Builder builder = Fields.builder();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      builder.add(line.substring(0, colon), line.substring(colon + 1).strip());
    }
    Fields fields = builder.build();
    int code = Integer.parseInt(status[1]);
    boolean bodiless = method.equals("HEAD") || code == 304 || code == 204;
    return new Answer(code, fields, bodiless ? "" : body(in, fields));
  }

  private static String body(InputStream in, Fields fields) throws IOException {
    var body = new ByteArrayOutputStream();
    if (!fields.has("Transfer-Encoding")) {
      int length = Integer.parseInt(fields.first("Content-Length").orElse("0"));
      body.write(in.readNBytes(length));
      if (body.size() < length) {
        throw new IOException("broke off after " + body.size() + " of " + length);
      }
    } else {
      for (int size = size(in); size > 0; size = size(in)) {
        body.write(in.readNBytes(size));
        line(in);
      }
    }
    return body.toString(StandardCharsets.ISO_8859_1);
  }

  private static int size(InputStream in) throws IOException {
    return Integer.parseInt(line(in), 16);
  }

  static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("ended after " + line);
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }
}
