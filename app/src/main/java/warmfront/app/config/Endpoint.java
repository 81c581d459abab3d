package warmfront.app.config;

import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An address and a port, written {@code 127.0.0.1:7400} or {@code [::1]:7400}.
 *
 * @param host an IP address or a name, without brackets
 * @param port 0 to 65535; 0 lets the system choose
 */
public record Endpoint(String host, int port) {
  private static final Pattern FORM =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.%]+)]|([A-Za-z0-9._-]+)):([0-9]{1,5})");

  public Endpoint {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("a port is 0 to 65535: " + port);
    }
  }

  /**
   * Returns the endpoint that {@code text} names.
   *
   * @throws IllegalArgumentException if it is not ADDRESS:PORT
   */
  public static Endpoint parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("expected ADDRESS:PORT, not " + text);
    }
    String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    return new Endpoint(host, Integer.parseInt(matcher.group(3)));
  }

  /** Returns the socket address; a name is resolved now. */
  public InetSocketAddress socket() {
    return new InetSocketAddress(host, port);
  }

  /** Returns whether only this machine can connect to a socket that is bound here. */
  public boolean isLoopback() {
    InetSocketAddress socket = socket();
    return !socket.isUnresolved() && socket.getAddress().isLoopbackAddress();
  }

  /** Returns whether a socket that is bound here has every address of this machine. */
  public boolean isEverywhere() {
    InetSocketAddress socket = socket();
    return !socket.isUnresolved() && socket.getAddress().isAnyLocalAddress();
  }

  /** Returns the URL of an HTTP server that listens here. */
  public String url() {
    return "http://" + this;
  }

  /** Returns it with another port: the one that the system chose. */
  public Endpoint withPort(int chosen) {
    return new Endpoint(host, chosen);
  }

  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
