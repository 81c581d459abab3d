package warmfront.app.journeys;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import warmfront.http.Fields;

/** A viewer that writes its requests byte by byte and reads until the connection is closed. */
final class Viewer {
  private static final int CONNECT_MILLIS_MAX = 2_000;
  private static final int SILENCE_MILLIS_MAX = 15_000;

  private Viewer() {}

  /** What came. */
  record Answer(int status, Fields fields, String body) {
    /** Returns a field; empty text if it is not there. */
    String field(String name) {
      return fields.first(name).orElse("");
    }

    /** Returns the part of X-Cache before " from cloudfront". */
    String cache() {
      return field("X-Cache").replace(" from cloudfront", "");
    }
  }

  /** Asks {@code host} for {@code target} at an edge location by its address. */
  static Answer get(InetSocketAddress edge, String host, String target, String... fields)
      throws IOException {
    return send(edge, "GET", host, target, "", fields);
  }

  /** Sends a request with a body, if that is not empty. */
  static Answer send(
      InetSocketAddress edge,
      String method,
      String host,
      String target,
      String body,
      String... fields)
      throws IOException {
    try (Socket socket = connect(edge)) {
      return exchange(socket, method, host, target, body, fields);
    }
  }

  /** Sends bytes as they are and returns all that comes until the edge closes. */
  static String raw(InetSocketAddress edge, String bytes) throws IOException {
    try (Socket socket = connect(edge)) {
      return talk(socket, bytes);
    }
  }

  /**
   * Gets over TLS, believing only the authority in {@code authority} and only in {@code host}.
   *
   * @param protocol the one protocol that is offered with ALPN
   */
  static Answer getSecure(
      InetSocketAddress edge, String host, String target, Path authority, String protocol)
      throws IOException, GeneralSecurityException {
    try (Socket plain = connect(edge);
        SSLSocket socket = secure(plain, host, authority, protocol)) {
      return exchange(socket, "GET", host, target, "");
    }
  }

  /** Returns the protocol that the edge chooses if only {@code protocol} is offered. */
  static String chosenProtocol(InetSocketAddress edge, String host, Path authority, String protocol)
      throws IOException, GeneralSecurityException {
    try (Socket plain = connect(edge);
        SSLSocket socket = secure(plain, host, authority, protocol)) {
      return socket.getApplicationProtocol();
    }
  }

  private static SSLSocket secure(Socket plain, String host, Path authority, String protocol)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = Files.newInputStream(authority)) {
      int i = 0;
      for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("ca" + i++, one);
      }
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(plain, host, plain.getPort(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setApplicationProtocols(new String[] {protocol});
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  private static Socket connect(InetSocketAddress edge) throws IOException {
    Socket socket = new Socket();
    socket.setSoTimeout(SILENCE_MILLIS_MAX);
    socket.connect(edge, CONNECT_MILLIS_MAX);
    return socket;
  }

  private static Answer exchange(
      Socket socket, String method, String host, String target, String body, String... fields)
      throws IOException {
    StringBuilder request = new StringBuilder();
    request.append(method).append(' ').append(target).append(" HTTP/1.1\r\nHost: ").append(host);
    request.append("\r\nConnection: close\r\n");
    for (int i = 0; i < fields.length; i += 2) {
      request.append(fields[i]).append(": ").append(fields[i + 1]).append("\r\n");
    }
    if (!body.isEmpty()) {
      request.append("Content-Length: ").append(body.getBytes(UTF_8).length).append("\r\n");
    }
    return answer(talk(socket, request.append("\r\n").append(body).toString()));
  }

  private static String talk(Socket socket, String bytes) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try {
      socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
      socket.getInputStream().transferTo(all);
    } catch (SocketException reset) {
      // An edge that has said its 400 need not read the rest; what it said counts.
      if (all.size() == 0) {
        throw reset;
      }
    }
    return all.toString(ISO_8859_1);
  }

  private static Answer answer(String all) throws IOException {
    int end = all.indexOf("\r\n\r\n");
    if (end < 0 || !all.startsWith("HTTP/1.1 ")) {
      throw new IOException("not an HTTP answer: " + all);
    }
    String[] lines = all.substring(0, end).split("\r\n", -1);
    Fields.Builder builder = Fields.builder();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      builder.add(lines[i].substring(0, colon), lines[i].substring(colon + 1).strip());
    }
    Fields fields = builder.build();
    String body = all.substring(end + 4);
    return new Answer(
        Integer.parseInt(lines[0].substring(9, 12)),
        fields,
        fields.has("Transfer-Encoding") ? joined(body) : body);
  }

  private static String joined(String chunks) {
    StringBuilder body = new StringBuilder();
    int at = 0;
    while (true) {
      int end = chunks.indexOf("\r\n", at);
      int size = Integer.parseInt(chunks.substring(at, end).split(";", 2)[0].strip(), 16);
      if (size == 0) {
        return body.toString();
      }
      body.append(chunks, end + 2, end + 2 + size);
      at = end + 2 + size + 2;
    }
  }
}
