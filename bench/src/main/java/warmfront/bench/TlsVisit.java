package warmfront.bench;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import warmfront.time.Clock;

/**
 * A viewer who comes for the first time: one request over a new connection with TLS 1.3, of which
 * nothing is known from before.
 */
final class TlsVisit {
  private static final int PATIENCE_MILLIS = 10_000;
  private static final String OK = "HTTP/1.1 200 ";

  private TlsVisit() {}

  /** Returns the milliseconds from the first packet to the last byte of the answer. */
  static double millis(Clock clock, String address, int port, String path)
      throws IOException, GeneralSecurityException {
    SSLContext tls = SSLContext.getInstance("TLSv1.3"); // of its own: no session is resumed
    tls.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
    byte[] request =
        "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n"
            .formatted(path, Asks.HOST)
            .getBytes(StandardCharsets.US_ASCII);
    long begun = clock.nanos();
    try (Socket socket = new Socket()) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.connect(new InetSocketAddress(address, port), PATIENCE_MILLIS);
      try (SSLSocket secure =
          (SSLSocket) tls.getSocketFactory().createSocket(socket, Asks.HOST, port, true)) {
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3"});
        parameters.setServerNames(List.of(new SNIHostName(Asks.HOST)));
        secure.setSSLParameters(parameters);
        secure.getOutputStream().write(request);
        read(secure.getInputStream());
        return (clock.nanos() - begun) / 1e6;
      }
    }
  }

  private static void read(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("no answer: " + head);
      }
      head.append((char) next);
    }
    String said = head.toString();
    int at = said.toLowerCase(Locale.ROOT).indexOf("content-length: ");
    if (!said.startsWith(OK) || at < 0) {
      throw new IOException("another answer: " + said);
    }
    String length = said.substring(at + "content-length: ".length()).lines().findFirst().orElse("");
    in.readNBytes(Integer.parseInt(length));
  }
}
